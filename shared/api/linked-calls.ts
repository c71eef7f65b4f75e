import { mostLinked } from '../domain/reading/index.ts';
import { z } from './jitless-zod.ts';
import { caseContextSchema, list, taskIdSchema } from './trade-schemas.ts';

const text = z.string().max(4_000);
const params = z.object({ taskId: taskIdSchema });

/** An exam of the same patient, place and visit, as the reader of the other one is told of it. */
const linkedExamSchema = z.object({
  context: caseContextSchema.omit({ epoch: true }),
  exam: text,
  modality: text,
  studyDate: text.nullable(),
  images: z.number().int(),
  /** Documents are among them that are not told apart yet. */
  atMost: z.literal(true).optional(),
  /** Why they go together: "ordered together". */
  why: text,
  /** yours: claimed by this reader and live · free: she may claim it · refused: she may not, and `words` say why. */
  standing: z.enum(['yours', 'free', 'refused']),
  words: text,
  /** Of this reader's live claim; null where she has none. */
  fencingToken: z.number().int().nullable(),
  /** What the images say for Technique. */
  technique: z.string().max(20_000),
});
export type LinkedExam = z.output<typeof linkedExamSchema>;

const linkedExamsSchema = z.object({
  exams: list(linkedExamSchema, mostLinked),
  /** The other exams of a signed report over several, as they are named now: what an addendum or a correction is about too. */
  reported: list(z.object({ context: caseContextSchema.omit({ epoch: true }), exam: text }), mostLinked),
  /** Exams under the same patient id that do not go with this one, and why not: a reader who expects them looks here. */
  apart: list(z.object({ accession: text.nullable(), exam: text, why: text }), 20),
});
export type LinkedExams = z.output<typeof linkedExamsSchema>;

/** Same patient's exams that go together. */
export const linkedCalls = {
  linkedExams: {
    method: 'GET',
    path: '/api/cases/:taskId/linked',
    params,
    output: linkedExamsSchema,
    allow: 'look',
    room: 'group',
  },
  /** Claims all of them beside the one that she holds, or none: what was claimed in this press is given back when one is refused. */
  claimLinked: {
    method: 'POST',
    path: '/api/cases/:taskId/linked/claim',
    params,
    input: z.object({ fencingToken: z.number().int().nonnegative() }),
    output: linkedExamsSchema.extend({ claimed: z.number().int(), words: text }),
    allow: 'read',
    room: 'group',
  },
} as const;
