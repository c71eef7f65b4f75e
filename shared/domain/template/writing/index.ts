export * from './convert.ts';
export * from './history.ts';
export * from './lines.ts';
export * from './moves.ts';
export * from './version-text.ts';
export * from './written.ts';
export * from './written-faults.ts';
