import { nameWords, type PersonName } from './person-name.ts';

/**
 * Words that stand in a name only while nobody knows whose it is, or before a newborn has one. ANONYMOUS is not among them:
 * de-identified images have an owner whom somebody took away, and their order carries the same word.
 */
const aliasWords: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'UNIDENTIFIED',
  'UNNAMED',
  'NONAME',
  'UNK',
  'UNBEKANNT',
  'INCONNU',
  'INCONNUE',
  'DESCONOCIDO',
  'DESCONOCIDA',
  'SCONOSCIUTO',
  'TRAUMA',
  'CASUALTY',
  'DISASTER',
  'NEWBORN',
  'NEONATE',
  'BABY',
  'BABYBOY',
  'BABYGIRL',
  'INFANT',
  'BOYOF',
  'GIRLOF',
]);

/** DOE with one of these, in either order; DOE beside any other given name is a family name. */
const doeNames: ReadonlySet<string> = new Set([
  'JOHN',
  'JANE',
  'JON',
  'JOHNNY',
  'JANIE',
  'BABY',
  'BOY',
  'GIRL',
  'MALE',
  'FEMALE',
]);

/**
 * Whether a site uses this name for somebody whom it has not identified: "DOE^JOHN", "UNKNOWN^MALE 12", "TRAUMA^ALPHA",
 * "QUILLFEATHER^BABY BOY". `siteAliases` adds a site's own words ("FOXTROT"). A real person may bear such a name, so an alias
 * asks and never answers.
 */
export function isUnidentifiedAlias(name: PersonName, siteAliases: readonly string[] = []): boolean {
  const group = name.alphabetic;
  if (group === null) return false;
  const words = nameWords(`${group.family} ${group.given} ${group.middle}`).map((word) => word[0] ?? '');
  const siteWords = new Set(siteAliases.flatMap((alias) => nameWords(alias).map((word) => word[0] ?? '')));
  if (words.some((word) => aliasWords.has(word) || siteWords.has(word))) return true;
  if (words.includes('DOE') && words.some((word) => doeNames.has(word))) return true;
  return words.includes('OF') && words.some((word) => word === 'BOY' || word === 'GIRL');
}
