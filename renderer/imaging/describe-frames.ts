import { type DataSet, has, items, number, numbers, text, uid } from './dicom-json.ts';
import { imageMarks } from './honest-marks.ts';
import { frameNames } from './objects/frame-names.ts';
import { ultrasoundRegions } from './objects/ultrasound-regions.ts';
import { overlaysDescribed } from './overlay-planes.ts';
import { petUptake } from './pet-uptake.ts';
import { pixelSize } from './pixel-size.ts';
import { maskOperations } from './subtraction/mask-operation.ts';
import type { FrameReference, Orientation, PixelDescription, Vector, VoiFunction } from './types.ts';
import { wrongShape } from './wrong-shape.ts';

export type SeriesOrigin = { readonly archive: string; readonly epoch: number; readonly studyUid: string };

/** Scheme and parts of an image id. It names the epoch, so that an image of an earlier case can never answer for this one. */
export function imageIdOf(origin: SeriesOrigin, instanceUid: string, frame: number): string {
  return `overread:${encodeURIComponent(origin.archive)}/${origin.epoch}/${origin.studyUid}/${instanceUid}/${frame}`;
}

/** Milliseconds between frames of a cine; null where it is none. */
export function frameTime(data: DataSet, count: number): number | null {
  if (count < 2) return null;
  const milliseconds = number(data, '00181063') ?? numbers(data, '00181065')[1] ?? null;
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  const rate = number(data, '00082144') ?? number(data, '00180040');
  return rate !== null && rate > 0 ? 1000 / rate : null;
}

/** From each frame to the next by Frame Time Vector (0018,1065), whose first value is none; null where one time holds for all. */
export function frameTimes(data: DataSet, count: number): readonly number[] | null {
  const vector = numbers(data, '00181065');
  if (count < 2 || vector.length !== count || number(data, '00181063') !== null) return null;
  const steps = vector.slice(1).map((step) => Math.min(10_000, Math.max(1, step)));
  const usual = frameTime(data, count) ?? 1000 / 15;
  return steps.some((step) => Math.abs(step - (steps[0] ?? 0)) > 0.5) ? [...steps, usual] : null;
}

/** By position along the normal where all are parallel, else by Instance Number (0020,0013). */
export function ordered(instances: readonly DataSet[]): readonly DataSet[] {
  const byNumber = [...instances].sort(
    (one, other) =>
      (number(one, '00200013') ?? 0) - (number(other, '00200013') ?? 0) ||
      (uid(one, '00080018') ?? '').localeCompare(uid(other, '00080018') ?? ''),
  );
  const places = byNumber.map((data) => ({
    data,
    cosines: cosines(numbers(data, '00200037')),
    position: vector(numbers(data, '00200032')),
  }));
  const reference = places[0]?.cosines ?? null;
  if (reference === null || places.length < 2) return byNumber;
  const normal = cross(reference.row, reference.column);
  const distances: number[] = [];
  for (const place of places) {
    if (place.cosines === null || place.position === null) return byNumber;
    if (dot(cross(place.cosines.row, place.cosines.column), normal) < 0.999) return byNumber;
    distances.push(dot(place.position, normal));
  }
  // Two instances at one place are phases or echoes, not neighbours: their own numbers tell their order.
  const distinct = new Set(distances.map((distance) => distance.toFixed(3)));
  if (distinct.size !== distances.length) return byNumber;
  // The archive's numbering says from which end to begin.
  const forward = (distances.at(-1) ?? 0) >= (distances[0] ?? 0) ? 1 : -1;
  return places
    .map((place, index) => ({ data: place.data, distance: (distances[index] ?? 0) * forward }))
    .sort((one, other) => one.distance - other.distance)
    .map((place) => place.data);
}

