export * from './answers.ts';
export * from './check.ts';
export * from './check-report.ts';
export { criticalMention } from './critical-mention.ts';
export * from './of-draft.ts';
export { hasWords, type Sentence, sentencesOf, type Token } from './text/sentences.ts';
