export * from './audit-entry.ts';
export * from './chain.ts';
export * from './look-reason.ts';
