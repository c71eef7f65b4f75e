import type { Delivery } from '../domain/delivery/index.ts';
import type { Order, OrderId, Site } from '../domain/order/index.ts';
import type { ExpiryReminder, MayRead, Reader, ReaderId } from '../domain/reader/index.ts';
import { refusalCodes, roles } from '../domain/reader/index.ts';
import { type CaseContext, mostLinked, type TaskId } from '../domain/reading/index.ts';
import type {
  Draft,
  IdentityResolution,
  Measurement,
  ReportContent,
  ReportVersion,
  SectionTexts,
} from '../domain/report/index.ts';
import type { AccessionNumber, PatientIdentity, Study, StudyUid } from '../domain/study/index.ts';
import type { ReadingEvent } from '../domain/turnaround/index.ts';
import { clockSources, eventTypes } from '../domain/turnaround/index.ts';
import type { Instant, Millis } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';
import { taskDeskSchema } from './reading-schemas.ts';
import { rowMattersSchema } from './row-matters-schema.ts';

/** Read-only, and never without end. */
export function list<Schema extends z.ZodType>(schema: Schema, most = 100_000) {
  return z.array(schema).max(most).readonly();
}

const text = z.string().max(4_000);
/** Report text: long, but not without end. */
const longText = z.string().max(200_000);
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** PS3.5 9.1: digits and dots, at most 64 characters. Archives hold components with leading zeros, so those pass. */
const uid = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)*$/)
  .max(64);

export const instantSchema = z
  .number()
  .int()
  .transform((value) => value as Instant);
const millisSchema = z.number().transform((value) => value as Millis);
export const taskIdSchema = id.transform((value) => value as TaskId);
export const studyUidSchema = uid.transform((value) => value as StudyUid);
const orderIdSchema = id.transform((value) => value as OrderId);
const readerIdSchema = id.transform((value) => value as ReaderId);
const accessionSchema = text.transform((value) => value as AccessionNumber);

export const patientSchema = z.object({
  id: text.nullable(),
  issuer: text.nullable(),
  name: text,
  birthDate: text.nullable(),
  sex: z.enum(['M', 'F', 'O']).nullable(),
}) satisfies z.ZodType<PatientIdentity>;

const laterality = z.enum(['L', 'R', 'B']).nullable();
export const prioritySchema = z.enum(['stat', 'asap', 'urgent', 'routine', 'unknown']);
const code = z.object({ system: text, code: text, display: text });

export const siteSchema = z.object({
  id: text,
  name: text,
  state: text,
  zone: text,
  phone: text.nullable(),
}) satisfies z.ZodType<Site>;

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
  orderedBy: z.object({ name: text, npi: text.nullable() }).nullable(),
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
  description: text,
  bodyPart: text.nullable(),
  laterality,
  studyDate: text.nullable(),
  studyTime: text.nullable(),
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

const resolutionSchema = z.object({
  reason: text,
  by: text,
  at: instantSchema,
  differences: list(text),
}) satisfies z.ZodType<IdentityResolution>;

export const taskStateSchema = z.enum(['queued', 'claimed', 'reading', 'held', 'completed', 'cancelled']);
export const reportStateSchema = z.enum([
  'draft',
  'signed-not-released',
  'preliminary',
  'final',
  'appended',
  'corrected',
  'entered-in-error',
]);

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

