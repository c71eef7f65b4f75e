import {
  bodyParts,
  closingReasons,
  type FollowUp,
  type FollowUpReading,
  followUpOrigins,
  intervalUnits,
  isDay,
  isSoundInterval,
  longestCount,
  longestExam,
  longestFollowUpWords,
  longestQuote,
  type MatchingExam,
  mostSteps,
} from '../domain/follow-up/index.ts';
import { type ModalityGroup, modalityGroups } from '../domain/order/index.ts';
import type { Role } from '../domain/reader/index.ts';
import { millis } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';
import { examLine, instantSchema, list, patientSchema, taskIdSchema, cutText as text } from './trade-schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const person = z.object({ id: text, name: text });
const stamp = { id: text, by: person, at: instantSchema, recordedAt: instantSchema };
const day = z.string().refine(isDay);
const span = z.object({ count: z.number().int().min(1).max(longestCount), unit: z.enum(intervalUnits) });
const modality = z.enum(modalityGroups) satisfies z.ZodType<ModalityGroup>;

const readingSchema = z.object({
  modalities: list(modality, 10),
  bodyPart: z.enum(bodyParts as readonly [(typeof bodyParts)[number]]).nullable(),
  exam: z.string().max(longestExam),
  interval: z.object({ earliest: span.nullable(), latest: span }).refine(isSoundInterval).nullable(),
  condition: z.string().max(longestFollowUpWords),
}) satisfies z.ZodType<FollowUpReading>;

const matching = {
  taskId: text,
  orderId: text.nullable(),
  accession: text.nullable(),
  exam: text,
  day: day.nullable(),
};
const ending = z.discriminatedUnion('kind', [
  z.object({
    ...stamp,
    kind: z.literal('done'),
    how: z.enum(['exact-reference', 'confirmed']),
    exam: z.object(matching) satisfies z.ZodType<MatchingExam>,
  }),
  z.object({ ...stamp, kind: z.literal('closed'), reason: z.enum(closingReasons), words: text }),
  z.object({ ...stamp, kind: z.literal('not-said'), version: z.number().int() }),
  z.object({ ...stamp, kind: z.literal('withdrawn'), version: z.number().int() }),
  z.object({ ...stamp, kind: z.literal('mistaken'), words: text }),
]);
const holder = z.object({ name: text, role: text, phone: text });

const followUpSchema = z.object({
  id,
  taskId: id,
  orderId: text.nullable(),
  siteId: text.nullable(),
  patientReference: text.nullable(),
  section: text,
  quote: text,
  origin: z.enum(followUpOrigins),
  countedFrom: day,
  readings: list(z.object({ ...stamp, reading: readingSchema }), mostSteps * 2).refine((all) => all.length > 0),
  basis: z
    .object({
      reportId: text,
      version: z.number().int(),
      digest: text,
      signedAt: instantSchema,
      signer: z.object({ id: text, name: text }).optional(),
    })
    .nullable(),
  handOvers: list(z.object({ ...stamp, to: holder, words: text }), mostSteps * 2),
  notThese: list(text, mostSteps * 2),
  ending: ending.nullable(),
  reopened: list(z.object({ ...stamp, ending, words: text }), mostSteps * 2),
}) satisfies z.ZodType<FollowUp>;

/** An exam that may be the recommended one, and why it is taken for the same patient's. A person decides. */
const suggestionSchema = z.object({ ...matching, verdict: z.enum(['same', 'probable']), evidence: text });
export type FollowUpSuggestion = z.output<typeof suggestionSchema>;

const lineSchema = z.object({
  /** The exam that recommends it. */
  ...examLine,
  patient: patientSchema,
  followUp: followUpSchema,
  /** What day it is at the place of the exam. */
  today: day,
  suggestions: list(suggestionSchema, 20),
});
export type FollowUpLine = z.output<typeof lineSchema>;

const boardSchema = z.object({ lines: list(lineSchema, 1_000), more: z.number().int() });
export type FollowUpBoard = z.output<typeof boardSchema>;

/** The recommended exams of one case. */
const caseSchema = z.object({
  lines: list(lineSchema, 200),
  /** The day from which a recommendation of this exam is counted, and what day it is there. */
  countedFrom: day,
  today: day,
});
export type CaseFollowUps = z.output<typeof caseSchema>;

/** A press that waited offline for longer than a month is typed anew. */
const ago = z
  .number()
  .int()
  .min(0)
  .max(31 * 86_400_000)
  .transform(millis);
const said = { id, ago };
const words = z.string().max(longestFollowUpWords);
const toWhom = z.object({
  name: z.string().max(longestExam),
  role: z.string().max(longestExam),
  phone: z.string().max(60),
});

const correct = z.object({ ...said, kind: z.literal('correct'), reading: readingSchema });
const mistaken = z.object({ ...said, kind: z.literal('mistaken'), words });
const tracked = [
  z.object({ ...said, kind: z.literal('hand-over'), to: toWhom, words }),
  /** By an exam that is suggested for it, by the id of its task. */
  z.object({ ...said, kind: z.literal('done'), taskId: id }),
  z.object({ ...said, kind: z.literal('not-this'), taskId: id }),
  z.object({ ...said, kind: z.literal('close'), reason: z.enum(closingReasons), words }),
  z.object({ ...said, kind: z.literal('reopen'), words }),
] as const;
const siteMove = z.discriminatedUnion('kind', [...tracked]);
const readerMove = z.discriminatedUnion('kind', [correct, mistaken, ...tracked]);
export type FollowUpMoveInput = z.output<typeof readerMove>;

const params = z.object({ taskId: taskIdSchema });
const desk: readonly Role[] = ['site'];

/** Recommended exams, from the words of a report until they are made or somebody ends them. */
export const followUpCalls = {
  /** Those that this reader confirmed or signed; for a lead all. */
  followUps: {
    method: 'GET',
    path: '/api/follow-ups',
    output: boardSchema,
    allow: 'see-open-follow-ups',
    room: 'group',
  },
  caseFollowUps: {
    method: 'GET',
    path: '/api/cases/:taskId/follow-ups',
    params,
    output: caseSchema,
    allow: 'see-follow-ups',
    room: 'group',
  },
  /** `id` is made by the page: a repeat is the same one. `ago`: milliseconds since the press, so that the page’s clock does not matter. */
  startFollowUp: {
    method: 'POST',
    path: '/api/cases/:taskId/follow-ups',
    params,
    input: z.object({
      ...said,
      section: z.string().max(40),
      quote: z.string().max(longestQuote),
      origin: z.enum(followUpOrigins),
      reading: readingSchema,
    }),
    output: caseSchema,
    allow: 'track-follow-up',
    room: 'group',
  },
  moveFollowUp: {
    method: 'POST',
    path: '/api/cases/:taskId/follow-ups/move',
    params,
    input: z.object({ followUpId: id, move: readerMove }),
    output: caseSchema,
    allow: 'track-follow-up',
    room: 'group',
  },
  /** Those of a site’s own studies, for its desk. */
  siteFollowUps: { method: 'GET', path: '/api/site/follow-ups', output: boardSchema, allow: desk, room: 'group' },
  siteMoveFollowUp: {
    method: 'POST',
    path: '/api/site/follow-ups/:followUpId/move',
    params: z.object({ followUpId: id }),
    input: z.object({ move: siteMove }),
    output: boardSchema,
    allow: desk,
    room: 'group',
  },
} as const;
