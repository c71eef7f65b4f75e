export type { AfterReportLine, CaseAfterReport } from './after-report-calls.ts';
export { appropriatenessFileSchema } from './appropriateness-schema.ts';
export type { BillingRow, FitToBillList } from './billing-calls.ts';
export * from './calls.ts';
export { caseHeaders, purposeHeader } from './case-headers.ts';
export type { SiteChannels } from './channel-calls.ts';
export type { CheckRulesView } from './check-calls.ts';
export { checksFileSchema, keptChecksSchema } from './check-schemas.ts';
export { keptCoverageSchema } from './coverage-schemas.ts';
export * from './credential-schemas.ts';
export type { CaseCritical, CriticalLine, CriticalMoveInput } from './critical-calls.ts';
export * from './desk-schemas.ts';
export type { DeviceContact, DevicesView, DeviceView } from './device-calls.ts';
export type { HeardEvent, SpeechEngineId, SpeechModelState } from './dictation-calls.ts';
export { type DisplayChecksOfPlace, mostToldChecks } from './display-calls.ts';
export type { FoundStudy } from './find-calls.ts';
export type {
  CaseFollowUps,
  FollowUpBoard,
  FollowUpLine,
  FollowUpMoveInput,
  FollowUpSuggestion,
} from './follow-up-calls.ts';
export type { HangingRuleSet, RecentStudy } from './hanging-calls.ts';
export {
  hangingProtocolSchema,
  ownFaults,
  readHangingFile,
  writeHangingFile,
} from './hanging-schemas.ts';
export type { IntakeProblem, ReceivedMessageView, UnderstoodRow } from './intake-calls.ts';
export type { LinkedExam, LinkedExams } from './linked-calls.ts';
export { type MarksSavingView, type MarksStored, marksSchema } from './measurement-schemas.ts';
export type { CaseMessages } from './message-calls.ts';
export type { OrderChecks } from './order-calls.ts';
export type { DictatedFiguresView, OverreadLine } from './overread-calls.ts';
export type { PendingView } from './pending-calls.ts';
export type { PhysicianLinks, PhysicianLinkView } from './physician-calls.ts';
export type { PrefetchView, StudiesAhead } from './prefetch-calls.ts';
export { type CasePriors, type FoundPrior, fewestConfirmLetters } from './prior-calls.ts';
export * from './report-schemas.ts';
export * from './row-matters-schema.ts';
export * from './schemas.ts';
export type { SiteDesk, SiteStudy } from './site-calls.ts';
export {
  type ImportedTemplatesView,
  mostTemplateWorks,
  mostVersions,
  type TemplateSetView,
  type TemplateVersionView,
  type TemplateWorkView,
  templateShelfSchema,
} from './template-calls.ts';
export {
  readMacroFile,
  readTemplateFile,
  reportMacroSchema,
  reportTemplateSchema,
  writeTemplateFile,
} from './template-schemas.ts';
export * from './trade-schemas.ts';
export * from './window-messages.ts';
export type { CaseWithdrawal, WithdrawalView } from './withdrawal-calls.ts';
export { writtenSchema } from './written-schemas.ts';