/** One line of the worklist. */
export const worklistRowSchema = z.object({
  taskId: taskIdSchema,
  studyUid: studyUidSchema.nullable(),
  archive: text.nullable(),
  accession: accessionSchema.nullable(),
  patient: patientSchema,
  priority: prioritySchema,
  /** The condition of a code study ("stroke"); absent for all others. */
  codeStudy: text.optional(),
  /** When the report is due by the contract; null where no clock runs. */
  dueAt: instantSchema.nullable(),
  clockStartedAt: instantSchema.nullable(),
  /** Since when the contract lets it stand still (a question to the site, a hold); null while it runs. */
  clockPausedAt: instantSchema.nullable(),
  modality: text,
  bodyPart: text,
  laterality,
  procedure: text,
  reason: text,
  /** Procedure and reason codes as the order gave them, for people to read. */
  codes: list(text, 40).optional(),
  orderedBy: text,
  site: siteSchema.nullable(),
  images: z.object({ present: z.number().int(), expected: z.number().int().nullable() }),
  studyDate: text.nullable(),
  /** When the order was written, and the placer's group of orders: what says which exams go together. Absent where not told. */
  orderedAt: instantSchema.optional(),
  orderGroup: text.optional(),
  state: taskStateSchema,
  report: reportStateSchema.nullable(),
  reader: z.object({ id: readerIdSchema, name: text }).nullable(),
  leaseUntil: instantSchema.nullable(),
  /** The claim's token: what its holder arranges from the list is fenced by it. Absent where nobody has a claim. */
  fencingToken: z.number().int().optional(),
  link: z.enum(['order-and-images', 'images-without-order', 'order-without-images']),
  identity: identityGradeSchema,
  /** What the case and its site wait for from each other; absent where nothing was ever asked. */
  matters: rowMattersSchema.optional(),
  /** Fit to read, as a mark: how many findings of each kind; absent where no order came. */
  fit: z
    .object({
      verdict: z.enum(['fit', 'fit-with-notes', 'not-fit']),
      defects: z.number().int(),
      notes: z.number().int(),
    })
    .optional(),
  /** Exams of the same patient that go with it; absent where none does. */
  linked: list(z.object({ accession: text.nullable(), exam: text, why: text }), mostLinked).optional(),
  /** What readers arranged about it: hold, passes, second looks; absent where nothing was. */
  desk: taskDeskSchema.optional(),
  mayRead: mayReadSchema,
});
export type WorklistRow = z.output<typeof worklistRowSchema>;

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
  tool: z.enum(['length', 'angle', 'ellipse', 'rectangle', 'probe']),
  text,
  value: z.number(),
  unit: text,
}) satisfies z.ZodType<Measurement>;

export const draftSchema = z.object({
  taskId: text,
  studyUid: uid.nullable(),
  readerId: text,
  kind: z.enum(['report', 'addendum', 'correction']),
  baseVersion: z.number().int().nonnegative(),
  revision: z.number().int().nonnegative(),
  sections: sectionTextsSchema,
  addendum: longText,
  reason: text,
  measurements: list(measurementSchema, 500),
  savedAt: instantSchema,
}) satisfies z.ZodType<Draft>;

const releaseKind = z.enum(['preliminary', 'final', 'addendum', 'correction']);

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
  sections: list(z.object({ code: text, title: text, text: longText })),
  reason: text.nullable(),
  measurements: list(measurementSchema),
  instances: list(uid),
  comparisons: list(uid),
  identityResolution: resolutionSchema.nullable(),
  signer: z.object({ id: text, name: text, npi: text.nullable() }),
  // Absent in what was signed before it was asked: canonical JSON and digest of those stay what they were.
  readingFrom: z.string().max(10).optional(),
  signedAt: instantSchema,
  fencingToken: z.number().int().nullable(),
  auditHead: text,
  notForClinicalUse: z.boolean(),
}) satisfies z.ZodType<ReportContent>;

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
  channel: z.enum(['record', 'archive', 'hl7']),
  name: text,
  state: z.enum(['queued', 'sent', 'accepted', 'filed', 'refused']),
  attempts: z.number().int(),
  nextAttemptAt: instantSchema.nullable(),
  since: instantSchema,
  proof: text,
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

/** An earlier study of the same patient, with its report where one is known. */
export const priorSchema = z.object({
  study: studySchema,
  /** Why it is shown: "same patient id and issuer, CT chest, 3 months before". */
  reason: text,
  report: z
    .object({ sections: list(z.object({ title: text, text: longText })), issued: instantSchema.nullable() })
    .nullable(),
});
export type Prior = z.output<typeof priorSchema>;

