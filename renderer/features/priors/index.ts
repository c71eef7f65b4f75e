export { PriorsPanel, type PriorsPanelProps } from './priors-panel.tsx';
