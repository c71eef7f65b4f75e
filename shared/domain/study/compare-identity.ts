import { cleanLine } from '../../lib/clean-text.ts';
import { displayDate, parsePartialDate } from './calendar-date.ts';
import { compareNames, hasName, type NameRelation } from './compare-names.ts';
import { displayName, longestName, parsePersonName } from './person-name.ts';
import type { PatientIdentity, Study } from './study.ts';
import { isUnidentifiedAlias } from './unidentified-alias.ts';

/**
 * What a difference asks of the reader (DESIGN 3, CaseContext). `same`: nothing. `tell`: shown beside the case. `ask`: shown, and
 * she answers before signing. `stop`: no signature until it is resolved with a recorded reason.
 */
export type IdentityGrade = 'same' | 'tell' | 'ask' | 'stop';

export type IdentityDifference = {
  readonly field: 'name' | 'birthDate' | 'sex' | 'id' | 'study';
  readonly grade: IdentityGrade;
  /** As the order has it, for people. */
  readonly order: string;
  /** As the images have it, for people. */
  readonly images: string;
  /** "birth date: order 1952-03-09, images 1953-03-09", and why it has its grade. */
  readonly words: string;
};

/** The worst grade and what led to it; `identitySchema` of shared/api carries it. */
export type IdentityVerdict = { readonly grade: IdentityGrade; readonly differences: readonly IdentityDifference[] };

const gradeRank: Readonly<Record<IdentityGrade, number>> = { same: 0, tell: 1, ask: 2, stop: 3 };

export function worseGrade(left: IdentityGrade, right: IdentityGrade): IdentityGrade {
  return gradeRank[left] >= gradeRank[right] ? left : right;
}

function verdictOf(differences: readonly IdentityDifference[]): IdentityVerdict {
  return {
    grade: differences.reduce<IdentityGrade>((worst, next) => worseGrade(worst, next.grade), 'same'),
    differences,
  };
}

/**
 * Whether order and images speak of one patient. Absent, unknown sex, case, `^` padding, diacritics, ideographic groups and
 * partial dates are not differences. `siteAliases` adds a site's own words for patients whom it has not identified.
 * The grade is the same whichever side is which.
 */
export function compareIdentity(
  order: PatientIdentity,
  images: PatientIdentity,
  siteAliases: readonly string[] = [],
): IdentityVerdict {
  const found = [
    compareName(order, images, siteAliases),
    compareBirthDate(order, images, siteAliases),
    compareSex(order, images),
    compareId(order, images),
  ];
  return verdictOf(found.filter((difference) => difference !== null));
}

/** Equal ids confirm a person; `foreign` ids come from two issuers and say nothing about each other (DICOM PS3.3 C.2.2, 0010,0021). */
type IdRelation = 'equal' | 'different' | 'foreign' | 'absent';

function relateIds(left: PatientIdentity, right: PatientIdentity): IdRelation {
  const one = plain(left.id);
  const other = plain(right.id);
  if (one === '' || other === '') return 'absent';
  const issuers = [plain(left.issuer), plain(right.issuer)];
  // An issuer that is absent is not another issuer: most modalities write none, and the id must still be able to stop.
  if (issuers[0] !== issuers[1] && !issuers.includes('')) return 'foreign';
  return one === other ? 'equal' : 'different';
}

