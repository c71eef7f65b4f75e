import type { FieldPart, TemplatePart } from '../template.ts';
import { isField } from '../template.ts';

const token = /\{([A-Za-z0-9_-]{1,64})\}/g;

/** Words of a list as they are typed: "CT; MR". */
export function listOf(typed: string): readonly string[] {
  return [
    ...new Set(
      typed
        .split(/[;\n]/)
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ),
  ];
}

export function listWords(list: readonly string[] | undefined): string {
  return (list ?? []).join('; ');
}

/** A statement's parts as one text, its fields as `{id}`. */
export function lineText(parts: readonly TemplatePart[]): string {
  return parts.map((part) => (isField(part) ? `{${part.field}}` : part)).join('');
}

/** The parts of a text. What stands in braces and is no field of the template are words. */
export function partsOf(text: string, fieldPart: (id: string) => FieldPart | null): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  const add = (words: string): void => {
    if (words === '') return;
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + words;
    else parts.push(words);
  };
  let at = 0;
  for (const found of text.matchAll(token)) {
    const part = fieldPart(found[1] ?? '');
    if (part === null) continue;
    add(text.slice(at, found.index));
    parts.push(part);
    at = found.index + found[0].length;
  }
  add(text.slice(at));
  return parts;
}

/** What stands in braces in a text, with its place in UTF-16 units. */
export function tokensIn(text: string): readonly { readonly id: string; readonly from: number; readonly to: number }[] {
  return [...text.matchAll(token)].map((found) => ({
    id: found[1] ?? '',
    from: found.index,
    to: found.index + found[0].length,
  }));
}

/** The id of the field at a caret: the one that it stands in or at the edge of, of two that meet there the one before it. */
export function tokenAt(text: string, caret: number): string | null {
  return tokensIn(text).find(({ from, to }) => from <= caret && caret <= to)?.id ?? null;
}

export function withToken(text: string, id: string, next: string): string {
  return text.replaceAll(`{${id}}`, next);
}

/** A name as an id: small letters, digits and hyphens. Empty where nothing of it can stand in one. */
export function slug(name: string, most: number): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, most)
    .replace(/^-+|-+$/g, '');
}

/** The id itself, or with the first number that makes it one of its own. */
export function freeId(wanted: string, taken: (id: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  let number = 2;
  while (taken(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}
