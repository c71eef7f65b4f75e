export * from './key-images.ts';
export type { MarksDocument } from './marks-document.ts';
export * from './measurements-to-sr.ts';
export * from './read-measurements.ts';
export * from './read-sr.ts';
export * from './rejection-note.ts';
export * from './report-key-images.ts';
export * from './report-to-sr.ts';
export * from './withdrawal-note.ts';
