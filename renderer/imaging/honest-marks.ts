import { type DataSet, number, numbers, text } from './dicom-json.ts';
import type { FrameReference, Vector } from './types.ts';

/** Lossy Image Compression Method (0028,2114) in words (PS3.3 C.7.6.1.1.5.1). */
const methods: Readonly<Record<string, string>> = {
  ISO_10918_1: 'JPEG',
  ISO_14495_1: 'JPEG-LS',
  ISO_15444_1: 'JPEG 2000',
  ISO_15444_15: 'HTJ2K',
  ISO_13818_2: 'MPEG-2',
  ISO_14496_10: 'H.264',
  ISO_23008_2: 'H.265',
};

/** What a reader must know of one image beside its picture, in a few words each; empty for an ordinary one. */
export function imageMarks(
  data: DataSet,
  reference: Pick<FrameReference, 'pixelSize' | 'aspect' | 'description'>,
): readonly string[] {
  const { pixelSize, aspect, description } = reference;
  const tilt = number(data, '00181120') ?? 0;
  const shape = text(data, '20500020');
  const contradicts =
    (shape === 'INVERSE' && description.photometric === 'MONOCHROME2') ||
    (shape === 'IDENTITY' && description.photometric === 'MONOCHROME1');
  const [row, column] = pixelSize.kind === 'unknown' ? aspect : [pixelSize.row, pixelSize.column];
  const proportion = Math.max(row, column) / Math.min(row, column);
  return [
    lossyWords(data),
    // Gantry/Detector Tilt (0018,1120) of a projection is the tube's angle, not the patient's slices' (PS3.3 C.8.2.1, C.8.7.4).
    Math.abs(tilt) >= 0.05 && text(data, '00080060') === 'CT' ? `gantry tilt ${tilt.toFixed(1)}°` : null,
    proportion > 1.001 ? `pixels not square (${proportion.toFixed(2)} : 1), shown in true proportion` : null,
    // PS3.3 C.11.6.1.2 ties the one to the other.
    contradicts
      ? `black and white contradict each other (${description.photometric}, ${shape}): shown by the latter`
      : null,
  ].filter((words) => words !== null);
}

/** Lossy Image Compression (0028,2110): once lossy, always lossy (PS3.3 C.7.6.1.1.5). Null where it is not. */
function lossyWords(data: DataSet): string | null {
  if (text(data, '00282110') !== '01') return null;
  const ratio = numbers(data, '00282112').filter((one) => one > 1);
  const method = methods[text(data, '00282114')];
  return ['lossy', ratio.length === 0 ? '' : `${ratio.map((one) => one.toFixed(0)).join(' × ')}:1`, method ?? '']
    .filter((word) => word !== '')
    .join(' ');
}

/** Uneven or missing slices of a stack in the order that it is shown; empty where frames are no neighbours in space. */
export function stackMarks(frames: readonly FrameReference[]): readonly string[] {
  const gaps = slicesApart(frames);
  if (gaps === null) return [];
  const sorted = [...gaps].sort((one, other) => one - other);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const smallest = sorted[0] ?? 0;
  const largest = sorted.at(-1) ?? 0;
  // Tables move in tenths and headers are rounded: what a reader could not see is not told.
  const tolerance = Math.max(0.05, usual * 0.05);
  const odd = gaps.filter((gap) => Math.abs(gap - usual) > tolerance);
  if (odd.length === 0) return [];
  const missing = odd.map((gap) => Math.round(gap / usual) - 1);
  const isMissing = odd.every(
    (gap, at) => (missing[at] ?? 0) > 0 && Math.abs(gap - ((missing[at] ?? 0) + 1) * usual) <= tolerance,
  );
  if (isMissing && odd.length * 4 <= gaps.length) {
    const count = missing.reduce((sum, one) => sum + one, 0);
    const places = gaps.flatMap((gap, at) => (Math.abs(gap - usual) > tolerance ? [at + 1] : [])).slice(0, 3);
    return [
      `${count} ${count === 1 ? 'slice' : 'slices'} missing, after ${places.join(', ')}${odd.length > 3 ? ' …' : ''}`,
    ];
  }
  return [`slices unevenly apart: ${smallest.toFixed(1)} to ${largest.toFixed(1)} mm`];
}

/** Millimetres between neighbours along their common normal; null unless all are parallel and follow one another. */
function slicesApart(frames: readonly FrameReference[]): readonly number[] | null {
  const [first] = frames;
  if (frames.length < 4 || first === undefined || first.orientation.kind !== 'cosines') return null;
  const normal = cross(first.orientation.row, first.orientation.column);
  const along: number[] = [];
  for (const { orientation, position } of frames) {
    if (orientation.kind !== 'cosines' || position === null) return null;
    if (dot(cross(orientation.row, orientation.column), normal) < 0.999) return null;
    along.push(dot(position, normal));
  }
  const gaps = along.slice(1).map((place, at) => place - (along[at] ?? 0));
  const forward = (gaps[0] ?? 0) >= 0 ? 1 : -1;
  // Phases, echoes and directions share a place or come back to it: those stacks are more than one walk through space.
  return gaps.every((gap) => gap * forward > 0.001) ? gaps.map(Math.abs) : null;
}

function cross(one: Vector, other: Vector): Vector {
  return [
    one[1] * other[2] - one[2] * other[1],
    one[2] * other[0] - one[0] * other[2],
    one[0] * other[1] - one[1] * other[0],
  ];
}

function dot(one: Vector, other: Vector): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}
