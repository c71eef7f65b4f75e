export type { AfterPending } from './pending-notice.tsx';
export { ReportPanel } from './report-panel.tsx';
export type { ReportPanelHandle } from './report-panel-props.ts';
export { ReportTrial } from './report-trial.tsx';
export { SaveDocument } from './save-document.tsx';
