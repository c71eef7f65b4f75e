export * from './calls.ts';
export * from './credential-schemas.ts';
export type { FoundStudy } from './find-calls.ts';
export * from './schemas.ts';
