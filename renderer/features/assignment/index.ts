export { StudyDesk, type StudyDeskProps } from './study-desk.tsx';
