export * from './report-to-encapsulated-pdf.ts';
