import type { ExpiryReminder } from '../domain/reader/index.ts';
import { mostLinked } from '../domain/reading/index.ts';
import { z } from './jitless-zod.ts';
import { pendingViewSchema } from './pending-calls.ts';
import { taskDeskSchema } from './reading-schemas.ts';
import { draftSchema, reportStateSchema, reportViewSchema } from './report-schemas.ts';
import { rowMattersSchema } from './row-matters-schema.ts';
import { prefillSchema } from './source-calls.ts';
import {
  accessionSchema,
  caseContextSchema,
  claimSchema,
  contactSchema,
  identityGradeSchema,
  identitySchema,
  imagesCountSchema,
  instantSchema,
  laterality,
  list,
  longText,
  mayReadSchema,
  orderSchema,
  patientSchema,
  prioritySchema,
  readerIdSchema,
  readerSchema,
  resolutionSchema,
  siteSchema,
  studySchema,
  studyUidSchema,
  taskIdSchema,
  taskStateSchema,
  text,
} from './trade-schemas.ts';

/** Images that are still coming, or the judgement that they are all here: by which rule, in words, and when the last one came. */
const arrivalSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('arriving'),
    /** True where it was complete before, and more came. */
    again: z.boolean(),
    changedAt: instantSchema,
    /** When it is offered at the latest, if nothing more comes. */
    quietAt: instantSchema,
    quietMinutes: z.number().int(),
    /** The site's protocol for this exam; null where none was agreed, or the series are not known yet. */
    protocol: z
      .object({ protocol: text, seen: z.number().int(), expected: z.number().int(), missing: list(text, 100) })
      .nullable(),
  }),
  z.object({ kind: z.literal('complete'), at: instantSchema, words: text, short: z.boolean() }),
]);

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
  /** The ordering physician's number for people, "NPI 1234567893"; absent where none is known. */
  orderedByNumber: text.optional(),
  site: siteSchema.nullable(),
  images: imagesCountSchema,
  /** How far the images have come, by the rules of the site; absent where none has come, or nobody waits for them any more. */
  arrival: arrivalSchema.optional(),
  studyDate: text.nullable(),
  /** When the order was written, and the placer's group of orders: what says which exams go together. Absent where not told. */
  orderedAt: instantSchema.optional(),
  orderGroup: text.optional(),
  /** Days between two checks of the reader's screen, where the site says so for this modality. */
  displayCheckDays: z.number().int().positive().optional(),
  /** When it was read on paper in downtime, as entered afterwards; absent where it was not. */
  readOnPaperAt: instantSchema.optional(),
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

/** The words of an earlier report, as text. */
export const priorReportSchema = z.object({
  sections: list(z.object({ title: text, text: longText })),
  issued: instantSchema.nullable(),
  /** Where it has a PDF: the id to ask it by. */
  documentId: text.nullable(),
});

/** An earlier study of the same patient, with its report where one is known. */
export const priorSchema = z.object({
  study: studySchema,
  /** Why it is shown: the evidence that it is the same patient, and "same body part and modality, 3 months before". */
  reason: text,
  report: priorReportSchema.nullable(),
  /** It is no earlier study but an open exam that goes with this one, under this accession: read together, never shown as a prior. */
  linked: text.optional(),
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
  prefill: prefillSchema,
  priors: list(priorSchema),
  notForClinicalUse: z.boolean(),
  /** A report that was given to be signed here, or one that was and is signed now; absent nearly always. */
  pending: pendingViewSchema.optional(),
  /** Whom to phone at the site, as was agreed; absent where nothing was. */
  contacts: list(contactSchema, 50).optional(),
  /** The facility as a report names it; absent where the site's profile gives no address. */
  facility: z.object({ name: text, address: text }).optional(),
  /** The print that the window named, where what it remembers of the study is byte for byte what the archive tells now. */
  rememberedStands: text.optional(),
});
export type CaseDetail = z.output<typeof caseDetailSchema>;

/** What went wrong upstream, in the user's words: what was asked, what came back, what still works. */
export const troubleSchema = z.object({
  where: z.enum(['archive', 'record', 'group host', 'hl7', 'journal', 'audit']),
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
  /** On a reader's desktop: when images and drafts are deleted there unless the group answers before. Absent until that is near. */
  deletesAt: instantSchema.optional(),
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
  /** A reader's desktop of a group. */
  groupDesk: z.literal(true).optional(),
  /** Of a reader's desktop whose keys were destroyed: nothing else is answered there. */
  ended: z
    .object({
      name: text,
      why: z.enum(['revoked', 'offline']),
      at: instantSchema,
      /** The group knows that the keys are gone. */
      confirmed: z.boolean(),
      /** Signed reports that are kept, sealed for the group alone, until it has them. */
      waitingReports: z.number().int(),
      /** It may begin as a new device. */
      mayStartAfresh: z.boolean(),
    })
    .optional(),
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
