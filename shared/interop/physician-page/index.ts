export * from './code-html.ts';
export { physicianPageStyle } from './page-frame.ts';
export * from './report-page-html.ts';
