export { DeskDrawer } from './desk-drawer.tsx';
