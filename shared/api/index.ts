export * from './calls.ts';
export type { OrderChecks } from './order-calls.ts';
export * from './schemas.ts';
