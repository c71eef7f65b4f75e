export * from './display-check.ts';
export * from './screen.ts';
