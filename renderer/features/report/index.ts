export { ReportPanel, type ReportPanelHandle, type ReportPanelProps } from './report-panel.tsx';
export { SaveDocument } from './save-document.tsx';
