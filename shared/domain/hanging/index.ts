export * from './description.ts';
export * from './from-screen.ts';
export * from './hang.ts';
export * from './protocol.ts';
export * from './rule-set.ts';
