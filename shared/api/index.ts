export * from './calls.ts';
export type { IntakeProblem, ReceivedMessageView, UnderstoodRow } from './intake-calls.ts';
export * from './schemas.ts';
