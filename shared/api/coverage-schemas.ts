import { type CaseCoverage, type KeptCoverage, mostWindows } from '../domain/coverage/index.ts';
import { views } from '../domain/hanging/index.ts';
import type { BreastImageFacts } from '../domain/mammography/index.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list } from './trade-schemas.ts';

const count = z.number().int().nonnegative();
const ranges = list(z.tuple([count, count]).readonly(), 20_000);
const figure = z.number().finite();
const window = z.union([z.object({ table: z.string() }), z.object({ center: figure, width: figure })]);

/** What stood on the screen: between the windows of one reader and in the sealed store of her computer, and nowhere else. */
export const caseCoverageSchema = z.record(
  z.string(),
  z.object({
    studyUid: z.string(),
    seriesUid: z.string(),
    frames: list(z.string(), 50_000),
    shown: ranges,
    full: ranges,
    windows: list(z.object({ window, shown: ranges }), mostWindows),
    planes: z.boolean(),
    areas: z.record(z.string(), ranges),
  }),
) satisfies z.ZodType<CaseCoverage>;

export const keptCoverageSchema = z.object({
  taskId: z.string(),
  readerId: z.string(),
  savedAt: instantSchema,
  series: caseCoverageSchema,
}) satisfies z.ZodType<KeptCoverage>;

const breastImageSchema = z.object({
  instanceUid: z.string(),
  seriesUid: z.string(),
  sopClassUid: z.string(),
  modality: z.string(),
  bodyPart: z.string(),
  lossy: z.boolean(),
  conversionType: z.string(),
  intent: z.enum(['presentation', 'processing']).nullable(),
  laterality: z.enum(['L', 'R', 'B']).nullable(),
  view: z.enum(views).nullable(),
  viewModifiers: count,
  description: z.string(),
  number: figure.nullable(),
  frames: count,
  rows: count,
  columns: count,
}) satisfies z.ZodType<BreastImageFacts>;

/** A study that is read, as the images of a window know it. */
export const studyToReadSchema = z.object({
  studyUid: z.string(),
  series: list(z.object({ studyUid: z.string(), seriesUid: z.string(), name: z.string() }), 2_000),
  breasts: list(breastImageSchema, 2_000),
  whole: z.boolean(),
});
