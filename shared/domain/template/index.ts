export * from './apply.ts';
export * from './by-exception.ts';
export * from './choose.ts';
export * from './faults.ts';
export * from './fill.ts';
export * from './macro.ts';
export * from './template.ts';
export * from './template-set.ts';
