export * from './calls.ts';
export * from './desk-schemas.ts';
export * from './row-desk-schema.ts';
export * from './schemas.ts';
