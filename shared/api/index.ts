export * from './calls.ts';
export * from './credential-schemas.ts';
export * from './schemas.ts';
