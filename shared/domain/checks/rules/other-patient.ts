import { displayDate, displayName, nameWords, parsePartialDate, parsePersonName } from '../../study/index.ts';
import { type CheckFacts, type CheckRule, type Found, type OtherPatient, placeOf, quoted } from '../check.ts';
import { datesIn, isDay } from '../text/dates.ts';

/** A name as its first words by part: each in the spellings that count as the same. */
type Name = { readonly family: readonly string[]; readonly given: readonly string[] };

function nameOf(text: string): Name {
  const parsed = parsePersonName(text);
  const group = parsed.alphabetic;
  return {
    family: nameWords(group?.family ?? '').flatMap((word) => [...word]),
    given: nameWords(group?.given ?? '').flatMap((word) => [...word]),
  };
}

type Word = { readonly text: string; readonly from: number; readonly to: number };

/** Words of a text as names are compared: accents and case off. */
function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu)].map((match) => ({
    text: nameWords(match[0])[0]?.[0] ?? '',
    from: match.index,
    to: match.index + match[0].length,
  }));
}

const titles = new Set(['MR', 'MRS', 'MS', 'MISS', 'PATIENT']);
const doctors = new Set(['DR', 'DOCTOR', 'DRS', 'NP', 'PA', 'NURSE', 'RN', 'PHYSICIAN']);
const shares = (one: readonly string[], other: readonly string[]): boolean => one.some((word) => other.includes(word));

/** A family name beside a given name, or behind Mr or Mrs: either alone may be any word ("Young", "White", "Stone"). */
function namesIn(text: string, { family, given }: Name, own: Name | null): Word | null {
  const words = wordsOf(text);
  for (const [at, word] of words.entries()) {
    if (word.text.length < 2 || !family.includes(word.text)) continue;
    const before = words.slice(Math.max(0, at - 2), at);
    if (before.some((one) => doctors.has(one.text))) continue;
    const after = words.slice(at + 1, at + 3);
    const beside = [...before, ...after].find((one) => given.includes(one.text));
    const title = before.at(-1);
    if (beside !== undefined) {
      if (own?.family.includes(word.text) && own.given.includes(beside.text)) continue;
      return { text: word.text, from: Math.min(word.from, beside.from), to: Math.max(word.to, beside.to) };
    }
    if (title !== undefined && titles.has(title.text) && !own?.family.includes(word.text))
      return { text: word.text, from: title.from, to: word.to };
  }
  return null;
}

/** An accession as it stands in a text: whole, and long enough that it is no number of something else. */
function accessionIn(text: string, accession: string): { from: number; to: number } | null {
  const plain = accession.trim().toLowerCase();
  if (plain.length < 5 || !/\d/.test(plain)) return null;
  for (let at = text.toLowerCase().indexOf(plain); at >= 0; at = text.toLowerCase().indexOf(plain, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + plain.length] ?? ' '}`;
    if (!/[\p{L}\d]/u.test(around)) return { from: at, to: at + plain.length };
  }
  return null;
}

/** Words that say whose the report is: "Patient: Smith, John", "DOB 1970-01-01", "Accession: 123". */
const labelled = {
  name: /\b(?:patient(?:'s)?(?: name)?|name)\s*:\s*([\p{L}'’.-]+(?:[ ,]+[\p{L}'’.-]+){1,3})/giu,
  birth: /\b(?:dob|d\.o\.b\.?|date of birth|birth date|born(?: on)?)\b[\s:]*([^\n;]{6,24})/giu,
  accession: /\b(?:accession(?: number| no\.?)?|acc\s?#)\s*[:#]?\s*([a-z0-9][a-z0-9-]*\d[a-z0-9-]*)/giu,
} as const;

const digitsOf = (text: string | null): string | null => {
  const date = parsePartialDate(text);
  return date === null || date === 'unreadable' || date.digits.length < 8 ? null : date.digits;
};

function labelledIn(text: string, facts: CheckFacts): readonly { from: number; to: number; words: string }[] {
  const { patient, accession } = facts;
  const found: { from: number; to: number; words: string }[] = [];
  const own = patient === null ? null : nameOf(patient.name);
  const birth = digitsOf(patient?.birthDate ?? null);
  for (const match of text.matchAll(labelled.name)) {
    if (own === null || own.family.length === 0) break;
    const said = nameWords(match[1] ?? '').flatMap((word) => [...word]);
    if (!shares(said, own.family) && !shares(said, own.given))
      found.push({
        from: match.index,
        to: match.index + match[0].length,
        words: `the patient is ${displayName(patient?.name ?? '')}`,
      });
  }
  for (const match of text.matchAll(labelled.birth)) {
    const said = datesIn(match[0])[0];
    if (birth === null || said === undefined || isDay(birth, said.day)) continue;
    found.push({ from: match.index, to: match.index + said.to, words: `the patient was born ${displayDate(birth)}` });
  }
  for (const match of text.matchAll(labelled.accession)) {
    if (accession === null || accession === '' || (match[1] ?? '').toLowerCase() === accession.toLowerCase()) continue;
    // The accession of a comparison is not this exam's.
    if (/\b(prior|previous|comparison|compared)\b[^.\n]*$/i.test(text.slice(0, match.index))) continue;
    found.push({ from: match.index, to: match.index + match[0].length, words: `this exam is ${accession}` });
  }
  return found;
}

function othersIn(text: string, facts: CheckFacts): readonly { from: number; to: number; words: string }[] {
  const own = facts.patient === null ? null : nameOf(facts.patient.name);
  const birth = digitsOf(facts.patient?.birthDate ?? null);
  const dates = datesIn(text);
  const of = (other: OtherPatient) => {
    const name = namesIn(text, nameOf(other.name), own);
    if (name !== null)
      return { from: name.from, to: name.to, words: `another patient, ${displayName(other.name)}, was on this screen` };
    if (other.accession !== null && other.accession !== facts.accession) {
      const there = accessionIn(text, other.accession);
      if (there !== null) return { ...there, words: `the accession of another patient, ${displayName(other.name)}` };
    }
    const born = digitsOf(other.birthDate);
    const said =
      born === null || born === birth || born.slice(0, 4) > '2015'
        ? undefined
        : dates.find((one) => one.day.includes(born));
    return said === undefined
      ? null
      : { from: said.from, to: said.to, words: `the birth date of another patient, ${displayName(other.name)}` };
  };
  return facts.others.flatMap((other) => of(other) ?? []);
}

export const otherPatientRule: CheckRule = {
  id: 'other-patient',
  title: 'No other patient is named',
  severity: 'ask',
  why: 'Words that went to the wrong report often carry a name, an accession or a birth date; those of patients who stood on this screen are looked for.',
  find: (facts) =>
    facts.sections.flatMap((section): Found[] => {
      const all = [...labelledIn(section.text, facts), ...othersIn(section.text, facts)];
      const seen = new Set<number>();
      return all
        .filter(({ from }) => !seen.has(from) && seen.add(from))
        .map(({ from, to, words }) => ({
          words: `${quoted(section.text, from, to)}: ${words}.`,
          at: placeOf(section, from, to),
        }));
    }),
};
