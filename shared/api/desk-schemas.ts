import {
  attachmentTypes,
  type CallRequest,
  longestAttachment,
  type Question,
  questionKinds,
} from '../domain/question/index.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list, prioritySchema, siteSchema, taskIdSchema } from './trade-schemas.ts';

const text = z.string().max(4_000);
/** What somebody typed: short, and kept as words. */
const spoken = z.string().max(2_000);
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const person = z.object({ id: text, name: text });

export const attachmentSchema = z.object({
  name: z.string().min(1).max(200),
  mediaType: z.enum(attachmentTypes),
  data: z
    .string()
    .max(longestAttachment)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/),
});

export const questionSchema = z.object({
  id,
  taskId: id,
  orderId: id.nullable(),
  siteId: id,
  patientReference: text.nullable(),
  kind: z.enum(questionKinds),
  words: text,
  asker: person,
  askedAt: instantSchema,
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('asked') }),
    z.object({
      kind: z.literal('answered'),
      answer: z.object({
        by: person,
        at: instantSchema,
        choice: text.nullable(),
        words: text,
        // What another program wrote may be of any size: it is shown, not refused with the whole case.
        attachment: attachmentSchema.nullable().catch(null),
        correction: z.object({ laterality: z.enum(['L', 'R', 'B']).nullable(), reason: text.nullable() }).nullable(),
      }),
    }),
    z.object({ kind: z.literal('withdrawn'), by: person, at: instantSchema, reason: text }),
  ]),
}) satisfies z.ZodType<Question>;

export const callRequestSchema = z.object({
  id,
  taskId: id,
  orderId: id.nullable(),
  siteId: id,
  patientReference: text.nullable(),
  from: person,
  phone: text,
  words: text,
  at: instantSchema,
  done: z.object({ by: person, at: instantSchema, words: text }).nullable(),
}) satisfies z.ZodType<CallRequest>;

/** What stands between a case and its site, for reader and lead. */
export const caseDeskSchema = z.object({
  site: siteSchema.nullable(),
  priority: prioritySchema,
  /** Newest first. */
  questions: list(questionSchema, 500),
  calls: list(callRequestSchema, 500),
  /** Kinds of question while which the contract lets the clock stand still. */
  pausing: list(z.enum(questionKinds), 20),
});
export type CaseDesk = z.output<typeof caseDeskSchema>;

export const deskParams = {
  task: z.object({ taskId: taskIdSchema }),
  question: z.object({ taskId: taskIdSchema, questionId: id }),
  call: z.object({ taskId: taskIdSchema, callId: id }),
};
/** Made by the page once for each press: a repeat with the same id is the same question. */
export const commandId = z.string().uuid();
export const askInput = z.object({ commandId, kind: z.enum(questionKinds), words: spoken });
export const reasonInput = z.object({ reason: spoken });
export const endCallInput = z.object({ words: spoken });
