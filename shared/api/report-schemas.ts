import { channels, type Delivery, deliveryStates } from '../domain/delivery/index.ts';
import { measurementKinds, mostMarks } from '../domain/measurement/index.ts';
import {
  agreements,
  type Draft,
  fieldKinds,
  type Measurement,
  mostDoubts,
  mostSeriesOpened,
  mostSpansOfDraft,
  mostTogether,
  type PendingReport,
  type ReportContent,
  type ReportField,
  type ReportVersion,
  releaseKinds,
  type SectionTexts,
  withdrawalReasons,
} from '../domain/report/index.ts';
import type { ReadingEvent } from '../domain/turnaround/index.ts';
import { clockSources, eventTypes } from '../domain/turnaround/index.ts';
import { z } from './jitless-zod.ts';
import { marksSchema } from './measurement-schemas.ts';
import {
  id,
  instantSchema,
  list,
  longText,
  millisSchema,
  patientSchema,
  resolutionSchema,
  text,
  uid,
} from './trade-schemas.ts';

export const reportStateSchema = z.enum([
  'draft',
  'signed-not-released',
  'preliminary',
  'final',
  'appended',
  'corrected',
  'entered-in-error',
]);

export const sectionTextsSchema = z.object({
  '55752-0': longText,
  '55111-9': longText,
  '18834-2': longText,
  '59776-5': longText,
  '19005-8': longText,
}) satisfies z.ZodType<SectionTexts>;

export const measurementSchema = z.object({
  id: text,
  studyUid: uid,
  seriesUid: uid,
  instanceUid: uid,
  frame: z.number().int().positive(),
  tool: z.enum(measurementKinds),
  text,
  value: z.number(),
  unit: text,
}) satisfies z.ZodType<Measurement>;

export const sectionCodeSchema = z.enum(['55752-0', '55111-9', '18834-2', '59776-5', '19005-8']);
const offset = z.number().int().nonnegative();
const fieldWords = z.string().max(200);

export const reportFieldSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'letters, digits, _ and -, 64 at most' }),
  name: fieldWords.min(1),
  kind: z.enum(fieldKinds),
  required: z.boolean(),
  choices: list(z.string().min(1).max(500), 100).optional(),
  many: z.boolean().optional(),
  unit: z.string().max(30).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
}) satisfies z.ZodType<ReportField>;

const draftFieldSchema = z.object({
  key: fieldWords,
  section: sectionCodeSchema,
  exam: uid.optional(),
  from: offset,
  to: offset,
  field: reportFieldSchema,
  state: z.enum(['empty', 'default', 'filled']),
});
const sourcedWordsSchema = z.object({
  key: fieldWords,
  section: sectionCodeSchema,
  exam: uid.optional(),
  from: offset,
  to: offset,
  source: z.enum(['order', 'images', 'priors', 'prior-report', 'measurement', 'template', 'macro']),
  words: fieldWords,
  value: longText,
  rest: z.boolean().optional(),
});
const doubtfulWordsSchema = z.object({
  in: z.union([sectionCodeSchema, z.enum(['addendum', 'reason'])]),
  exam: uid.optional(),
  from: offset,
  to: offset,
  words: text,
  grave: z.boolean(),
});
const draftTemplateSchema = z.object({
  id: fieldWords,
  version: z.number().int().nonnegative(),
  title: fieldWords,
  level: z.enum(['user', 'site', 'group', 'shipped']),
  exam: uid.optional(),
});

export const draftSchema = z.object({
  taskId: text,
  studyUid: uid.nullable(),
  readerId: text,
  kind: z.enum(['report', 'addendum', 'correction']),
  baseVersion: z.number().int().nonnegative(),
  revision: z.number().int().nonnegative(),
  sections: sectionTextsSchema,
  addendum: longText,
  communication: longText.optional(),
  reason: text,
  measurements: list(measurementSchema, 500),
  together: list(
    z.object({
      taskId: text,
      studyUid: uid,
      accession: text.nullable(),
      exam: text,
      studyDate: text.nullable(),
      texts: z.object({ '55111-9': longText, '59776-5': longText, '19005-8': longText }),
      imagesAtStart: z.number().int().nonnegative().optional(),
    }),
    mostTogether - 1,
  ).optional(),
  marks: marksSchema.optional(),
  imagesAtStart: z.number().int().nonnegative().optional(),
  fields: list(draftFieldSchema, mostSpansOfDraft).optional(),
  sourced: list(sourcedWordsSchema, mostSpansOfDraft).optional(),
  doubtful: list(doubtfulWordsSchema, mostDoubts).optional(),
  templates: list(draftTemplateSchema, 20).optional(),
  savedAt: instantSchema,
}) satisfies z.ZodType<Draft>;

const releaseKind = z.enum(releaseKinds);

