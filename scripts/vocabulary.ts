import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageModelSentences } from './vocabulary/drawn.ts';
import { languageModel } from './vocabulary/language-model.ts';
import { ownPronunciations, readDictionary, soundOut } from './vocabulary/pronunciations.ts';

/**
 * `npm run vocabulary`: makes the language model and the dictionary of the PocketSphinx engine from resources/vocabulary/sentences.txt.
 * Needs Debian's pocketsphinx-en-us (pronunciations) and flite (those of words that it lacks); what it makes is committed, so that nobody
 * else does.
 */
const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'resources', 'vocabulary');
const known = readDictionary(readFileSync('/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict', 'utf8'));
const sentences = languageModelSentences();
const vocabulary = [...new Set(sentences.flatMap((sentence) => sentence.split(' ')))].sort();
const lines: string[] = [];
const sounded: string[] = [];
for (const word of vocabulary) {
  const phones = ownPronunciations.get(word) ?? known.get(word) ?? [];
  const said = phones.length > 0 ? phones : [soundOut(word)].filter((one) => one !== null);
  if (said.length === 0) throw new Error(`no pronunciation of ${word}`);
  if (phones.length === 0) sounded.push(word);
  lines.push(...said.map((one, index) => `${word}${index === 0 ? '' : `(${index + 1})`} ${one}`));
}
const model = languageModel(sentences);
writeFileSync(join(folder, 'radiology.arpa'), model);
writeFileSync(join(folder, 'radiology.dict'), `${lines.join('\n')}\n`);
console.log(
  `${sentences.length} sentences, ${vocabulary.length} words, ${Math.round(model.length / 1024)} KB of model.`,
);
console.log(`Sounded out by rule: ${sounded.join(', ')}`);
