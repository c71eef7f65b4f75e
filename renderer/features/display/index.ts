export { DisplayCheckDialog } from './display-check.tsx';
export { KeptChecksDialog } from './kept-checks-dialog.tsx';
export { screenMillimetre } from './kept-sizes.ts';
export { ScreenSizeDialog } from './screen-size-dialog.tsx';
export { type DisplayBook, useDisplayBook } from './use-display-standing.ts';
