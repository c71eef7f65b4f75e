import { canonicalJson } from '../../lib/canonical-json.ts';
import type { MarkHistory } from './history.ts';
import { type CaseMarks, type ImageMeasurement, type KeyImage, mostMarks, nextNumber } from './measurement.ts';

/** What one step did to the marks of a case, so that it can be done to them elsewhere: what is new or otherwise, and what is gone. */
export type MarksChange = {
  readonly measurements: readonly ImageMeasurement[];
  readonly keyImages: readonly KeyImage[];
  /** Ids of both kinds. */
  readonly gone: readonly string[];
};

const idsOf = (marks: CaseMarks): readonly string[] => [...marks.measurements, ...marks.keyImages].map((one) => one.id);

/** Null where nothing is otherwise. Values are compared by what they say: marks that came by message are never the same objects. */
export function marksChange(before: CaseMarks, after: CaseMarks): MarksChange | null {
  if (before === after) return null;
  const known = new Map([...before.measurements, ...before.keyImages].map((one) => [one.id, canonicalJson(one)]));
  const isOther = (one: ImageMeasurement | KeyImage): boolean => known.get(one.id) !== canonicalJson(one);
  const kept = new Set(idsOf(after));
  const measurements = after.measurements.filter(isOther);
  const keyImages = after.keyImages.filter(isOther);
  const gone = idsOf(before).filter((id) => !kept.has(id));
  return measurements.length + keyImages.length + gone.length === 0 ? null : { measurements, keyImages, gone };
}

/**
 * The marks with the change in them; done twice it is as done once. `numbers`: the window that writes gives them (`own`) - a new
 * measurement whose number another one has takes the next free one, since two windows may have drawn at the same moment - and the others
 * take what it tells (`told`). What there is no room for is left out.
 */
export function withChange(marks: CaseMarks, change: MarksChange, numbers: 'own' | 'told' = 'own'): CaseMarks {
  const gone = new Set(change.gone);
  let measurements = marks.measurements.filter((one) => !gone.has(one.id));
  for (const one of change.measurements) {
    const at = measurements.findIndex((other) => other.id === one.id);
    const before = measurements[at];
    if (before !== undefined)
      measurements = measurements.with(at, numbers === 'told' ? one : { ...one, number: before.number });
    else if (measurements.length < mostMarks) {
      const isTaken = numbers === 'own' && measurements.some((other) => other.number === one.number);
      const number = isTaken ? nextNumber({ measurements, keyImages: [] }) : one.number;
      measurements = [...measurements, { ...one, number }];
    }
  }
  let keyImages = marks.keyImages.filter((one) => !gone.has(one.id));
  for (const one of change.keyImages) {
    const at = keyImages.findIndex((other) => other.id === one.id);
    if (at !== -1) keyImages = keyImages.with(at, one);
    else if (keyImages.length < mostMarks) keyImages = [...keyImages, one];
  }
  return { measurements: measurements.toSorted((left, right) => left.number - right.number), keyImages };
}

/**
 * What was done elsewhere lies beneath every step that was done here: undo takes back own steps alone. A mark that is here already and is
 * told of again (with another number, say) is no new one: where a step had not drawn it yet, it stays undrawn.
 */
export function rebased(history: MarkHistory, change: MarksChange): MarkHistory {
  const here = new Set(idsOf(history.present));
  const beneath = (marks: CaseMarks): CaseMarks => {
    const there = new Set(idsOf(marks));
    const isMeant = ({ id }: { readonly id: string }): boolean => !here.has(id) || there.has(id);
    const meant = {
      ...change,
      measurements: change.measurements.filter(isMeant),
      keyImages: change.keyImages.filter(isMeant),
    };
    return withChange(marks, meant, 'told');
  };
  return {
    past: history.past.map(beneath),
    present: withChange(history.present, change, 'told'),
    future: history.future.map(beneath),
  };
}
