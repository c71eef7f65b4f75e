export { appropriatenessFileSchema } from './appropriateness-schema.ts';
export type { BillingRow, FitToBillList } from './billing-calls.ts';
export * from './calls.ts';
export * from './desk-schemas.ts';
export type { OrderChecks } from './order-calls.ts';
export * from './row-matters-schema.ts';
export * from './schemas.ts';
export type { SiteDesk, SiteStudy } from './site-calls.ts';
