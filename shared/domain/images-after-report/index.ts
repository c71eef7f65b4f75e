export * from './image-difference.ts';
export * from './images-after-report.ts';
export * from './whom-to-tell.ts';
