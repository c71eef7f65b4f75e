import type { ImageMeasurement, MeasurementKind, Quantity } from './measurement.ts';
import { leadingQuantity } from './words.ts';

/** A measurement of an earlier study, as its SR tells it. */
export type EarlierMeasurement = Pick<ImageMeasurement, 'kind' | 'quantities' | 'trackingUid' | 'label'> & {
  readonly studyUid: string;
  /** YYYYMMDD; empty where the study has none. */
  readonly studyDate: string;
};

export type Growth = {
  readonly now: Quantity;
  readonly before: Quantity;
  /** `now` less `before`, in their unit. */
  readonly difference: number;
  /** Of `before`; null where that is 0. */
  readonly percent: number | null;
  readonly studyDate: string;
};

const comparable = (one: MeasurementKind, other: MeasurementKind): boolean =>
  one === other || (isDiameter(one) && isDiameter(other));
const isDiameter = (kind: MeasurementKind): boolean => kind === 'length' || kind === 'bidirectional';

/**
 * How much the same lesion (same tracking UID) changed since the latest earlier study that measured it the same way. Null where none
 * did, or where the units differ: pixels do not compare with millimetres.
 */
export function growthOf(measurement: ImageMeasurement, earlier: readonly EarlierMeasurement[]): Growth | null {
  const now = leadingQuantity(measurement);
  if (now === null) return null;
  const same = earlier
    .filter((one) => one.trackingUid === measurement.trackingUid && one.studyUid !== measurement.place.studyUid)
    .filter((one) => comparable(one.kind, measurement.kind))
    .sort((left, right) => right.studyDate.localeCompare(left.studyDate));
  for (const one of same) {
    const before = leadingQuantity(one);
    if (before === null || before.unit !== now.unit || before.unit === '{pixels}') continue;
    const difference = now.value - before.value;
    return {
      now,
      before,
      difference,
      percent: before.value === 0 ? null : (difference / before.value) * 100,
      studyDate: one.studyDate,
    };
  }
  return null;
}
