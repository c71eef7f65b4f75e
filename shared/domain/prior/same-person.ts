import { cleanLine } from '../../lib/clean-text.ts';
import {
  type BirthRelation,
  compareNames,
  displayDate,
  displayName,
  hasName,
  idWithIssuer,
  isPlaceholderDate,
  isUnidentifiedAlias,
  longestName,
  type NameRelation,
  nameWords,
  type PatientIdentity,
  type PatientNumber,
  parsePersonName,
  relateBirthDates,
  type Study,
} from '../study/index.ts';

/** A further number of a patient; `merge` where the site said by ADT^A40 that it and the patient's own name one person. */
export type OtherNumber = PatientNumber & { readonly from: 'images' | 'record' | 'merge' };

/** All that is known of who somebody is. */
export type Person = PatientIdentity & {
  /** Other Patient Names (0010,1001), Patient's Birth Name (0010,1005), Patient.name with use old, maiden or nickname. */
  readonly otherNames: readonly string[];
  readonly otherIds: readonly OtherNumber[];
};

export type PersonEvidence = {
  readonly field: 'name' | 'birthDate' | 'sex' | 'identifier';
  /** `neither`: told, and proves nothing. */
  readonly weight: 'for' | 'against' | 'neither';
  /** "same birth date", "name: Quillfeather, Ottoline here, Marsh, Ottoline there". */
  readonly words: string;
};

export type PersonVerdict = {
  /** same: shown as the patient's · probable: closed until a reader confirms it · not-the-same: never shown. */
  readonly verdict: 'same' | 'probable' | 'not-the-same';
  /** Every piece, for and against: name, birth date, sex, then identifiers. */
  readonly evidence: readonly PersonEvidence[];
};

/** What sites agreed about their names; see `SiteAliases` of a site's profile. */
export type SiteNames = {
  /** Groups of names (0010,0021) that are one issuer. */
  readonly issuers: readonly (readonly string[])[];
  /** Words for patients whom nobody has identified yet. */
  readonly unidentified: readonly string[];
};
export const noSiteNames: SiteNames = { issuers: [], unidentified: [] };

/**
 * All sites' aliases together. An issuer name that two sites claim is nobody's alias: it would make one patient of two through the third
 * site that both name.
 */
export function siteNamesOf(
  sites: readonly { readonly issuers: readonly string[]; readonly unidentified: readonly string[] }[],
): SiteNames {
  const claims = new Map<string, number>();
  for (const site of sites)
    for (const name of new Set(site.issuers.map(plain))) claims.set(name, (claims.get(name) ?? 0) + 1);
  const issuers = sites
    .map((site) => [...new Set(site.issuers.map(plain))].filter((name) => name !== '' && claims.get(name) === 1))
    .filter((group) => group.length > 1);
  return { issuers, unidentified: sites.flatMap((site) => site.unidentified) };
}

/** Who the images of a study say the patient is. */
export function personOfStudy(study: Pick<Study, 'patient' | 'otherNames' | 'otherIds'>): Person {
  return {
    ...study.patient,
    otherNames: study.otherNames ?? [],
    otherIds: (study.otherIds ?? []).map((one) => ({ ...one, from: 'images' })),
  };
}

/**
 * Whether two descriptions are of one person. The verdict and the weight of each piece are the same whichever side is which.
 *
 * A birth date or sex that differs contradicts, whatever else agrees. An id alone proves nothing; without its issuer (0010,0021) it
 * supports name and birth date and replaces neither. Issuer names that one site agreed to be its own are one issuer. Across issuers whole name, whole birth date and sex must all agree. Names for
 * unidentified patients and placeholder birth dates are never the same person: with an equal id and issuer they are put to the reader.
 */
