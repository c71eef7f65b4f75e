export { type AuditOptions, type OpenedAuditLog, openAuditLog } from './audit-log.ts';
export type { Access, AuditFailure, AuditLog } from './types.ts';
export { type AuditFinding, type AuditVerdict, verifyAuditFiles } from './verify.ts';
