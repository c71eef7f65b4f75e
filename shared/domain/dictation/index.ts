export { caseVocabulary } from './case-vocabulary.ts';
export { type DictatedText, fitDictated, formatDictated } from './format.ts';
export { type Interpretation, interpret, type Utterance } from './interpret.ts';
export type { RecognisedWord } from './recognised.ts';
export { type CommandNames, type SpokenCommand, spoken } from './spoken-command.ts';
