export { ReportPanel, type ReportPanelHandle, type ReportPanelProps } from './report-panel.tsx';
