export * from './acknowledgement.ts';
export * from './communication.ts';
export * from './critical-result.ts';
export * from './escalation.ts';
export * from './ladder.ts';
export * from './level.ts';
