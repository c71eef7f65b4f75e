export * from './report-html.ts';
