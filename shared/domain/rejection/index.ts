export * from './rejection.ts';
