export * from './audit-entry.ts';
export * from './chain.ts';
