import { assertNever } from '../../../shared/lib/assert-never.ts';
import { breast } from './breast.ts';
import { head } from './phantom-head.ts';
import { knee, lumbar } from './phantom-joints.ts';
import { abdomen, chest } from './phantom-trunk.ts';
import { burnSides, burnStamp, type Plane, soften, stampPlane, toSamples16 } from './picture.ts';
import type { Frame } from './pixel-codecs.ts';
import { radiograph } from './radiograph-parts.ts';
import { noiseTable, type Random, randomFrom } from './random.ts';
import { add, type Point, type SliceGeometry, type Solid, sliceTissues } from './solids.ts';
import { hounsfield, hounsfieldContrast, signal } from './tissues.ts';
import type { CrossSection, DemoInstance, DemoSeries, DemoStudy, ImagingPlane, Recipe } from './types.ts';
import { ultrasoundFrame } from './ultrasound.ts';

/** Directions of rows and columns (PS3.3 C.7.6.2.1.1) of the three planes; slices go along their cross product, highest first. */
export const planeAxes: { readonly [Plane in ImagingPlane]: { readonly row: Point; readonly column: Point } } = {
  axial: { row: [1, 0, 0], column: [0, 1, 0] },
  sagittal: { row: [0, 1, 0], column: [0, 0, -1] },
  coronal: { row: [1, 0, 0], column: [0, 0, -1] },
};

/**
 * Where slice `index` (0-based, the instance number less one) of a series lies. The first slice is the one farthest along the
 * normal, so that sorting by position, as viewers do, gives the order of the instance numbers.
 */
export function sliceGeometry(series: DemoSeries, index: number): SliceGeometry {
  const { recipe, width, height, spacing } = series;
  const half = ((width - 1) * spacing) / 2;
  if (recipe.kind === 'ct') {
    return {
      width,
      height,
      spacing,
      ...planeAxes.axial,
      origin: [
        -half - aside(recipe),
        -((height - 1) * spacing) / 2 - aside(recipe) / 2,
        recipe.top - index * recipe.step,
      ],
    };
  }
  if (recipe.kind !== 'mr') throw new Error(`a ${recipe.kind} has no slices`);
  const { row, column } = planeAxes[recipe.plane];
  const normal: Point = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
  const shift = aside(recipe);
  const along = ((series.instances.length - 1) / 2 - index) * recipe.step;
  const centre = add(recipe.middle, normal, along);
  const origin = add(add(centre, row, -half - shift), column, -((height - 1) * spacing) / 2 - shift / 2);
  return { width, height, spacing, row, column, origin };
}

/** A head fills its picture: it lies a little to the right and down, so that the mark covers less of it. In mm. */
function aside(recipe: Extract<Recipe, { kind: 'ct' | 'mr' }>): number {
  return recipe.body.region === 'head' ? 14 : 0;
}

function bodyOf(body: CrossSection, study: DemoStudy): Solid[] {
  const random = randomFrom(`${study.seed}|body`);
  switch (body.region) {
    case 'head':
      return head(random, body.finding);
    case 'chest':
      return chest(random, { sex: study.patient.sex === 'F' ? 'F' : 'M', finding: body.finding, build: body.build });
    case 'abdomen':
      return abdomen(random, { sex: study.patient.sex === 'F' ? 'F' : 'M', finding: body.finding, build: body.build });
    case 'knee':
      return knee(random, study.laterality === 'R' ? -1 : 1, body.finding);
    case 'lumbar':
      return lumbar(random, body.finding);
    default:
      return assertNever(body);
  }
}

/** Noise between softenings gives the blotches of a reconstruction; noise after them gives grain. */
function addNoise(plane: Plane, deviation: number, random: Random): void {
  const noise = noiseTable();
  const { values } = plane;
  for (let start = 0; start < values.length; start += 4096) {
    let at = random.integer(0, noise.length - 1);
    const end = Math.min(values.length, start + 4096);
    for (let index = start; index < end; index++) {
      at = (at + 1) & (noise.length - 1);
      values[index] = (values[index] ?? 0) + (noise[at] ?? 0) * deviation;
    }
  }
}

function toPlane(labels: Uint8Array, values: Float32Array, width: number, height: number): Plane {
  const plane: Plane = { width, height, values: new Float32Array(labels.length) };
  for (let index = 0; index < labels.length; index++) plane.values[index] = values[labels[index] ?? 0] ?? 0;
  return plane;
}

function ctPlane(
  solids: readonly Solid[],
  series: DemoSeries,
  recipe: Extract<Recipe, { kind: 'ct' }>,
  index: number,
  random: Random,
): Plane {
  const labels = sliceTissues(solids, sliceGeometry(series, index));
  const plane = toPlane(labels, recipe.contrast ? hounsfieldContrast : hounsfield, series.width, series.height);
  const sharp = recipe.kernel !== 'soft';
  const large = recipe.body.region === 'head' ? 0.35 : 1;
  addNoise(plane, (sharp ? 34 : 30) * large, random);
  soften(plane, sharp ? 1 : 2);
  addNoise(plane, (sharp ? 22 : 3) * large, random);
  return plane;
}

