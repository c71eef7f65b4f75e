export * from './prefetch.ts';