export function framesOf(origin: SeriesOrigin, data: DataSet, modality: string): readonly FrameReference[] {
  const instanceUid = uid(data, '00080018');
  const bitsAllocated = number(data, '00280100') ?? 16;
  const bitsStored = number(data, '00280101') ?? bitsAllocated;
  const description: PixelDescription = {
    rows: number(data, '00280010') ?? 0,
    columns: number(data, '00280011') ?? 0,
    samplesPerPixel: number(data, '00280002') ?? 1,
    photometric: text(data, '00280004') || 'MONOCHROME2',
    planar: number(data, '00280006') ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: number(data, '00280102') ?? bitsStored - 1,
    signed: number(data, '00280103') === 1,
    frames: Math.min(20_000, Math.max(1, number(data, '00280008') ?? 1)),
  };
  if (instanceUid === null || (wrongShape(description) !== null && description.rows * description.columns === 0))
    return [];
  const shared = items(data, '52009229')[0] ?? null;
  const perFrame = items(data, '52009230');
  const group = (frame: number, tag: string): DataSet | null => {
    const own = perFrame[frame];
    return (
      (own === undefined ? undefined : items(own, tag)[0]) ??
      (shared === null ? undefined : items(shared, tag)[0]) ??
      null
    );
  };
  const factor = petUptake(data, modality);
  const uptake = factor?.ok === true ? factor.value : null;
  const withoutUptake = factor?.ok === false ? [`no SUV: ${factor.error}`] : [];
  const ultrasound = ultrasoundRegions(data);
  const overlays = overlaysDescribed(data);
  const masks = maskOperations(data);
  const unfit = [
    ...(ultrasound.fits ? [] : ['ultrasound regions do not fit the image: not calibrated']),
    ...(overlays.embedded ? ['has an overlay in unused bits of its pixels (retired): not drawn'] : []),
  ];
  const named = frameNames(data, description.frames);
  return Array.from({ length: description.frames }, (_, index) => {
    const measures = group(index, '00289110');
    const rescale = group(index, '00289145') ?? data;
    const voi = group(index, '00289132') ?? data;
    const ratio = numbers(data, '00280034');
    const aspect: FrameReference['aspect'] =
      ratio.length === 2 && (ratio[0] ?? 0) > 0 && (ratio[1] ?? 0) > 0 ? [ratio[0] ?? 1, ratio[1] ?? 1] : [1, 1];
    const size = pixelSize(data, measures, modality);
    return {
      imageId: imageIdOf(origin, instanceUid, index + 1),
      instanceUid,
      frame: index + 1,
      instanceNumber: number(data, '00200013'),
      description,
      orientation: orientation(group(index, '00209116') ?? data, data),
      position: vector(numbers(group(index, '00209113') ?? data, '00200032')),
      pixelSize: size,
      aspect,
      regions: ultrasound.regions,
      marks: [
        ...named(index),
        ...imageMarks(data, { pixelSize: size, aspect, description }),
        ...unfit,
        ...withoutUptake,
      ],
      slope: number(rescale, '00281053') || 1,
      intercept: number(rescale, '00281052') ?? 0,
      rescaleUnit: rescaleUnit(rescale, modality) ?? petUnit(data, modality),
      uptake,
      window: windowOf(voi),
      windowFunction: windowFunction(voi),
      inverse: isInverse(data, description.photometric),
      padding: number(data, '00280120'),
      masks,
      isLinear: text(data, '00281040') === 'LIN',
      overlays: overlays.groups,
      needsInstance:
        overlays.groups.length > 0 ||
        description.photometric === 'PALETTE COLOR' ||
        has(data, '00283000') ||
        has(data, '00283010') ||
        has(data, '7FE00008'),
    };
  });
}

function rescaleUnit(rescale: DataSet, modality: string): string | null {
  const type = text(rescale, '00281054');
  if (modality === 'CT') return type === '' || type === 'HU' ? 'HU' : type;
  return type === '' || type === 'US' ? null : type;
}

/** Units (0054,1001) of PET, in UCUM where there is one. */
function petUnit(data: DataSet, modality: string): string | null {
  if (modality !== 'PT') return null;
  const units = text(data, '00541001');
  return units === 'BQML' ? 'Bq/ml' : units === '' ? null : units;
}

function windowOf(data: DataSet): FrameReference['window'] {
  const [center] = numbers(data, '00281050');
  const [width] = numbers(data, '00281051');
  if (center === undefined || width === undefined) return null;
  // LINEAR needs a width of 1, the others more than none (PS3.3 C.11.2.1.2.1, C.11.2.1.3).
  return width >= 1 || (width > 0 && windowFunction(data) !== 'linear') ? { center, width } : null;
}

/** VOI LUT Function (0028,1056); LINEAR where it is absent or unknown (PS3.3 C.11.2.1.2). */
function windowFunction(data: DataSet): VoiFunction {
  const name = text(data, '00281056');
  return name === 'SIGMOID' ? 'sigmoid' : name === 'LINEAR_EXACT' ? 'linear-exact' : 'linear';
}

/** Presentation LUT Shape (2050,0020) says how the last step goes (PS3.3 C.11.6); where there is none, MONOCHROME1 does (C.7.6.3.1.2). */
function isInverse(data: DataSet, photometric: string): boolean {
  const shape = text(data, '20500020');
  if (photometric !== 'MONOCHROME1' && photometric !== 'MONOCHROME2') return false;
  return shape === 'INVERSE' || (shape !== 'IDENTITY' && photometric === 'MONOCHROME1');
}

function orientation(plane: DataSet, data: DataSet): Orientation {
  const found = cosines(numbers(plane, '00200037'));
  if (found !== null) return { kind: 'cosines', ...found };
  const row = text(data, '00200020', 0).replace(/[^APRLHF]/g, '');
  const column = text(data, '00200020', 1).replace(/[^APRLHF]/g, '');
  return row !== '' && column !== '' ? { kind: 'letters', row, column } : { kind: 'none' };
}

export function cosines(six: readonly number[]): { readonly row: Vector; readonly column: Vector } | null {
  const row = vector(six.slice(0, 3));
  const column = vector(six.slice(3, 6));
  if (six.length !== 6 || row === null || column === null) return null;
  // Unit length and right angles within what writers round (PS3.3 C.7.6.2.1.1).
  const sound =
    Math.abs(dot(row, row) - 1) < 0.02 && Math.abs(dot(column, column) - 1) < 0.02 && Math.abs(dot(row, column)) < 0.02;
  return sound ? { row, column } : null;
}

export function vector(three: readonly number[]): Vector | null {
  const [x, y, z] = three;
  return x !== undefined && y !== undefined && z !== undefined ? [x, y, z] : null;
}

export function cross(one: Vector, other: Vector): Vector {
  return [
    one[1] * other[2] - one[2] * other[1],
    one[2] * other[0] - one[0] * other[2],
    one[0] * other[1] - one[1] * other[0],
  ];
}

export function dot(one: Vector, other: Vector): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}
