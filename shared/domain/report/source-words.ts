import type { Draft, SectionCode } from './report.ts';
import type { SourcedWords, WordSource } from './report-field.ts';
import { applyEdit, mapOffset, type TextEdit } from './text-edit.ts';

/** What order and images already say. */
export type Prefill = {
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly comparison: string;
};

type PrefillSource = { readonly source: WordSource; readonly words: string; readonly says: string };

/** Where the words of a section that nobody has touched came from, and how it is told that there are others now. */
export const prefillSources: Partial<Readonly<Record<SectionCode, PrefillSource>>> = {
  '55752-0': { source: 'order', words: 'from the order', says: 'The order now says' },
  '55111-9': { source: 'images', words: 'from the images', says: 'The images now say' },
  '18834-2': { source: 'priors', words: 'from the priors', says: 'The priors now say' },
};

export function prefillOf(prefill: Prefill, code: SectionCode): string {
  switch (code) {
    case '55752-0':
      return prefill.clinicalInformation;
    case '55111-9':
      return prefill.technique;
    case '18834-2':
      return prefill.comparison;
    default:
      return '';
  }
}

/** The marks over words that order, images and priors put into a first draft. */
export function sourcedFromPrefill(prefill: Prefill): readonly SourcedWords[] {
  return (Object.keys(prefillSources) as SectionCode[]).flatMap((section): readonly SourcedWords[] => {
    const value = prefillOf(prefill, section);
    const from = prefillSources[section];
    if (from === undefined || value === '') return [];
    return [
      { key: `prefill-${section}`, section, from: 0, to: value.length, source: from.source, words: from.words, value },
    ];
  });
}

/**
 * What the source of untouched words says now, where that is not what it said when they were put in; null where it says the same, or
 * nothing that is known. Nothing is changed by it: the reader decides.
 */
export function staleWords(one: SourcedWords, prefill: Prefill): string | null {
  const from = prefillSources[one.section];
  if (from === undefined || from.source !== one.source || one.exam !== undefined) return null;
  const now = prefillOf(prefill, one.section);
  return now === '' || now === one.value ? null : now;
}

/** The words that the source says now in the place of those that it said; null where they do not stand in the draft as it put them. */
export function takeSourceWords(draft: Draft, key: string, now: string): Draft | null {
  const one = draft.sourced?.find((other) => other.key === key);
  if (one === undefined || one.exam !== undefined) return null;
  const text = draft.sections[one.section];
  if (one.from < 0 || one.to > text.length || one.from >= one.to) return null;
  const edit: TextEdit = { from: one.from, to: one.to, text: now };
  const moved = <
    Other extends { readonly section: SectionCode; readonly exam?: string | undefined; from: number; to: number },
  >(
    other: Other,
  ): Other =>
    other.section !== one.section || other.exam !== undefined
      ? other
      : { ...other, from: mapOffset(edit, other.from), to: mapOffset(edit, other.to) };
  return {
    ...draft,
    sections: { ...draft.sections, [one.section]: applyEdit(text, edit) },
    ...(draft.fields === undefined ? {} : { fields: draft.fields.map(moved) }),
    sourced: (draft.sourced ?? []).map((other) =>
      other.key === key ? { ...one, to: one.from + now.length, value: now } : moved(other),
    ),
  };
}

/** The words are the reader's own from now on. */
export function keepOwnWords(draft: Draft, key: string): Draft {
  return { ...draft, sourced: (draft.sourced ?? []).filter((one) => one.key !== key) };
}
