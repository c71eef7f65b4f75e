export * from './read-sr.ts';
export * from './report-to-sr.ts';
