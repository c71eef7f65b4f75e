import {
  computedUid,
  type Plane,
  type PlaneDirections,
  type PlaneKind,
  planeAt,
  planeStack,
  planeWords,
  type Slab,
  type Vector,
  type VolumeGrid,
} from '../../../shared/domain/volume/index.ts';
import { imageIdOf } from '../describe-frames.ts';
import type { FrameReference, SeriesImages } from '../types.ts';

/** The picture that a frame is, as a plane in the patient; null where it does not say where it lies or what its pixels measure. */
export function planeOfFrame(reference: FrameReference): Plane | null {
  const { orientation, position, pixelSize, description } = reference;
  if (orientation.kind !== 'cosines' || position === null || pixelSize.kind !== 'patient') return null;
  return {
    origin: position,
    row: orientation.row,
    column: orientation.column,
    spacing: { row: pixelSize.row, column: pixelSize.column },
    rows: description.rows,
    columns: description.columns,
  };
}

export type PlaneWish = {
  readonly kind: PlaneKind;
  readonly directions: PlaneDirections;
  readonly slab: Slab;
  /** Patient coordinates that one of the planes goes through; the middle of the volume where absent. */
  readonly through?: Vector;
};

/** Stands in pictures where nothing was acquired (0 in the rare volumes whose values need all 16 bits above 0). */
export const outsideVoxel = -32_768;

/** Computed planes as a series that a viewport shows like any other. */
export function planeSeries(source: SeriesImages, grid: VolumeGrid, wish: PlaneWish): SeriesImages {
  const { kind, directions, slab, through } = wish;
  const stack = planeStack(grid, kind, directions, through);
  const middle = source.frames[Math.floor(source.frames.length / 2)];
  if (middle === undefined) throw new Error('A volume has slices');
  const { first } = stack;
  const figures = [first.origin, first.row, first.column, stack.normal].flatMap((one) =>
    one.map((at) => at.toFixed(4)),
  );
  const name = [
    source.seriesUid,
    kind,
    slab.mode,
    slab.thickness,
    first.spacing.row.toFixed(5),
    stack.step.toFixed(5),
    ...figures,
  ].join(' ');
  const origin = { archive: source.archive, epoch: source.epoch, studyUid: source.studyUid };
  const lossy = middle.marks.filter((mark) => mark.startsWith('lossy'));
  const overlaid = source.frames.some((frame) => frame.overlays.length > 0);
  const marks = [
    planeWords(kind, first.spacing.row, slab),
    ...lossy,
    ...(overlaid ? ['overlays of the images are not drawn on computed planes'] : []),
  ];
  const description = {
    ...middle.description,
    rows: first.rows,
    columns: first.columns,
    photometric: 'MONOCHROME2',
    frames: 1,
  };
  const frames = Array.from({ length: stack.count }, (_, index): FrameReference => {
    const uid = computedUid(name, index);
    return {
      ...middle,
      imageId: imageIdOf(origin, uid, 1),
      instanceUid: uid,
      frame: 1,
      instanceNumber: null,
      description,
      orientation: { kind: 'cosines', row: first.row, column: first.column },
      position: planeAt(stack, index).origin,
      pixelSize: { kind: 'patient', ...first.spacing },
      aspect: [1, 1],
      // What a picture holds is in the volume's own scale, which comes with its pixels.
      slope: 1,
      intercept: 0,
      padding: outsideVoxel,
      marks,
      masks: [],
      overlays: [],
      needsInstance: false,
      regions: [],
    };
  });
  return {
    ...source,
    seriesUid: computedUid(name, 1_000_000),
    frames,
    notShown: null,
    documents: [],
    objects: [],
    marks: grid.lean === 0 ? [] : [`gantry tilt of ${grid.lean.toFixed(1)}° is reckoned with`],
    frameTime: null,
    computed: { kind, stack, slab, source },
  };
}
