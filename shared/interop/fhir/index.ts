export * from './audit-event.ts';
export { eventFromAuditEvent as auditEventToEvent, taskOfAuditEvent } from './audit-event.ts';
export * from './basic.ts';
export * from './billing.ts';
export { correctedForBilling, suppliedPrefix } from './billing-correction.ts';
export * from './check-weights.ts';
export * from './credentials.ts';
export * from './critical-result.ts';
export * from './event-export.ts';
export { followUpFromFhir, followUpToFhir } from './follow-up.ts';
export * from './hanging-rules.ts';
export * from './images-after-report.ts';
export { type Beforehand, type ImrReport, type ImrTerms, reportName, reportToImr, searchByName } from './imr-bundle.ts';
export {
  type ImrThere,
  imrPatient,
  imrReport,
  imrTransaction,
  ofName,
  subjectOf,
  vouchedImr,
} from './imr-send.ts';
export { matterOf } from './matter-task.ts';
export * from './message.ts';
export * from './order.ts';
export { orderSentAgain, type SentAgain, sentAgainWords } from './order-sent-again.ts';
export {
  linkedRequest,
  ordererFromFhir,
  ordererIdPrefix,
  ordererToFhir,
  practitionerIdOf,
  unlinkedOrderer,
} from './orderer.ts';
export * from './patient.ts';
export * from './pending-signature.ts';
export * from './practitioner.ts';
export { isProposal, proposalsOfOrder } from './proposal.ts';
export * from './provenance.ts';
export * from './report.ts';
export * from './report-composition.ts';
export * from './report-templates.ts';
export * from './sealed-item.ts';
export * from './signed-images.ts';
export * from './site-matter.ts';
export * from './site-profile.ts';
export { ours, systems } from './systems.ts';
export * from './task.ts';
