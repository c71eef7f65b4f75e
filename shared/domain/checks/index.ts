export * from './check.ts';
export * from './check-report.ts';
