import { z } from './jitless-zod.ts';
import { priorReportSchema } from './schemas.ts';
import {
  accessionSchema,
  instantSchema,
  laterality,
  list,
  patientSchema,
  studySchema,
  taskIdSchema,
  text,
} from './trade-schemas.ts';

const params = z.object({ taskId: taskIdSchema });
const epoch = z.coerce.number().int().positive();
/** Study Instance UID, or an id of a report in the record. */
const key = z.string().regex(/^[A-Za-z0-9.-]{1,80}$/);

/** A piece of evidence that an earlier exam is of the same patient, or that it is not. */
export const personEvidenceSchema = z.object({
  field: z.enum(['name', 'birthDate', 'sex', 'identifier']),
  weight: z.enum(['for', 'against', 'neither']),
  words: text,
});

const foundPriorSchema = z.object({
  key,
  /** Null for a report without images here, and while it is closed. */
  study: studySchema.nullable(),
  /** How many images an archive here has; null where none has any. */
  images: z.number().int().nullable(),
  /** As that exam names the patient, with its own id and issuer. */
  patient: patientSchema,
  /** Date and time with their zone. */
  when: text,
  studyDate: text.nullable(),
  modalities: list(text, 100),
  exam: text,
  laterality,
  accession: accessionSchema.or(text).nullable(),
  site: text,
  /** shown: the same patient · closed: probable, and nobody has confirmed it · confirmed: probable, and a reader took it as the patient's. */
  standing: z.enum(['shown', 'closed', 'confirmed']),
  evidence: list(personEvidenceSchema, 40),
  /** Why it stands where it stands: "same body part and modality, 3 months before". */
  reason: text,
  confirmation: z.object({ by: text, at: instantSchema, words: text }).nullable(),
  hasReport: z.boolean(),
  /** Null where there is none, and while it is closed. */
  report: priorReportSchema.nullable(),
});
export type FoundPrior = z.output<typeof foundPriorSchema>;

const casePriorsSchema = z.object({
  priors: list(foundPriorSchema, 50),
  /** More than are shown. */
  more: z.number().int().nonnegative(),
  /** Every archive answered and all of it is here: what is not among these is no prior any more. */
  whole: z.boolean(),
  /** What could not be asked, was cut short or is not shown, in words. */
  told: list(text, 20),
});
export type CasePriors = z.output<typeof casePriorsSchema>;

/** Fewest letters of a reason: less says nothing. */
export const fewestConfirmLetters = 8;

/** Earlier exams beside the open case: found by name, birth date, sex and identifiers across issuers, with the evidence. */
export const priorCalls = {
  /** Of a case that this session has open in that epoch. The images of those that may be seen are served to it from then on. */
  casePriors: {
    method: 'GET',
    path: '/api/cases/:taskId/priors',
    params,
    input: z.object({ epoch, again: z.enum(['yes']).optional() }),
    output: casePriorsSchema,
    allow: 'look',
    room: 'group',
  },
  /** A probable prior is taken as this patient's, with the reason and the evidence that was seen; on the timeline. */
  confirmPrior: {
    method: 'POST',
    path: '/api/cases/:taskId/priors/confirm',
    params,
    input: z.object({
      epoch,
      key,
      reason: z.string().trim().min(fewestConfirmLetters).max(400),
      evidence: list(text, 40),
    }),
    output: casePriorsSchema,
    allow: 'resolve-identity',
    room: 'group',
  },
  /** Takes a confirmation back: its images are served no more, and both stay on the timeline. */
  withdrawPrior: {
    method: 'POST',
    path: '/api/cases/:taskId/priors/withdraw',
    params,
    input: z.object({ epoch, key }),
    output: casePriorsSchema,
    allow: 'resolve-identity',
    room: 'group',
  },
} as const;
