export { OverreadBoard } from './overread-board.tsx';
