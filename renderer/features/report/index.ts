export type { AfterPending } from './pending-notice.tsx';
export { ReportPanel } from './report-panel.tsx';
export type { ReportPanelHandle } from './report-panel-props.ts';
export { SaveDocument } from './save-document.tsx';
