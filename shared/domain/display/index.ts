export * from './display-check.ts';
export * from './kept-at-host.ts';
export * from './screen.ts';
export * from './screen-size.ts';
export * from './window-places.ts';
