export * from './link-words.ts';
export * from './physician-link.ts';