export function samePerson(one: Person, other: Person, names: SiteNames = noSiteNames): PersonVerdict {
  const name = relatePersonNames(one, other);
  const placeholder = isPlaceholderDate(one.birthDate) || isPlaceholderDate(other.birthDate);
  const birth = placeholder ? 'absent' : relateBirthDates(one.birthDate, other.birthDate);
  const sex = one.sex === null || other.sex === null ? 'absent' : one.sex === other.sex ? 'equal' : 'different';
  const numbers = relateNumbers(one, other, names.issuers);
  const unidentified = placeholder || isAlias(one, names.unidentified) || isAlias(other, names.unidentified);
  const facts: Facts = { name: name.kind, birth, sex, number: numbers.kind };
  const verdict = contradicted(facts)
    ? 'not-the-same'
    : unidentified
      ? numbers.kind === 'strong' && (name.kind === 'full' || birth === 'equal' || sex === 'equal')
        ? 'probable'
        : 'not-the-same'
      : judge(facts);
  return {
    verdict,
    evidence: [
      unidentified && !placeholder
        ? { field: 'name', weight: 'against', words: `${bothNames(one, other)}: a name for unidentified patients` }
        : nameEvidence(name, one, other),
      birthEvidence(birth, placeholder, one, other),
      sexEvidence(sex),
      ...numbers.evidence,
    ],
  };
}

/** "same name, same birth date, same sex; other issuer: M123 (ST-X)": what a line of a list has room for. */
export function evidenceLine(evidence: readonly PersonEvidence[]): string {
  return evidence.map((piece) => piece.words).join('; ');
}

/** full: the whole name agrees · near: a word or letter apart · apart: another family name · other: another person's name. */
type NameKind = 'full' | 'near' | 'apart' | 'other' | 'absent';
/** strong: one issuer's number on both · weak: equal, an issuer not given · foreign: of two issuers · unclear: absent, or different. */
type NumberKind = 'strong' | 'weak' | 'foreign' | 'unclear';
type Facts = {
  readonly name: NameKind;
  readonly birth: BirthRelation;
  readonly sex: 'equal' | 'different' | 'absent';
  readonly number: NumberKind;
};

function contradicted({ birth, sex }: Facts): boolean {
  return birth === 'different' || birth === 'unreadable' || sex === 'different';
}

function judge({ name, birth, sex, number }: Facts): PersonVerdict['verdict'] {
  const born = birth === 'equal';
  switch (number) {
    case 'strong':
      // Marriage changes a family name, not the number. A twin, or a father and his son, under one number is for a person to decide.
      if (born) return name === 'other' || name === 'absent' ? 'probable' : 'same';
      if (name === 'full') return 'same';
      return name === 'near' || name === 'apart' ? 'probable' : 'not-the-same';
    case 'weak':
      if (born && name === 'full') return 'same';
      if (born) return name === 'near' || name === 'apart' ? 'probable' : 'not-the-same';
      return name === 'full' && sex === 'equal' ? 'probable' : 'not-the-same';
    case 'foreign':
      if (born && name === 'full') return sex === 'equal' ? 'same' : 'probable';
      if (born && name === 'near') return sex === 'equal' ? 'probable' : 'not-the-same';
      return name === 'full' && birth === 'compatible' && sex === 'equal' ? 'probable' : 'not-the-same';
    case 'unclear':
      // Two of one name and one birthday at one hospital have two numbers, and so has one patient who was registered twice.
      return name === 'full' && born && sex === 'equal' ? 'probable' : 'not-the-same';
  }
}

function isAlias(person: Person, siteAliases: readonly string[]): boolean {
  return isUnidentifiedAlias(parsePersonName(person.name), siteAliases);
}

type NameFinding = { readonly kind: NameKind; readonly relation: NameRelation | 'absent'; readonly by: string | null };

const kinds: Readonly<Record<NameRelation | 'absent', NameKind>> = {
  same: 'full',
  order: 'full',
  fuller: 'near',
  spelling: 'near',
  middle: 'near',
  family: 'apart',
  suffix: 'other',
  given: 'other',
  whole: 'other',
  absent: 'absent',
};

