import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testSentences } from '../../test/bench/dictation-sentences.ts';
import { drawSentences, readPatterns } from './patterns.ts';

/** The sentences of which the language model is made, without those that the benchmark speaks. */
export function languageModelSentences(): readonly string[] {
  const file = fileURLToPath(new URL('../../resources/vocabulary/sentences.txt', import.meta.url));
  return drawSentences(readPatterns(readFileSync(file, 'utf8')), new Set(testSentences));
}
