export { type CoverQuestion, coverPdf } from './cover-pdf.ts';
export { reportPdf } from './report-pdf.ts';
