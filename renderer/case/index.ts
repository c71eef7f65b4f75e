export { type CaseMode, type CasePorts, type CaseState, type CaseStore, createCaseStore } from './case-store.ts';
export {
  type CaseCommand,
  type CaseEvent,
  type ViewerLayout,
  type ViewerTool,
  viewerTools,
  type WindowPreset,
  windowPresets,
} from './command.ts';
export { createEpochs, type EpochStore, type Epochs } from './epoch.ts';
export {
  type ShownName,
  shownAge,
  shownDate,
  shownExam,
  shownLeft,
  shownName,
  shownPerson,
  shownProcedure,
  shownTime,
} from './patient-words.ts';