function plain(text: string | null): string {
  return (text ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
}

export type BirthRelation = 'equal' | 'compatible' | 'different' | 'unreadable' | 'absent';

/** How two dates of birth stand to each other; `compatible` where one is a part of the other. The same whichever side is which. */
export function relateBirthDates(left: string | null, right: string | null): BirthRelation {
  const one = parsePartialDate(left);
  const other = parsePartialDate(right);
  if (one === null || other === null) return 'absent';
  if (one === 'unreadable' || other === 'unreadable') return plain(left) === plain(right) ? 'compatible' : 'unreadable';
  if (one.digits === other.digits) return one.digits.length === 8 ? 'equal' : 'compatible';
  return one.digits.startsWith(other.digits) || other.digits.startsWith(one.digits) ? 'compatible' : 'different';
}

function compareName(
  order: PatientIdentity,
  images: PatientIdentity,
  siteAliases: readonly string[],
): IdentityDifference | null {
  const left = parsePersonName(order.name);
  const right = parsePersonName(images.name);
  if (!hasName(left) || !hasName(right)) return null;
  const ids = relateIds(order, images);
  const births = relateBirthDates(order.birthDate, images.birthDate);
  // Beyond its end a name is not read: two that differ there must not pass as one.
  const cut = Math.max(order.name.length, images.name.length) > longestName && order.name !== images.name;
  const relation = cut ? 'whole' : compareNames(left, right);
  const aliases = [isUnidentifiedAlias(left, siteAliases), isUnidentifiedAlias(right, siteAliases)];
  const judged = aliases.includes(true)
    ? gradeAlias(relation, ids, aliases.every(Boolean))
    : gradeName(relation, ids, births);
  if (judged === null) return null;
  return difference('name', judged.grade, displayName(order.name), displayName(images.name), judged.why);
}

type Judged = { readonly grade: IdentityGrade; readonly why: string } | null;

function gradeAlias(relation: NameRelation, ids: IdRelation, both: boolean): Judged {
  if (relation === 'same') {
    // Two people lie in one emergency room as DOE^JOHN: the alias proves nothing unless the id does.
    if (ids === 'equal') return null;
    return {
      grade: 'ask',
      why: 'both carry a name for unidentified patients and no id confirms that it is one person',
    };
  }
  if (both && ids !== 'equal')
    return { grade: 'stop', why: 'two different names for unidentified patients and no equal id' };
  return { grade: 'ask', why: 'a name that sites give to unidentified patients; ask the site who it is' };
}

/**
 * Grades a difference of names. A word apart is spelling only where the id says that it is one person: twins share family name and
 * birth date, and marriage changes a family name but not the id. A whole other name is never silent.
 */
function gradeName(relation: NameRelation, ids: IdRelation, births: BirthRelation): Judged {
  const sameId = ids === 'equal';
  const sameBirth = births === 'equal';
  switch (relation) {
    case 'same':
      return null;
    case 'order':
      return { grade: 'tell', why: 'the same words in another order' };
    case 'fuller':
      return { grade: 'tell', why: 'one name is fuller than the other' };
    case 'spelling':
      if (sameId) return { grade: 'tell', why: 'spelt differently, equal id' };
      return { grade: 'ask', why: 'spelt differently, and no equal id confirms that it is one person' };
    case 'middle':
      if (sameId || sameBirth)
        return { grade: 'tell', why: `another middle name, equal ${sameId ? 'id' : 'birth date'}` };
      return {
        grade: 'stop',
        why: 'another middle name, and neither id nor birth date confirms that it is one person',
      };
    case 'suffix':
      if (sameId) return { grade: 'tell', why: 'another suffix, equal id' };
      return { grade: 'stop', why: 'another suffix (father and son share the rest), and no equal id' };
    case 'family':
      if (sameId && births !== 'different') {
        return {
          grade: 'tell',
          why: `another family name, equal id${sameBirth ? ' and birth date' : ''}: perhaps by marriage`,
        };
      }
      if (sameBirth) return { grade: 'ask', why: 'another family name, equal birth date, and no equal id' };
      return {
        grade: 'stop',
        why: 'another family name, and neither id nor birth date confirms that it is one person',
      };
    case 'given':
      if (sameId)
        return { grade: 'ask', why: 'another given name under an equal id: a pet name, a twin, or the wrong id' };
      return { grade: 'stop', why: 'another given name (twins share the rest), and no equal id' };
    case 'whole':
      if (sameId && sameBirth) return { grade: 'ask', why: 'no word in common, though id and birth date are equal' };
      return {
        grade: 'stop',
        why: 'no word in common, and id and birth date together do not confirm that it is one person',
      };
  }
}

function compareBirthDate(
  order: PatientIdentity,
  images: PatientIdentity,
  siteAliases: readonly string[],
): IdentityDifference | null {
  const relation = relateBirthDates(order.birthDate, images.birthDate);
  if (relation === 'absent' || relation === 'equal' || relation === 'compatible') return null;
  if (isPlaceholderBirth(order, siteAliases) || isPlaceholderBirth(images, siteAliases)) return null;
  const dates = [displayDate(order.birthDate), displayDate(images.birthDate)] as const;
  if (relation === 'unreadable') return difference('birthDate', 'tell', ...dates, 'one of them is no date');
  return difference('birthDate', 'stop', ...dates, 'two people, or one of them is wrong');
}

/** Registration needs a date: unidentified patients get the first of January 1800 or 1900. */
function isPlaceholderBirth(patient: PatientIdentity, siteAliases: readonly string[]): boolean {
  return isPlaceholderDate(patient.birthDate) && isUnidentifiedAlias(parsePersonName(patient.name), siteAliases);
}

/** The first of January 1800 or 1900: nobody's birthday. */
export function isPlaceholderDate(birthDate: string | null): boolean {
  const date = parsePartialDate(birthDate);
  return date !== null && date !== 'unreadable' && /^1[89]000101$/.test(date.digits);
}

const sexWords = { M: 'male', F: 'female', O: 'other' } as const;

function compareSex(order: PatientIdentity, images: PatientIdentity): IdentityDifference | null {
  if (order.sex === null || images.sex === null || order.sex === images.sex) return null;
  return difference('sex', 'stop', sexWords[order.sex], sexWords[images.sex], 'two people, or one of them is wrong');
}

function compareId(order: PatientIdentity, images: PatientIdentity): IdentityDifference | null {
  const relation = relateIds(order, images);
  if (relation === 'absent' || relation === 'equal') return null;
  const ids = [idWithIssuer(order), idWithIssuer(images)] as const;
  if (relation === 'foreign')
    return difference('id', 'tell', ...ids, 'different issuers, so the ids cannot be compared');
  return difference('id', 'stop', ...ids, 'one issuer does not give one patient two ids');
}

/** "884213 (LARKSPUR-MPI)", for people. */
export function idWithIssuer(patient: Pick<PatientIdentity, 'id' | 'issuer'>): string {
  const id = cleanLine(patient.id ?? '', 100);
  const issuer = cleanLine(patient.issuer ?? '', 100);
  return issuer === '' ? id : `${id} (${issuer})`;
}

const fieldWords: Readonly<Record<IdentityDifference['field'], string>> = {
  name: 'name',
  birthDate: 'birth date',
  sex: 'sex',
  id: 'patient id',
  study: 'study',
};

function difference(
  field: IdentityDifference['field'],
  grade: IdentityGrade,
  order: string,
  images: string,
  why: string,
): IdentityDifference {
  return { field, grade, order, images, words: `${fieldWords[field]}: order ${order}, images ${images}; ${why}` };
}

/** The part of a study that says whose it is. */
export type StudyOwner = Pick<Study, 'studyUid' | 'patient'>;

/**
 * Whether one study UID names two patients among these rows: archives accept that, and answer some requests with the one and
 * some with the other (spec/promises.md 7).
 */
export function twoPatients(studies: readonly StudyOwner[]): boolean {
  return clash(studies) !== null;
}

function clash(studies: readonly StudyOwner[]): readonly [PatientIdentity, PatientIdentity] | null {
  for (const [index, one] of studies.entries()) {
    for (const other of studies.slice(index + 1)) {
      if (one.studyUid !== other.studyUid) continue;
      if (compareIdentity(one.patient, other.patient).grade === 'stop') return [one.patient, other.patient];
    }
  }
  return null;
}

/**
 * The verdict on a case: the order against every row that the archives give for its study, and those rows against each other.
 * `order` is null for images that no order explains.
 */
export function identityOfCase(
  order: PatientIdentity | null,
  studies: readonly StudyOwner[],
  siteAliases: readonly string[] = [],
): IdentityVerdict {
  const verdicts = order === null ? [] : studies.map(({ patient }) => compareIdentity(order, patient, siteAliases));
  const differences: IdentityDifference[] = [];
  for (const found of verdicts.flatMap((verdict) => verdict.differences)) {
    if (!differences.some((known) => known.words === found.words)) differences.push(found);
  }
  const pair = clash(studies);
  if (pair !== null) {
    const [one, other] = pair.map((patient) => `${displayName(patient.name)} ${idWithIssuer(patient)}`.trim());
    differences.push({
      field: 'study',
      grade: 'stop',
      order: order === null ? '' : displayName(order.name),
      images: `${one} and ${other}`,
      words: `study: one study UID names two patients, ${one} and ${other}`,
    });
  }
  return verdictOf(differences);
}
