export * from './case-context.ts';
export * from './code-study.ts';

export * from './fit.ts';
export * from './pace.ts';
export * from './pairing.ts';
export * from './rank.ts';
export * from './reading-task.ts';
export * from './task-desk.ts';
export * from './task-moves.ts';
