/** Every form of every word of a Hunspell dictionary; those that are never suggested apart. */
export type WordForms = { readonly forms: ReadonlySet<string>; readonly unsuggested: ReadonlySet<string> };

type Rule = { readonly strip: string; readonly add: string; readonly when: RegExp };
type Affix = { readonly kind: 'PFX' | 'SFX'; readonly crosses: boolean; readonly rules: Rule[] };

/**
 * Reads a Hunspell dictionary whose flags are single characters and whose affixes carry no flags of their own, as those of en_US are. Its
 * rules for compounds make ordinals (“21st”) alone: words with figures are not checked here, so that they are left out.
 */
export function readDictionary(affixes: string, words: string): WordForms {
  const { table, unsuggested: flag, compoundOnly } = readAffixes(affixes);
  const forms = new Set<string>();
  const unsuggested = new Set<string>();
  for (const line of words.split('\n').slice(1)) {
    const [word = '', flags = ''] = line.trim().split('/');
    if (word === '' || (compoundOnly !== null && flags.includes(compoundOnly))) continue;
    const made = formsOf(word, [...flags], table);
    for (const form of made) forms.add(form);
    if (flag !== null && flags.includes(flag)) for (const form of made) unsuggested.add(form);
  }
  return { forms, unsuggested };
}

function readAffixes(text: string) {
  const table = new Map<string, Affix>();
  let unsuggested: string | null = null;
  let compoundOnly: string | null = null;
  for (const line of text.split('\n')) {
    const [kind, flag = '', third = '', fourth = '', condition = '.'] = line.trim().split(/\s+/);
    if (kind === 'NOSUGGEST') unsuggested = flag;
    if (kind === 'ONLYINCOMPOUND') compoundOnly = flag;
    if (kind !== 'PFX' && kind !== 'SFX') continue;
    const known = table.get(flag);
    if (known === undefined) {
      table.set(flag, { kind, crosses: third === 'Y', rules: [] });
      continue;
    }
    known.rules.push({
      strip: third === '0' ? '' : third,
      add: fourth === '0' ? '' : (fourth.split('/')[0] ?? ''),
      when: new RegExp(kind === 'SFX' ? `(?:${condition})$` : `^(?:${condition})`),
    });
  }
  return { table, unsuggested, compoundOnly };
}

function formsOf(word: string, flags: readonly string[], table: ReadonlyMap<string, Affix>): readonly string[] {
  const affixes = flags.flatMap((flag) => table.get(flag) ?? []);
  const suffixes = affixes.filter(({ kind }) => kind === 'SFX');
  const prefixes = affixes.filter(({ kind }) => kind === 'PFX');
  const ended = suffixes.flatMap((affix) => endings(word, affix));
  const crossing = suffixes.filter(({ crosses }) => crosses).flatMap((affix) => endings(word, affix));
  const begun = prefixes.flatMap(({ crosses, rules }) =>
    [word, ...(crosses ? crossing : [])].flatMap((one) =>
      rules
        .filter(({ strip, when }) => one.startsWith(strip) && when.test(one))
        .map(({ strip, add }) => add + one.slice(strip.length)),
    ),
  );
  return [word, ...ended, ...begun];
}

function endings(word: string, { rules }: Affix): readonly string[] {
  return rules
    .filter(({ strip, when }) => word.endsWith(strip) && when.test(word))
    .map(({ strip, add }) => word.slice(0, word.length - strip.length) + add);
}
