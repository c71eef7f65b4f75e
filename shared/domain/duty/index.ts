export * from './duty-lease.ts';
