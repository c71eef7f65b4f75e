import { shortestSentBack } from '../domain/reading/index.ts';
import { z } from './jitless-zod.ts';
import { deliverySchema, pendingReportSchema, reportViewSchema } from './report-schemas.ts';
import { signInput } from './sign-input.ts';
import { claimSchema, instantSchema, list, longText, taskIdSchema, text } from './trade-schemas.ts';

const taskParams = z.object({ taskId: taskIdSchema });
const case_ = { params: taskParams, method: 'POST', room: 'group' } as const;

/** A report that was given to be signed, as it stands to the reader who is told of it. */
export const pendingViewSchema = z.object({
  standing: z.enum(['to-sign', 'given', 'given-opened', 'sent-back', 'signed']),
  digest: text,
  /** Whose words they are. */
  writer: z.object({ id: text, name: text }),
  /** When it was given; of one that came back: when it came back. */
  at: instantSchema,
  /** Who opened it first to sign it. */
  opened: z.object({ name: text, at: instantSchema }).nullable(),
  sentBack: z.object({ name: text, at: instantSchema, words: longText }).nullable(),
  /** Her words, proved by her signature and of this very case; null where that cannot be said. */
  report: pendingReportSchema.nullable(),
  /** Why her words are not shown; null where they are. */
  trouble: text.nullable(),
});
export type PendingView = z.output<typeof pendingViewSchema>;

/** The way of a report whose writer may not issue it. Nothing of it leaves the group before it is signed. */
export const pendingCalls = {
  /** One press, as of Sign: the same words, the same identity, her password. Nothing is released. */
  giveToSign: {
    ...case_,
    path: '/api/cases/:taskId/give-to-sign',
    input: signInput,
    output: z.object({ report: reportViewSchema, deliveries: list(deliverySchema) }),
    allow: 'give-to-sign',
  },
  /** While nobody has opened it. She has the study again. */
  takeBack: {
    ...case_,
    path: '/api/cases/:taskId/take-back',
    output: z.object({ claim: claimSchema }),
    allow: 'take-back',
  },
  /** `fencingToken` is null where a lead sends back what nobody, or somebody else, has claimed. */
  sendBack: {
    ...case_,
    path: '/api/cases/:taskId/send-back',
    input: z.object({
      fencingToken: z.number().int().nullable(),
      words: z.string().trim().min(shortestSentBack).max(2_000),
    }),
    output: z.object({}),
    allow: 'send-back',
  },
} as const;
