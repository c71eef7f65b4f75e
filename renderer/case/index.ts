export { arrivalMark, arrivalSentences, arrivedWords } from './arrival-words.ts';
export { type CoverageHolder, type CoverageState, createCoverageHolder, type StudyToRead } from './case-coverage.ts';
export { createMarksHolder, type MarksHolder, type MarksKeeping, type MarksState } from './case-marks.ts';
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
  ask,
  type FollowedView,
  type Following,
  farewell,
  followedView,
  hear,
  nothingHeard,
} from './follow-main.ts';
export {
  listedExam,
  listedName,
  type ShownName,
  shownAge,
  shownDate,
  shownExam,
  shownLeft,
  shownName,
  shownProcedure,
  shownTime,
} from './patient-words.ts';
export { type AskedOfCase, useAskedOfCase } from './use-asked-of-case.ts';