export const reportContentSchema = z.object({
  schema: z.literal('overread-report-1'),
  reportId: id,
  version: z.number().int().positive(),
  kind: releaseKind,
  parentDigest: text.nullable(),
  taskId: text,
  orderId: text.nullable(),
  archive: text.nullable(),
  studyUid: uid,
  accession: text.nullable(),
  patient: patientSchema,
  exam: z.object({
    procedure: text,
    modality: text.nullable(),
    bodyPart: text.nullable(),
    laterality: text.nullable(),
    studyDate: text.nullable(),
    site: text.nullable(),
  }),
  sections: list(z.object({ code: text, title: text, text: longText, exam: uid.optional() })),
  together: z
    .object({
      id,
      signed: list(text, mostTogether),
      exams: list(
        z.object({
          taskId: text,
          orderId: text.nullable(),
          archive: text.nullable(),
          studyUid: uid,
          accession: text.nullable(),
          exam: text,
          studyDate: text.nullable(),
          reportId: id,
          version: z.number().int().positive(),
          instances: list(uid),
        }),
        mostTogether,
      ),
    })
    .optional(),
  reason: text.nullable(),
  // Absent on every version that is no preliminary, and on those signed before it was said.
  finalisation: z.object({ by: text, due: instantSchema.nullable() }).optional(),
  // Absent on every version that follows no preliminary, and on those signed before it was said.
  preliminary: z
    .object({
      version: z.number().int().positive(),
      signer: z.object({ id: text, name: text }),
      changed: z.boolean(),
      agreement: z.enum(agreements).nullable(),
    })
    .optional(),
  // Absent on every version that its signer wrote herself, and on those signed before it was said.
  dictatedBy: z
    .object({
      id: text,
      name: text,
      npi: text.nullable(),
      givenAt: instantSchema,
      digest: text,
      changed: z.boolean(),
    })
    .optional(),
  // Absent on every version that is no withdrawal: canonical JSON and digest of those stay what they were.
  withdrawal: z.object({ why: z.enum(withdrawalReasons), rightTaskId: text.nullable() }).optional(),
  measurements: list(measurementSchema),
  instances: list(uid),
  comparisons: list(uid),
  // Absent in what was signed before it was kept: canonical JSON and digest of those stay what they were.
  seriesOpened: list(uid, mostSeriesOpened).optional(),
  // Absent where no image was marked as key, and in what was signed before their pictures stood in the PDF.
  keyImages: list(
    z.object({
      studyUid: uid,
      seriesUid: uid,
      instanceUid: uid,
      frame: z.number().int().positive(),
      caption: text,
      picture: text.nullable(),
      why: text.nullable(),
    }),
    mostMarks,
  ).optional(),
  identityResolution: resolutionSchema.nullable(),
  signer: z.object({ id: text, name: text, npi: text.nullable() }),
  // Absent in what was signed before it was asked: canonical JSON and digest of those stay what they were.
  readingFrom: z.string().max(10).optional(),
  signedAt: instantSchema,
  fencingToken: z.number().int().nullable(),
  auditHead: text,
  notForClinicalUse: z.boolean(),
}) satisfies z.ZodType<ReportContent>;

/** What a reader signed who gave her report to be signed by another. */
export const pendingReportSchema = reportContentSchema.extend({
  schema: z.literal('overread-pending-1'),
  kind: z.literal('pending'),
}) satisfies z.ZodType<PendingReport>;

export const reportVersionSchema = z.object({
  version: z.number().int().positive(),
  kind: releaseKind,
  state: reportStateSchema,
  digest: text,
  content: reportContentSchema,
  releasedAt: instantSchema.nullable(),
  returned: text.nullable(),
}) satisfies z.ZodType<ReportVersion>;

/** The report of a case: its state in one word and its signed versions, oldest first. */
export const reportViewSchema = z.object({
  reportId: text,
  state: reportStateSchema,
  versions: list(reportVersionSchema),
});
export type ReportView = z.output<typeof reportViewSchema>;

export const deliverySchema = z.object({
  id: text,
  reportId: text,
  version: z.number().int(),
  taskId: text,
  channel: z.enum(channels),
  name: text,
  state: z.enum(deliveryStates),
  attempts: z.number().int(),
  nextAttemptAt: instantSchema.nullable(),
  since: instantSchema,
  proof: text,
  again: z.number().int().optional(),
  job: z.object({ id: text, place: text, over: z.literal(true).optional() }).optional(),
}) satisfies z.ZodType<Delivery>;

export const eventSchema = z.object({
  id: text,
  type: z.enum(eventTypes),
  occurredAt: instantSchema,
  recordedAt: instantSchema.nullable(),
  clock: z.object({
    source: z.enum(clockSources),
    skew: millisSchema.nullable(),
    confidence: z.enum(['high', 'low']),
  }),
  actor: z.union([
    z.object({ kind: z.literal('person'), id: text, name: text }),
    z.object({ kind: z.literal('device'), name: text }),
  ]),
  subject: z.object({
    taskId: text,
    orderId: text.nullable(),
    accession: text.nullable(),
    studyUid: text.nullable(),
    report: z.object({ id: text, version: z.number().int() }).nullable(),
  }),
  site: text.nullable(),
  detail: text,
  cause: text.nullable(),
  channel: text.nullable(),
}) satisfies z.ZodType<ReadingEvent>;
