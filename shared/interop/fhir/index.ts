export * from './audit-event.ts';
export { eventFromAuditEvent as auditEventToEvent } from './audit-event.ts';
export * from './basic.ts';
export * from './order.ts';
export * from './patient.ts';
export * from './practitioner.ts';
export * from './provenance.ts';
export * from './report.ts';
export * from './task.ts';
