export * from './growth.ts';
export * from './history.ts';
export * from './measure.ts';
export * from './measurement.ts';
export * from './outline.ts';
export * from './statistics.ts';
export * from './vertebra.ts';
export * from './words.ts';
