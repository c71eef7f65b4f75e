export { DictatedDialog } from './dictated-dialog.tsx';
export { OverreadBoard } from './overread-board.tsx';
