export { appropriatenessFileSchema } from './appropriateness-schema.ts';
export type { BillingRow, FitToBillList } from './billing-calls.ts';
export * from './calls.ts';
export * from './credential-schemas.ts';
export type { FoundStudy } from './find-calls.ts';
export type { IntakeProblem, ReceivedMessageView, UnderstoodRow } from './intake-calls.ts';
export type { OrderChecks } from './order-calls.ts';
export * from './schemas.ts';