/** All that the page is told when it opens a case. */
export const caseDetailSchema = z.object({
  context: caseContextSchema,
  mode: z.enum(['look', 'read']),
  row: worklistRowSchema,
  order: orderSchema.nullable(),
  study: studySchema.nullable(),
  identity: identitySchema,
  identityResolution: resolutionSchema.nullable(),
  claim: claimSchema.nullable(),
  report: reportViewSchema,
  draft: draftSchema.nullable(),
  /** Drafted from order and images; each stays marked with its source until touched. */
  prefill: z.object({ clinicalInformation: longText, technique: longText, comparison: longText }),
  priors: list(priorSchema),
  notForClinicalUse: z.boolean(),
});
export type CaseDetail = z.output<typeof caseDetailSchema>;

/** What went wrong upstream, in the user's words: what was asked, what came back, what still works. */
export const troubleSchema = z.object({
  where: z.enum(['archive', 'record', 'hl7', 'journal', 'audit']),
  asked: text,
  cameBack: text,
  stillWorks: text,
  since: instantSchema,
});
export type Trouble = z.output<typeof troubleSchema>;

export const statusSchema = z.object({
  now: instantSchema,
  archive: z.object({ name: text, kind: z.enum(['embedded', 'remote']), state: z.enum(['up', 'down', 'unknown']) }),
  record: z.object({ name: text, kind: z.enum(['embedded', 'remote']), state: z.enum(['up', 'down', 'unknown']) }),
  waitingReports: z.number().int(),
  troubles: list(troubleSchema),
});
export type HostStatus = z.output<typeof statusSchema>;

export const capabilitiesSchema = z.object({
  product: z.literal('Overread'),
  version: text,
  /** Which shell mounted the host; for Help only, nothing in the page branches on it. */
  shell: z.enum(['desktop', 'browser']),
  demo: z.boolean(),
  /** True until the first account exists; the page then shows its form instead of sign-in. */
  needsFirstAccount: z.boolean(),
  singleUser: z.boolean(),
  /** Sentences the user must know, such as what a key file protects against. */
  notices: list(text),
  idleLockMinutes: z.number(),
  /** What the desktop alone can do. */
  windows: z.boolean(),
});
export type Capabilities = z.output<typeof capabilitiesSchema>;

export const sessionSchema = z.object({
  token: z.string().min(20).max(400),
  reader: readerSchema,
  /** Where this person sits: US state (ISO 3166-2) or country abroad (ISO 3166-1); null when it was never said. */
  readingFrom: z.string().max(10).nullable(),
  /** Credentials that end within 90 days or have ended, soonest first. */
  reminders: list(
    z.object({
      what: text,
      expires: z.string().max(10),
      daysLeft: z.number().int(),
      due: z.union([z.literal(90), z.literal(30), z.literal(7), z.literal('ended')]),
      billingOnly: z.boolean(),
    }),
    1_000,
  ) satisfies z.ZodType<readonly ExpiryReminder[]>,
  /** Base64 of 32 bytes: seals this user's mirror in the page. Held in memory, never stored. */
  mirrorKey: z.string().min(40).max(60),
  idleLockMinutes: z.number(),
  acknowledged: z.boolean(),
});
export type Session = z.output<typeof sessionSchema>;

/** The body of every answer that is not a success. `message` is for people; `code` for programs. */
export const failureSchema = z.object({
  code: z.enum([
    'bad-request',
    'not-signed-in',
    'locked',
    'wrong-password',
    'password-needed',
    'forbidden',
    'reason-needed',
    'not-found',
    'held-by-another',
    'lease-lapsed',
    'stale-case',
    'stale-draft',
    'identity-stop',
    'not-a-legal-move',
    'rival-final',
    'upstream-refused',
    'upstream-unreachable',
    'not-saved',
    'not-known',
    'audit-unavailable',
    'too-large',
    'internal',
  ]),
  message: text,
  /** For `held-by-another`: who, and until when. */
  heldBy: z.object({ name: text, leaseUntil: instantSchema }).optional(),
});
export type Failure = z.output<typeof failureSchema>;
export type FailureCode = Failure['code'];
