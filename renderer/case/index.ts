export { arrivalMark, arrivalSentences, arrivedWords } from './arrival-words.ts';
export { createMarksHolder, type MarksHolder, type MarksKeeping } from './case-marks.ts';
export { type CaseMode, type CasePorts, type CaseState, type CaseStore, createCaseStore } from './case-store.ts';
export type {
  CaseCommand,
  CaseEvent,
  ViewerLayout,
  ViewerTool,
  WindowPreset,
} from './command.ts';
export { createEpochs, type EpochStore, type Epochs } from './epoch.ts';
export {
  type ShownName,
  shownAge,
  shownDate,
  shownExam,
  shownLeft,
  shownName,
  shownProcedure,
  shownTime,
} from './patient-words.ts';
