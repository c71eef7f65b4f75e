export * from './write-part10.ts';
