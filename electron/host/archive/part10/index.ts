export * from './read-sr-dataset.ts';
export * from './write-part10.ts';