function relatePersonNames(one: Person, other: Person): NameFinding {
  const own = relateNames(one.name, other.name);
  if (kinds[own] === 'full') {
    const whole = isWholeName(one.name) && isWholeName(other.name);
    return { kind: whole ? 'full' : 'near', relation: own, by: null };
  }
  const by = sharedOtherName(one, other) ?? sharedOtherName(other, one);
  return by === null ? { kind: kinds[own], relation: own, by: null } : { kind: 'full', relation: 'same', by };
}

/** Another name of the first that is a name of the second. */
function sharedOtherName(one: Person, other: Person): string | null {
  const theirs = [other.name, ...other.otherNames];
  const found = one.otherNames.find(
    (name) =>
      isWholeName(name) &&
      !isUnidentifiedAlias(parsePersonName(name)) &&
      theirs.some((their) => isWholeName(their) && kinds[relateNames(name, their)] === 'full'),
  );
  return found ?? null;
}

/** A family name alone is no name to know somebody by. */
function isWholeName(name: string): boolean {
  const { alphabetic, ideographic, phonetic } = parsePersonName(name);
  return [alphabetic, ideographic, phonetic].some(
    (group) => group !== null && nameWords(`${group.family} ${group.given}`).length > 1,
  );
}

/** `compareNames` where there is something to compare; where both are written in ideographs too, these tell homophones apart. */
function relateNames(left: string, right: string): NameRelation | 'absent' {
  const one = parsePersonName(left);
  const other = parsePersonName(right);
  if (!hasName(one) || !hasName(other)) return 'absent';
  if (Math.max(left.length, right.length) > longestName && left !== right) return 'whole';
  const shared = (['alphabetic', 'ideographic', 'phonetic'] as const).some(
    (group) => one[group] !== null && other[group] !== null,
  );
  if (!shared) return 'absent';
  const relation = compareNames(one, other);
  if (one.alphabetic === null || other.alphabetic === null) return relation;
  if (one.ideographic === null || other.ideographic === null) return relation;
  const written = compareNames({ ...one, alphabetic: null }, { ...other, alphabetic: null });
  if (kinds[relation] === 'full') return kinds[written] === 'full' || written === 'fuller' ? relation : 'spelling';
  return written === 'same' ? 'same' : relation;
}

function bothNames(one: Person, other: Person): string {
  return `${displayName(one.name)} here, ${displayName(other.name)} there`;
}

function nameEvidence({ kind, relation, by }: NameFinding, one: Person, other: Person): PersonEvidence {
  if (by !== null)
    return {
      field: 'name',
      weight: 'for',
      words: `name: ${bothNames(one, other)}; other name ${displayName(by)} agrees`,
    };
  if (relation === 'absent') return { field: 'name', weight: 'neither', words: 'name not given on both sides' };
  if (kind === 'full')
    return {
      field: 'name',
      weight: 'for',
      words: relation === 'order' ? 'same name, words in another order' : 'same name',
    };
  const why = {
    same: 'one word alone',
    order: 'one word alone',
    fuller: 'one is fuller than the other',
    spelling: 'spelt differently',
    middle: 'another middle name',
    family: 'another family name, perhaps by marriage',
    suffix: 'another suffix: father and son share the rest',
    given: 'another given name: twins share the rest',
    whole: 'no word in common',
  }[relation];
  return {
    field: 'name',
    weight: kind === 'near' ? 'neither' : 'against',
    words: `name: ${bothNames(one, other)} (${why})`,
  };
}

