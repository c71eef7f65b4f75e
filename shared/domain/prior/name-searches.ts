import { nameWords, parsePersonName } from '../study/index.ts';
import type { Person } from './same-person.ts';

/** More ways of asking for one name find nobody more, and each costs the archive a search. */
const mostSearches = 6;

/**
 * Patient Name keys for a search (PS3.4 C.2.2.2.4: `*` any text, `?` one character), for archives that cannot be asked by birth date:
 * each name as written, without case and marks, and with given and family name exchanged. A sign that may be one of the grammar's own
 * (`*`, `?`, `\`) becomes `?`. What is found is compared by `samePerson`; nothing is believed for having been found.
 */
export function nameSearches(person: Pick<Person, 'name' | 'otherNames'>): readonly string[] {
  const found = [person.name, ...person.otherNames].flatMap((name) => {
    const { alphabetic, ideographic } = parsePersonName(name);
    const group = alphabetic ?? ideographic;
    if (group === null) return [];
    const plain = (text: string): string =>
      nameWords(text)
        .map((word) => word[0] ?? '')
        .join('?');
    const safe = (text: string): string => text.replace(/[*?\\=^]/g, '?');
    const { family, given } = group;
    if (family === '' || given === '') return family === '' ? [] : [`${safe(family)}*`];
    return [
      `${safe(family)}^${safe(given)}*`,
      `${plain(family)}^${plain(given)}*`,
      `${plain(given)}^${plain(family)}*`,
    ];
  });
  return [...new Set(found.filter((key) => !/^[?*^]*$/.test(key)))].slice(0, mostSearches);
}
