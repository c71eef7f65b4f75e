import {
  type CaseMarks,
  type ImageMeasurement,
  type ImagePlace,
  type KeyImageLook,
  measurementKinds,
  mostMarks,
  mostPoints,
  quantityNames,
} from '../domain/measurement/index.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list, uid } from './trade-schemas.ts';

const direction = z.tuple([z.number(), z.number(), z.number()]).readonly();

export const imagePlaceSchema = z.object({
  studyUid: uid,
  seriesUid: uid,
  instanceUid: uid,
  frame: z.number().int().positive(),
  frameOfReferenceUid: uid.nullable(),
  computed: z
    .object({
      words: z.string().max(200),
      sourceSeriesUid: uid,
      origin: direction,
      row: direction,
      column: direction,
    })
    .optional(),
}) satisfies z.ZodType<ImagePlace>;

const size = { row: z.number().positive(), column: z.number().positive() };

const measurementSchema = z.object({
  id: z.uuid(),
  number: z.number().int().positive(),
  kind: z.enum(measurementKinds),
  place: imagePlaceSchema,
  points: list(z.tuple([z.number(), z.number()]).readonly(), mostPoints),
  label: z.string().max(200),
  trackingUid: uid,
  spacing: z.discriminatedUnion('source', [
    z.object({ source: z.literal('patient'), ...size }),
    z.object({ source: z.literal('detector'), ...size }),
    z.object({ source: z.literal('calibrated'), ...size, by: z.enum(['GEOMETRY', 'FIDUCIAL']).nullable() }),
    z.object({ source: z.literal('region'), ...size }),
    z.object({ source: z.literal('none'), aspect: z.number().positive() }),
  ]),
  quantities: list(z.object({ name: z.enum(quantityNames), value: z.number(), unit: z.string().max(64) }), 16),
}) satisfies z.ZodType<ImageMeasurement>;

const step = z.union([z.literal(-1), z.literal(0), z.literal(1)]);
const way = z.tuple([step, step]).readonly();

const lookSchema = z.object({
  window: z.object({ center: z.number(), width: z.number().positive() }).nullable(),
  invert: z.boolean(),
  alongRow: way,
  alongColumn: way,
  subtracted: z.boolean(),
}) satisfies z.ZodType<KeyImageLook>;

export const marksSchema = z.object({
  measurements: list(measurementSchema, mostMarks),
  keyImages: list(z.object({ id: z.uuid(), place: imagePlaceSchema, look: lookSchema.optional() }), mostMarks),
}) satisfies z.ZodType<CaseMarks>;

/** What the archive took; `left`: marks on images of other studies or on none that it holds. */
export const marksStoredSchema = z.object({
  measurements: z.number().int().nonnegative(),
  /** Of the measurements, those that are drawn by presentation states too. */
  drawn: z.number().int().nonnegative(),
  keyImages: z.number().int().nonnegative(),
  left: z.number().int().nonnegative(),
});
export type MarksStored = z.output<typeof marksStoredSchema>;

/** What became of the marks that were signed with one version; the host files them, whether or not a page is open. */
export const marksSavingSchema = z.object({
  taskId: z.string().max(200),
  version: z.number().int().positive(),
  digest: z.string().max(200),
  since: instantSchema,
  state: z.enum(['waiting', 'saved', 'refused', 'given-back']),
  why: z.string().max(4_000),
  measurements: z.number().int().nonnegative(),
  keyImages: z.number().int().nonnegative(),
  left: list(z.object({ count: z.number().int().positive(), reason: z.string().max(400) })),
});
export type MarksSavingView = z.output<typeof marksSavingSchema>;
