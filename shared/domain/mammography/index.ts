export * from './mammogram.ts';
export * from './shown-area.ts';
export * from './views-shown.ts';
