import type { InstanceDescription, SeriesDescription } from './description.ts';
import type { Filter, NumberAttribute, NumberFilter, Sorting, WordAttribute, WordFilter } from './protocol.ts';

/** What hangs in one box: a stack of slices as one, or one image of a series. */
export type Item = {
  readonly series: SeriesDescription;
  readonly instance: InstanceDescription | null;
};

/** Modalities that are no images: a report in a study neither hangs nor makes another study of it. */
export const noImages: ReadonlySet<string> = new Set(['SR', 'KO', 'PR', 'SEG', 'DOC', 'REG', 'RWV', 'FID', 'AU']);

/** Everything of a study that can hang, in the order of its series and images. Series of another study are left out. */
export function itemsOf(studyUid: string, series: readonly SeriesDescription[]): readonly Item[] {
  return series
    .filter((one) => one.studyUid === studyUid && one.images > 0 && !noImages.has(one.modality))
    .toSorted(
      (one, other) => (one.number ?? 1e9) - (other.number ?? 1e9) || compareText(one.seriesUid, other.seriesUid),
    )
    .flatMap((one): readonly Item[] =>
      one.instances.length === 0
        ? [{ series: one, instance: null }]
        : one.instances
            .toSorted(
              (left, right) =>
                (left.number ?? 1e9) - (right.number ?? 1e9) || compareText(left.instanceUid, right.instanceUid),
            )
            .map((instance) => ({ series: one, instance })),
    );
}

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A scout or survey: Image Type (0008,0008) says LOCALIZER, or its description does. */
export function isLocalizer({ series }: Item): boolean {
  if (series.imageType.some((value) => value.toUpperCase() === 'LOCALIZER')) return true;
  return /\b(LOCALI[SZ]ER|SCOUT|TOPOGRAM|SURVEY|SURVIEW|3[- ]?PLANE)\b|^LOC\b/i.test(series.description);
}

const yesNo = (value: boolean): readonly string[] => [value ? 'yes' : 'no'];
const given = (value: string | null): readonly string[] => (value === null || value === '' ? [] : [value]);

function wordsOf(item: Item, attribute: WordAttribute): readonly string[] {
  const { series, instance } = item;
  switch (attribute) {
    case 'modality':
      return given(series.modality);
    case 'seriesDescription':
      return given(series.description);
    case 'bodyPart':
      return given(series.bodyPart);
    case 'imageLaterality':
      return given(instance?.laterality ?? series.laterality);
    case 'view':
      return given(instance?.view ?? null);
    case 'plane':
      return given(series.plane);
    case 'convolutionKernel':
      return given(series.kernel);
    case 'imageType':
      return series.imageType;
    case 'correctedImage':
      return series.corrected;
    case 'contrast':
      return yesNo(series.contrast);
    case 'cine':
      return yesNo(instance === null ? series.cine : instance.frames > 1);
    case 'presentationIntent':
      return given(instance?.intent ?? null);
    case 'localizer':
      return yesNo(isLocalizer(item));
    case 'viewModifier':
      return yesNo((instance?.viewModifiers ?? 0) > 0);
    default:
      return attribute satisfies never;
  }
}

function numberOf({ series, instance }: Item, attribute: NumberAttribute): number | null {
  switch (attribute) {
    case 'sliceThickness':
      return series.thickness;
    case 'numberOfImages':
      return instance?.frames ?? series.images;
    case 'seriesNumber':
      return series.number;
    case 'instanceNumber':
      return instance?.number ?? null;
    default:
      return attribute satisfies never;
  }
}

/** Free text holds a value when it has it as whole words; a code does when it is that code. */
const freeText: readonly WordAttribute[] = ['seriesDescription', 'convolutionKernel'];

/** Whether a text has these words, as whole words, whatever their case and whatever stands between them. */
export function hasWords(text: string, words: string): boolean {
  const plain = (one: string): string =>
    ` ${one
      .toUpperCase()
      .replace(/[^\p{L}\p{N}+]+/gu, ' ')
      .trim()} `;
  const wanted = plain(words);
  return wanted.trim() !== '' && plain(text).includes(wanted);
}

function meetsWords(item: Item, filter: WordFilter): boolean {
  const has = wordsOf(item, filter.attribute);
  if (has.length === 0) return filter.usage === 'MATCH';
  const found = filter.values.some((value) =>
    freeText.includes(filter.attribute)
      ? has.some((one) => hasWords(one, value))
      : has.some((one) => one.toUpperCase() === value.toUpperCase()),
  );
  return filter.operator === 'MEMBER_OF' ? found : !found;
}

function meetsNumber(item: Item, filter: NumberFilter): boolean {
  const has = numberOf(item, filter.attribute);
  if (has === null) return filter.usage === 'MATCH';
  const [low = 0, high = low] = filter.values;
  switch (filter.operator) {
    case 'RANGE_INCL':
      return has >= low && has <= high;
    case 'RANGE_EXCL':
      return has < low || has > high;
    case 'GREATER_OR_EQUAL':
      return has >= low;
    case 'LESS_OR_EQUAL':
      return has <= low;
    case 'GREATER_THAN':
      return has > low;
    case 'LESS_THAN':
      return has < low;
    default:
      return filter.operator satisfies never;
  }
}

const isWordFilter = (filter: Filter): filter is WordFilter =>
  filter.operator === 'MEMBER_OF' || filter.operator === 'NOT_MEMBER_OF';

export function meets(item: Item, filter: Filter): boolean {
  return isWordFilter(filter) ? meetsWords(item, filter) : meetsNumber(item, filter);
}

/** The most wanted first: by preferences, then by sorting, then plain views before others; equals stay in the order of the study. */
export function inOrder(
  items: readonly Item[],
  preferences: readonly Filter[],
  sorting: readonly Sorting[],
): readonly Item[] {
  return items.toSorted((one, other) => {
    for (const filter of preferences) {
      const difference = Number(meets(other, filter)) - Number(meets(one, filter));
      if (difference !== 0) return difference;
    }
    for (const { attribute, direction } of sorting) {
      const [left, right] = [numberOf(one, attribute), numberOf(other, attribute)];
      // What does not say stands behind what does, whichever way it is sorted.
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
        continue;
      }
      if (left !== right) return direction === 'INCREASING' ? left - right : right - left;
    }
    const plain = (one.instance?.viewModifiers ?? 0) - (other.instance?.viewModifiers ?? 0);
    if (plain !== 0) return plain;
    const raw = (item: Item): number => (item.instance?.intent === 'processing' ? 1 : 0);
    return raw(one) - raw(other);
  });
}
