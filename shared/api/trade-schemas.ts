import type { Order, OrderId, Site } from '../domain/order/index.ts';
import type { MayRead, Reader, ReaderId } from '../domain/reader/index.ts';
import { refusalCodes, roles } from '../domain/reader/index.ts';
import type { CaseContext, TaskId } from '../domain/reading/index.ts';
import type { IdentityResolution } from '../domain/report/index.ts';
import { contactRoles, type SiteContact } from '../domain/site/index.ts';
import type { AccessionNumber, PatientIdentity, Study, StudyUid } from '../domain/study/index.ts';
import type { Instant, Millis } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';

/** Read-only, and never without end. */
export function list<Schema extends z.ZodType>(schema: Schema, most = 100_000) {
  return z.array(schema).max(most).readonly();
}

export const text = z.string().max(4_000);
/** Report text: long, but not without end. */
export const longText = z.string().max(200_000);
export const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** PS3.5 9.1: digits and dots, at most 64 characters. Archives hold components with leading zeros, so those pass. */
export const uid = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)*$/)
  .max(64);

export const instantSchema = z
  .number()
  .int()
  .transform((value) => value as Instant);
export const millisSchema = z.number().transform((value) => value as Millis);
export const taskIdSchema = id.transform((value) => value as TaskId);
export const studyUidSchema = uid.transform((value) => value as StudyUid);
const orderIdSchema = id.transform((value) => value as OrderId);
export const readerIdSchema = id.transform((value) => value as ReaderId);
export const accessionSchema = text.transform((value) => value as AccessionNumber);

export const patientSchema = z.object({
  id: text.nullable(),
  issuer: text.nullable(),
  name: text,
  birthDate: text.nullable(),
  sex: z.enum(['M', 'F', 'O']).nullable(),
}) satisfies z.ZodType<PatientIdentity>;

export const laterality = z.enum(['L', 'R', 'B']).nullable();
export const prioritySchema = z.enum(['stat', 'asap', 'urgent', 'routine', 'unknown']);
const code = z.object({ system: text, code: text, display: text });

export const siteSchema = z.object({
  id: text,
  name: text,
  state: text,
  zone: text,
  phone: text.nullable(),
}) satisfies z.ZodType<Site>;

/** What another program wrote may be longer than ours: it is cut on the way to the page, not refused with the whole list. */
export const cutText = z.string().transform((value) => value.slice(0, 4_000));

/** Whose and which exam a board's line is about, whether or not it stands on the list. Null and empty is what the host does not know. */
export const examLine = {
  taskId: taskIdSchema,
  patient: patientSchema.nullable(),
  exam: cutText,
  accession: cutText.nullable(),
  site: siteSchema.nullable(),
};

/** Images of a study that are here, of those that the order announced. */
export const imagesCountSchema = z.object({
  present: z.number().int(),
  expected: z.number().int().nullable(),
  /** `present` counts documents among the images (a structured report, a PDF) that are not told apart yet: there are no more images than that. */
  atMost: z.literal(true).optional(),
});

export const orderSchema = z.object({
  id: orderIdSchema,
  status: z.enum(['draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown']),
  patient: patientSchema,
  patientReference: text.nullable(),
  accession: accessionSchema.nullable(),
  placerNumber: text.nullable(),
  placerGroup: text.optional(),
  procedure: code,
  modality: text.nullable(),
  bodyPart: text.nullable(),
  laterality,
  reason: text,
  reasonCodes: list(code),
  priority: prioritySchema,
  site: siteSchema.nullable(),
  orderedBy: z
    .object({
      name: text,
      npi: text.nullable(),
      practitioner: text.optional(),
      number: z.object({ value: text, authority: text }).optional(),
      parts: z.object({ family: text, given: text, middle: text, suffix: text, prefix: text }).optional(),
    })
    .nullable(),
  authoredOn: instantSchema.nullable(),
  expectedInstances: z.number().int().nullable(),
  requestedReport: z.enum(['preliminary', 'final']),
}) satisfies z.ZodType<Order>;

export const studySchema = z.object({
  archive: text,
  studyUid: studyUidSchema,
  patient: patientSchema,
  accession: accessionSchema.nullable(),
  modalities: list(text),
  withDocuments: z.literal(true).optional(),
  description: text,
  bodyPart: text.nullable(),
  laterality,
  studyDate: text.nullable(),
  studyTime: text.nullable(),
  timezone: text.nullable().optional(),
  institution: text.nullable(),
  seriesCount: z.number().int(),
  instanceCount: z.number().int(),
}) satisfies z.ZodType<Study>;

export const readerSchema = z.object({
  id: readerIdSchema,
  userName: text,
  name: text,
  role: z.enum(roles),
  npi: text.nullable(),
  site: id.optional(),
  states: z.union([z.literal('all'), list(text)]),
}) satisfies z.ZodType<Reader>;

/** same: nothing to say · tell: same person, other spelling · ask: an alias for an unidentified patient · stop: blocks signing. */
export const identityGradeSchema = z.enum(['same', 'tell', 'ask', 'stop']);
export type IdentityGrade = z.output<typeof identityGradeSchema>;

export const identitySchema = z.object({
  grade: identityGradeSchema,
  differences: list(
    z.object({
      field: z.enum(['name', 'birthDate', 'sex', 'id', 'study']),
      grade: identityGradeSchema,
      order: text,
      images: text,
      words: text,
    }),
  ),
});
export type IdentityVerdict = z.output<typeof identitySchema>;

export const resolutionSchema = z.object({
  reason: text,
  by: text,
  at: instantSchema,
  differences: list(text),
}) satisfies z.ZodType<IdentityResolution>;

export const taskStateSchema = z.enum(['queued', 'claimed', 'reading', 'held', 'completed', 'cancelled']);
export const claimSchema = z.object({
  reader: readerIdSchema,
  readerName: text,
  fencingToken: z.number().int(),
  leaseUntil: instantSchema,
});

/** `reason` is all reasons in one line. */
export const mayReadSchema = z.union([
  z.object({ allowed: z.literal(true) }),
  z.object({
    allowed: z.literal(false),
    reason: text,
    reasons: list(z.object({ code: z.enum(refusalCodes), words: text }), 20),
  }),
]) satisfies z.ZodType<MayRead>;

export const caseContextSchema = z.object({
  archive: text.nullable(),
  studyUid: studyUidSchema.nullable(),
  patientId: text.nullable(),
  issuer: text.nullable(),
  accession: accessionSchema.nullable(),
  orderId: orderIdSchema.nullable(),
  taskId: taskIdSchema,
  epoch: z.number().int().positive(),
}) satisfies z.ZodType<CaseContext>;

/** Whom to reach at a site, and how. */
export const contactSchema = z.object({
  role: z.enum(contactRoles),
  name: z.string().max(4_000),
  phone: z.string().max(4_000),
}) satisfies z.ZodType<SiteContact>;
