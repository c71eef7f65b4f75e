export { AfterReportBoard } from './after-report-board.tsx';
export { CaseAfterReport } from './case-after-report.tsx';
