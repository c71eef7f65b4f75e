import { spawnSync } from 'node:child_process';

/** Carnegie Mellon's dictionary as Debian ships it: "word PHONES", further pronunciations as "word(2) PHONES". */
export function readDictionary(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [entry = '', ...phones] = line.trim().split(/\s+/);
    if (entry === '' || phones.length === 0) continue;
    const word = entry.replace(/\(\d+\)$/, '');
    found.set(word, [...(found.get(word) ?? []), phones.join(' ')]);
  }
  return found;
}

/** By flite's rules from letters to sounds, in the dictionary's phones. Null where flite does not answer. */
export function soundOut(word: string): string | null {
  const run = spawnSync('flite', ['-ps', '-t', word, '-o', 'none'], { encoding: 'utf8' });
  if (run.status !== 0) return null;
  const phones = run.stdout
    .trim()
    .split(/\s+/)
    .filter((phone) => phone !== 'pau')
    .map((phone) => (phone === 'ax' ? 'AH' : phone.toUpperCase()));
  return phones.length === 0 ? null : phones.join(' ');
}

/** Said letter by letter or in a way of the trade, where the dictionary has the everyday word ("court", "mister"). */
export const ownPronunciations: ReadonlyMap<string, readonly string[]> = new Map([
  ['ct', ['S IY T IY']],
  ['mr', ['EH M AA R']],
  ['iv', ['AY V IY']],
  ['picc', ['P IH K']],
]);
