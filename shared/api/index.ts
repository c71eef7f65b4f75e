export * from './calls.ts';
export * from './desk-schemas.ts';
export * from './row-matters-schema.ts';
export * from './schemas.ts';
export type { SiteDesk, SiteStudy } from './site-calls.ts';
