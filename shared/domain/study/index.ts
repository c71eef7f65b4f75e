export * from './study.ts';
