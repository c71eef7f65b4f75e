export * from './body-part.ts';
export * from './follow-up.ts';
export * from './in-report.ts';
export * from './interval.ts';
export * from './interval-words.ts';
export * from './matching.ts';
export * from './recognise.ts';
export * from './standing.ts';
