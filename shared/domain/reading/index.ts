export * from './case-context.ts';
export * from './compare-urgency.ts';
export * from './pairing.ts';
export * from './reading-task.ts';
export * from './task-moves.ts';
