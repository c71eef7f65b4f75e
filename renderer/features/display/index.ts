export { DisplayCheckDialog } from './display-check.tsx';
export { type DisplayBook, useDisplayBook } from './use-display-standing.ts';
