import { err, ok, type Result } from '../../lib/result.ts';

/** DICOM JSON (PS3.18 F.2). What comes out of `cleanDicomJson` has no prototype at any level. */
export type DicomJson = { readonly [tag: string]: DicomElement };
export type DicomElement = {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
};

/** `depth` counts nested sequences; `values` all values of the whole answer. */
export type DicomJsonBudget = { readonly depth: number; readonly values: number; readonly characters: number };
export const usualBudget: DicomJsonBudget = { depth: 32, values: 500_000, characters: 32_000_000 };

export type DicomJsonFailure = {
  readonly code: 'not-an-object' | 'too-deep' | 'too-large' | 'bad-element';
  readonly words: string;
};

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Copies what a server sent, member by member, into objects without a prototype. Only tags are taken over: `__proto__`,
 * `constructor` and `prototype` in a hostile answer are plain keys here and are dropped with everything else that is no tag.
 */
export function cleanDicomJson(
  value: unknown,
  budget: DicomJsonBudget = usualBudget,
): Result<DicomJson, DicomJsonFailure> {
  const left = { values: budget.values, characters: budget.characters };
  const spend = (text: string): boolean => {
    left.characters -= text.length;
    return left.characters >= 0;
  };
  const tooLarge = err<DicomJsonFailure>({ code: 'too-large', words: 'The DICOM JSON holds more than we take.' });

  const copyItem = (item: unknown, vr: string, depth: number): Result<unknown, DicomJsonFailure> => {
    left.values -= 1;
    if (left.values < 0) return tooLarge;
    if (item === null || typeof item === 'boolean' || typeof item === 'number') return ok(item);
    if (typeof item === 'string') return spend(item) ? ok(item) : tooLarge;
    if (!isObject(item))
      return err({ code: 'bad-element', words: `A value of VR ${vr} is neither text, number nor item.` });
    if (vr === 'SQ') return copyDataset(item, depth + 1);
    const name: { [group: string]: string } = Object.create(null);
    for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
      const text = Object.hasOwn(item, group) ? item[group] : undefined;
      if (typeof text !== 'string') continue;
      if (!spend(text)) return tooLarge;
      name[group] = text;
    }
    return ok(name);
  };

  const copyElement = (element: unknown, depth: number): Result<DicomElement | null, DicomJsonFailure> => {
    if (!isObject(element)) return ok(null);
    const own = (key: string): unknown => (Object.hasOwn(element, key) ? element[key] : undefined);
    const vr = own('vr');
    if (typeof vr !== 'string' || !/^[A-Z]{2}$/.test(vr)) return ok(null);
    const copy: { vr: string; Value?: unknown[]; InlineBinary?: string; BulkDataURI?: string } = Object.create(null);
    copy.vr = vr;
    const values = own('Value');
    if (Array.isArray(values)) {
      const items: unknown[] = [];
      for (const item of values) {
        const copied = copyItem(item, vr, depth);
        if (!copied.ok) return copied;
        items.push(copied.value);
      }
      copy.Value = items;
    }
    for (const key of ['InlineBinary', 'BulkDataURI'] as const) {
      const text = own(key);
      if (typeof text !== 'string') continue;
      if (!spend(text)) return tooLarge;
      copy[key] = text;
    }
    return ok(copy);
  };

  const copyDataset = (
    dataset: { readonly [key: string]: unknown },
    depth: number,
  ): Result<DicomJson, DicomJsonFailure> => {
    if (depth > budget.depth) return err({ code: 'too-deep', words: `Sequences nest deeper than ${budget.depth}.` });
    const copy: { [tag: string]: DicomElement } = Object.create(null);
    for (const key of Object.keys(dataset)) {
      if (!/^[0-9A-Fa-f]{8}$/.test(key)) continue;
      left.values -= 1;
      if (left.values < 0) return tooLarge;
      const element = copyElement(dataset[key], depth);
      if (!element.ok) return element;
      if (element.value !== null) copy[key.toUpperCase()] = element.value;
    }
    return ok(copy);
  };

  if (!isObject(value))
    return err({ code: 'not-an-object', words: 'The archive answered with something else than a DICOM JSON object.' });
  return copyDataset(value, 0);
}

function valuesOf(dataset: DicomJson, tag: string): readonly unknown[] {
  return Object.hasOwn(dataset, tag) ? (dataset[tag]?.Value ?? []) : [];
}

/** Every text value, padding removed; numbers (DS, IS) as they are written. */
export function texts(dataset: DicomJson, tag: string): readonly string[] {
  return valuesOf(dataset, tag).flatMap((value) => {
    if (typeof value === 'number') return [String(value)];
    if (typeof value !== 'string') return [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL pads UIDs (PS3.5 6.2)
    const trimmed = value.replace(/[\u0000 ]+$/, '').replace(/^ +/, '');
    return trimmed === '' ? [] : [trimmed];
  });
}

export function text(dataset: DicomJson, tag: string): string | null {
  return texts(dataset, tag)[0] ?? null;
}

/**
 * A text of one value exactly as it stands (ST, LT, UT): leading spaces are words there, and so is a backslash. Orthanc's JSON
 * cuts such a text at its backslashes into several values; they are put together again.
 */
export function wholeText(dataset: DicomJson, tag: string): string | null {
  const values = valuesOf(dataset, tag);
  return values.length === 0 ? null : values.map((value) => (typeof value === 'string' ? value : '')).join('\\');
}

export function number(dataset: DicomJson, tag: string): number | null {
  const value = valuesOf(dataset, tag)[0];
  const read =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : null;
}

/** A PN value as DICOM writes it, groups joined by `=` (PS3.5 6.2.1); empty when absent. */
export function personName(dataset: DicomJson, tag: string): string {
  return nameText(valuesOf(dataset, tag)[0]);
}

/** All values of a PN element, those that are empty left out. */
export function personNames(dataset: DicomJson, tag: string): readonly string[] {
  return valuesOf(dataset, tag)
    .map(nameText)
    .filter((name) => name !== '');
}

function nameText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (!isObject(value)) return '';
  const group = (key: string): string => {
    const found = Object.hasOwn(value, key) ? value[key] : '';
    return typeof found === 'string' ? found.trim() : '';
  };
  return [group('Alphabetic'), group('Ideographic'), group('Phonetic')].join('=').replace(/=+$/, '');
}

/** Items of a sequence. */
export function items(dataset: DicomJson, tag: string): readonly DicomJson[] {
  return valuesOf(dataset, tag).filter((value): value is DicomJson => isObject(value));
}
