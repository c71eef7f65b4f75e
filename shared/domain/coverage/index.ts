export * from './case-coverage.ts';
export * from './ranges.ts';
export * from './series-coverage.ts';
export * from './series-not-shown.ts';
