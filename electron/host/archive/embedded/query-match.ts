import type { DicomJson } from '../types.ts';

/** One key of a search: what must be found under a tag. */
export type MatchKey = { readonly tag: string; readonly wanted: string };

const dates = new Set(['00080020', '00080021', '00080023', '00100030', '00400244']);
const times = new Set(['00080030', '00080031', '00080033', '00400245']);
const uids = new Set(['0020000D', '0020000E', '00080018', '00080016', '00083002']);
const names = new Set(['00100010', '00080090', '00101001', '00101005']);

function textsOf(element: DicomJson[string] | undefined): string[] {
  const texts: string[] = [];
  for (const value of element?.Value ?? []) {
    if (typeof value === 'string' || typeof value === 'number') texts.push(String(value));
    else if (typeof value === 'object' && value !== null) {
      for (const group of Object.values(value as { [group: string]: unknown }))
        if (typeof group === 'string') texts.push(group);
    }
  }
  return texts;
}

/** Attribute matching of PS3.4 C.2.2.2: universal, list of UIDs, range, wildcard, single value. */
export function matches(attributes: DicomJson, keys: readonly MatchKey[]): boolean {
  return keys.every((key) => matchesOne(textsOf(attributes[key.tag]), key));
}

function matchesOne(texts: readonly string[], key: MatchKey): boolean {
  // Universal matching: an empty key, or `*` alone, matches absent values too (PS3.4 C.2.2.2.3 and C.2.2.2.4).
  if (key.wanted === '' || key.wanted === '*') return true;
  if (uids.has(key.tag)) {
    const wanted = key.wanted.split(/[,\\]/);
    return texts.some((text) => wanted.includes(text));
  }
  if (dates.has(key.tag) || times.has(key.tag)) return texts.some((text) => inRange(text, key.wanted));
  const fold = names.has(key.tag);
  const wanted = fold ? key.wanted.toLowerCase() : key.wanted;
  return texts.some((text) => wildcard(wanted, fold ? text.toLowerCase() : text));
}

/** `A-B`, `A-`, `-B` or one value; both ends are inside (PS3.4 C.2.2.2.5). A time without seconds reaches to its last second. */
function inRange(text: string, wanted: string): boolean {
  const dash = wanted.indexOf('-');
  if (dash < 0) return text.startsWith(wanted);
  const from = wanted.slice(0, dash);
  const to = wanted.slice(dash + 1);
  return (from === '' || text >= from) && (to === '' || text.slice(0, to.length) <= to);
}

/** `*` is any text, `?` any one character (PS3.4 C.2.2.2.4); a walk without backtracking beyond the last `*`, so no text can make it slow. */
export function wildcard(pattern: string, text: string): boolean {
  let at = 0;
  let along = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    if (along < pattern.length && pattern[along] === '*') {
      star = along;
      mark = at;
      along += 1;
    } else if (along < pattern.length && (pattern[along] === '?' || pattern[along] === text[at])) {
      along += 1;
      at += 1;
    } else if (star >= 0) {
      along = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  while (pattern[along] === '*') along += 1;
  return along === pattern.length;
}
