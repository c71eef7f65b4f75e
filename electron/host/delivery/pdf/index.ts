export { reportPdf } from './report-pdf.ts';
