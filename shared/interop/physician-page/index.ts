export * from './code-html.ts';
export { physicianPageStyle } from './page-frame.ts';
export type { PageCritical, PageNotice } from './read-back-html.ts';
export * from './report-page-html.ts';
