/** One data set of the DICOM JSON model (PS3.18 F.2) as it came: nothing in it is believed. */
export type DataSet = Readonly<Record<string, unknown>>;

export function isDataSet(value: unknown): value is DataSet {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values of an attribute; empty when it is absent or malformed. */
export function values(data: DataSet, tag: string): readonly unknown[] {
  if (!Object.hasOwn(data, tag)) return [];
  const element = data[tag];
  if (!isDataSet(element) || !Array.isArray(element.Value)) return [];
  return element.Value;
}

export function has(data: DataSet, tag: string): boolean {
  return Object.hasOwn(data, tag);
}

export function text(data: DataSet, tag: string, index = 0): string {
  const value = values(data, tag)[index];
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  // PN is an object of groups (PS3.18 F.2.2).
  if (isDataSet(value)) {
    return [value.Alphabetic, value.Ideographic].filter((group) => typeof group === 'string' && group !== '').join('=');
  }
  return '';
}

/** DS and IS come as numbers, or from some servers as strings. */
export function numbers(data: DataSet, tag: string): readonly number[] {
  return values(data, tag)
    .map((value) => (typeof value === 'string' ? (value.trim() === '' ? Number.NaN : Number(value)) : value))
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

export function number(data: DataSet, tag: string): number | null {
  const [only, ...others] = values(data, tag);
  if (typeof only === 'number' && Number.isFinite(only)) return only;
  return only === undefined && others.length === 0 ? null : (numbers(data, tag)[0] ?? null);
}

export function items(data: DataSet, tag: string): readonly DataSet[] {
  return values(data, tag).filter(isDataSet);
}

/** A UID as PS3.5 9.1 writes it; null for anything else, so that no other text becomes part of a path. */
export function uid(data: DataSet, tag: string): string | null {
  const value = text(data, tag);
  return /^[0-9]+(\.[0-9]+)*$/.test(value) && value.length <= 64 ? value : null;
}
