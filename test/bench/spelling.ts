import { readFileSync } from 'node:fs';
import {
  createSpelling,
  readDictionary,
  readWordList,
  type Spelling,
  wordsIn,
} from '../../shared/domain/spelling/index.ts';
import { type Chance, chanceOf } from './checks/chance.ts';
import { readReports } from './checks/reports.ts';

/**
 * `npm run bench:spelling`: how many words of real reports the spelling check marks with the everyday dictionary alone and with our list of
 * the trade’s words, how many misspellings it finds that are planted in them, and what it costs. The first half of the reports was looked at
 * while the list was written, the second was not. `SEED` (7) decides what is planted; `SHOW=work` prints what is marked in the first half.
 */
const seed = Number(process.env.SEED ?? '7');
const planted = 2_000;
const offered = 300;
const none: ReadonlySet<string> = new Set();
const root = new URL('../../', import.meta.url);
const file = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(2)}%`;

const began = performance.now();
const base = readDictionary(file('node_modules/dictionary-en/index.aff'), file('node_modules/dictionary-en/index.dic'));
const list = readWordList(file('resources/spelling/radiology.txt'));
const spelling = createSpelling(base, list);
const everyday = createSpelling(base, none);
console.log(
  `${base.forms.size} everyday forms and ${list.size} of ours, read in ${(performance.now() - began).toFixed(0)} ms`,
);

const { reports } = await readReports();
const texts = reports.map((one) => [one.indication, one.comparison, one.findings, one.impression].join('\n'));
const halves = { work: texts.filter((_, at) => at % 2 === 0), kept: texts.filter((_, at) => at % 2 === 1) };

function marked(half: readonly string[], by: Spelling): { readonly of: number; readonly words: readonly string[] } {
  const words = half.flatMap((text) => wordsIn(text)).map(({ word }) => word);
  return { of: words.length, words: words.filter((word) => !by.knows(word, none)) };
}
for (const [name, half] of Object.entries(halves)) {
  const [alone, both] = [marked(half, everyday), marked(half, spelling)];
  const clean = half.filter((text) => wordsIn(text).every(({ word }) => spelling.knows(word, none))).length;
  console.log(
    `${name}: ${half.length} reports, ${both.of} words; marked by the everyday dictionary ${percent(alone.words.length, alone.of)}, ` +
      `with our list ${percent(both.words.length, both.of)}; ${percent(clean, half.length)} of the reports without a mark`,
  );
  if (name !== 'work' || process.env.SHOW !== 'work') continue;
  const counts = Map.groupBy(both.words, (word) => word.toLowerCase());
  console.log([...counts].map(([word, all]) => `${word} ${all.length}`).join(', '));
}

/** One slip of the fingers behind the first letter: a letter left out, put in, another one, or two swapped. */
function slip(word: string, chance: Chance): string {
  const at = 1 + Math.floor(chance.next() * (word.length - 1));
  const letter = chance.pick([...'abcdefghijklmnopqrstuvwxyz']);
  switch (Math.floor(chance.next() * 4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + letter + word.slice(at);
    case 2:
      return word.slice(0, at) + letter + word.slice(at + 1);
    default:
      return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
  }
}
const chance = chanceOf(seed);
const pool = halves.kept
  .flatMap((text) => wordsIn(text))
  .map(({ word }) => word)
  .filter((word) => /^[a-z]{4,}$/.test(word) && spelling.knows(word, none));
let found = 0;
let first = 0;
let among = 0;
let asked = 0;
let took = 0;
for (let done = 0; done < planted; ) {
  const word = chance.pick(pool);
  const wrong = slip(word, chance);
  if (wrong === word) continue;
  done += 1;
  if (spelling.knows(wrong, none)) continue;
  found += 1;
  if (asked >= offered) continue;
  asked += 1;
  const start = performance.now();
  const meant = spelling.suggest(wrong, none);
  took += performance.now() - start;
  if (meant[0] === word) first += 1;
  if (meant.includes(word)) among += 1;
}
console.log(
  `${planted} planted misspellings (seed ${seed}): ${percent(found, planted)} marked; the others are words themselves. ` +
    `Of ${asked} the word that was meant stands first for ${percent(first, asked)}, among five for ${percent(among, asked)}; ` +
    `${(took / asked).toFixed(0)} ms each`,
);
const long = halves.kept.join('\n').slice(0, 20_000);
const start = performance.now();
for (const { word } of wordsIn(long)) spelling.knows(word, none);
console.log(`20,000 characters are checked in ${(performance.now() - start).toFixed(1)} ms, in a worker`);
