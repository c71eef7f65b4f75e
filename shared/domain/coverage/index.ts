export * from './case-coverage.ts';
export * from './ranges.ts';
export * from './series-coverage.ts';
