export * from './case-context.ts';
export * from './reading-task.ts';
