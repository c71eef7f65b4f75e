export { askFirstImages } from './ask-first-images.ts';
export { rehearseViewer } from './rehearse-viewer.tsx';
export type { RuleKeeper, RulesState } from './rules/rule-keeper.ts';
export type { StagesOfWindow } from './use-hanging.ts';
export type { PriorSource, StudySource } from './use-studies.ts';
export type { KeptView, ViewerHandle } from './view-memory.ts';
export { Viewer, type ViewerProps } from './viewer.tsx';