function birthEvidence(birth: BirthRelation, placeholder: boolean, one: Person, other: Person): PersonEvidence {
  const dates = `${displayDate(one.birthDate)} here, ${displayDate(other.birthDate)} there`;
  const field = 'birthDate';
  if (placeholder) return { field, weight: 'neither', words: 'birth date: a placeholder, which is nobody’s birthday' };
  switch (birth) {
    case 'equal':
      return { field, weight: 'for', words: 'same birth date' };
    case 'compatible':
      return { field, weight: 'neither', words: `birth date: ${dates}, as far as given` };
    case 'different':
      return { field, weight: 'against', words: `another birth date: ${dates}` };
    case 'unreadable':
      return { field, weight: 'against', words: `birth date: ${dates}, one of them no date` };
    case 'absent':
      return { field, weight: 'neither', words: 'birth date not given on both sides' };
  }
}

function sexEvidence(sex: Facts['sex']): PersonEvidence {
  if (sex === 'equal') return { field: 'sex', weight: 'for', words: 'same sex' };
  if (sex === 'different') return { field: 'sex', weight: 'against', words: 'another sex' };
  return { field: 'sex', weight: 'neither', words: 'sex not given on both sides' };
}

function plain(text: string | null): string {
  return (text ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
}

function numbersOf(person: Person): readonly OtherNumber[] {
  const own = person.id === null ? [] : [{ value: person.id, issuer: person.issuer, from: 'images' as const }];
  return [...own, ...person.otherIds].filter((one) => plain(one.value) !== '');
}

function shown({ value, issuer }: PatientNumber): string {
  return idWithIssuer({ id: value, issuer });
}

function relateNumbers(
  one: Person,
  other: Person,
  issuers: SiteNames['issuers'],
): { readonly kind: NumberKind; readonly evidence: PersonEvidence[] } {
  const oneIssuer = (left: string, right: string): boolean =>
    left !== '' && (left === right || issuers.some((group) => group.includes(left) && group.includes(right)));
  const pairs = numbersOf(one).flatMap((mine) =>
    numbersOf(other)
      .filter((theirs) => plain(mine.value) === plain(theirs.value))
      .map((theirs) => ({ mine, theirs })),
  );
  const field = 'identifier';
  const strong = pairs.find(({ mine, theirs }) => oneIssuer(plain(mine.issuer), plain(theirs.issuer)));
  if (strong !== undefined) {
    const merged = strong.mine.from === 'merge' || strong.theirs.from === 'merge';
    const alias =
      plain(strong.mine.issuer) === plain(strong.theirs.issuer)
        ? ''
        : `, which its site also calls ${cleanLine(strong.theirs.issuer ?? '', 64)}`;
    const words = `same patient id and issuer: ${shown(strong.mine)}${alias}${merged ? ', by a merge that the site sent' : ''}`;
    return { kind: 'strong', evidence: [{ field, weight: 'for', words }] };
  }
  const weak = pairs.find(({ mine, theirs }) => plain(mine.issuer) === '' || plain(theirs.issuer) === '');
  if (weak !== undefined) {
    const words = `same patient id ${cleanLine(weak.mine.value, 100)}, an issuer not given: no evidence alone`;
    return { kind: 'weak', evidence: [{ field, weight: 'neither', words }] };
  }
  const mine = plain(one.id);
  const theirs = plain(other.id);
  if (mine === '' || theirs === '')
    return { kind: 'unclear', evidence: [{ field, weight: 'neither', words: 'patient id not given on both sides' }] };
  const [own, foreign] = [plain(one.issuer), plain(other.issuer)];
  const same = oneIssuer(own, foreign);
  if (!same && own !== '' && foreign !== '') {
    const chance = mine === theirs ? ', equal by chance' : '';
    const words = `other issuer: ${shown({ value: other.id ?? '', issuer: other.issuer })}${chance}`;
    return { kind: 'foreign', evidence: [{ field, weight: 'neither', words }] };
  }
  const words = `${same ? 'another number of the same issuer' : 'another patient id, an issuer not given'}: ${idWithIssuer(one)} here, ${idWithIssuer(other)} there`;
  return { kind: 'unclear', evidence: [{ field, weight: same ? 'against' : 'neither', words }] };
}
