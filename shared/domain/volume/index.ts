export * from './computed-uid.ts';
export * from './grid.ts';
export * from './lines.ts';
export * from './link.ts';
export * from './plane.ts';
export * from './slab.ts';
export * from './vector.ts';