function mrPlane(
  solids: readonly Solid[],
  series: DemoSeries,
  recipe: Extract<Recipe, { kind: 'mr' }>,
  index: number,
  random: Random,
): Plane {
  const labels = sliceTissues(solids, sliceGeometry(series, index));
  const plane = toPlane(labels, signal[recipe.weighting], series.width, series.height);
  addNoise(plane, 22, random);
  soften(plane, 1);
  const { width, height, values } = plane;
  // The coil: a smooth slope of brightness, and Rician noise that never falls below zero.
  const spine = recipe.body.region === 'lumbar';
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const away =
        spine && recipe.plane === 'sagittal'
          ? 0.62 + (0.6 * x) / width
          : 1.06 - 0.22 * Math.hypot(x / width - 0.45, y / height - 0.5);
      values[at] = (values[at] ?? 0) * away;
    }
  }
  addNoise(plane, 12, random);
  for (let at = 0; at < values.length; at++) values[at] = Math.abs(values[at] ?? 0);
  return plane;
}

/** Value of full white in stored samples of 12 bits. */
export const white12 = 4095;

function grayFrame(plane: Plane, offset: number): Frame {
  return {
    width: plane.width,
    height: plane.height,
    bitsPerSample: 16,
    components: 1,
    bytes: toSamples16(plane, 0, white12, offset),
  };
}

/** Makes the frames of instance after instance of a series; what they share (the body) is made once. */
export function seriesRenderer(study: DemoStudy, series: DemoSeries): (instance: DemoInstance) => readonly Frame[] {
  const { recipe } = series;
  let solids: Solid[] | null = null;
  const body = (section: CrossSection): Solid[] => {
    solids ??= bodyOf(section, study);
    return solids;
  };
  return (instance) => {
    const random = randomFrom(`${study.seed}|${series.number}|${instance.number}`);
    const mark = (slice: number) => ({ case: study.number, series: series.number, slice, side: instance.side });
    switch (recipe.kind) {
      case 'ct': {
        const plane = ctPlane(body(recipe.body), series, recipe, instance.number - 1, random);
        stampPlane(plane, { mark: mark(instance.number), black: -1024, white: white12 - 1024, bar: instance.bar });
        return [grayFrame(plane, 1024)];
      }
      case 'mr': {
        const plane = mrPlane(body(recipe.body), series, recipe, instance.number - 1, random);
        stampPlane(plane, { mark: mark(instance.number), black: 0, white: white12, bar: instance.bar });
        return [grayFrame(plane, 0)];
      }
      case 'radiograph': {
        const view = recipe.views[instance.number - 1];
        if (view === undefined) throw new Error(`no view ${instance.number}`);
        const { width, height, spacing } = series;
        const shared = randomFrom(`${study.seed}|body`);
        const plane = radiograph(view, { width, height, spacing, side: series.side, finding: recipe.finding }, shared);
        stampPlane(plane, { mark: mark(instance.number), black: 0, white: white12, bar: instance.bar });
        if (recipe.mirroredHeader) burnSides(plane, 0, white12);
        if (recipe.monochrome1)
          for (let at = 0; at < plane.values.length; at++) plane.values[at] = white12 - (plane.values[at] ?? 0);
        return [grayFrame(plane, 0)];
      }
      case 'breast': {
        const { width, height } = series;
        const side = series.side ?? 'L';
        const plane = breast(
          { width, height, side, view: recipe.view, density: recipe.density, finding: recipe.finding },
          randomFrom(`${study.seed}|${series.number}`),
        );
        stampPlane(plane, { mark: mark(instance.number), black: 0, white: white12, bar: instance.bar });
        return [grayFrame(plane, 0)];
      }
      case 'ultrasound': {
        return Array.from({ length: instance.frames }, (_, frame) => {
          const speckle = randomFrom(`${study.seed}|${series.number}`);
          const { width, height } = series;
          const bytes = ultrasoundFrame(
            { width, height, subject: recipe.subject, phase: frame / instance.frames },
            speckle,
          );
          burnStamp(
            width,
            height,
            { mark: mark(instance.frames === 1 ? instance.number : frame + 1), bar: instance.bar },
            (x, y, white) => {
              bytes.fill(white ? 255 : 0, (y * width + x) * 3, (y * width + x) * 3 + 3);
            },
          );
          return { width, height, bitsPerSample: 8, components: 3, bytes };
        });
      }
      default:
        return assertNever(recipe);
    }
  };
}
