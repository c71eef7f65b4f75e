export { readDictionary, type WordForms } from './dictionary.ts';
export { namesIn } from './names-in.ts';
export { createSpelling, distance, type Spelling } from './spelling.ts';
export { readWordList } from './word-list.ts';
export { type TextWord, wordsIn } from './words-in.ts';
