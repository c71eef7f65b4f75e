export { FindAnyStudy } from './find-any-study.tsx';
