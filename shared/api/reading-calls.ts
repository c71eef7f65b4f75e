import { z } from './jitless-zod.ts';
import { holdReasonSchema, passReasonSchema, rankGroundSchema } from './reading-schemas.ts';
import { claimSchema, list, readerIdSchema, taskIdSchema } from './trade-schemas.ts';

const taskParams = z.object({ taskId: taskIdSchema });
const nothing = z.object({});
const words = z.string().max(400);
const longWords = z.string().max(2_000);
const token = z.number().int().nonnegative();
const case_ = { params: taskParams, room: 'group' } as const;

/** What to read next, and what readers arrange among themselves about a study. Every move is fenced: `If-Match` and the claim's token. */
export const readingCalls = {
  /** Claims the best study that she may read and nobody has. A rival that came in between is passed over for the next one. */
  nextStudy: {
    method: 'POST',
    path: '/api/next-study',
    input: z.object({
      /** What she just read: the same patient's other exam fits best. */
      justRead: list(taskIdSchema, 10),
    }),
    output: z.object({
      found: z.object({ taskId: taskIdSchema, claim: claimSchema, grounds: list(rankGroundSchema, 10) }).nullable(),
      /** Why this one, or why none: for people. */
      words: z.string(),
    }),
    allow: 'next-study',
    room: 'group',
  },
  /** Given to others with a reason. `fencingToken` is null where she has not claimed it: it is then only no longer offered to her. */
  passStudy: {
    ...case_,
    allow: 'pass',
    method: 'POST',
    path: '/api/cases/:taskId/pass',
    input: z.object({ fencingToken: token.nullable(), reason: passReasonSchema, words }),
    output: nothing,
  },
  /** Another case comes before this one, or this one is back; the claim stays. For the clock: that time is not reading time. */
  suspendStudy: {
    ...case_,
    allow: 'suspend',
    method: 'POST',
    path: '/api/cases/:taskId/suspend',
    input: z.object({ fencingToken: token, suspended: z.boolean() }),
    output: nothing,
  },
  /** How long she should need for this exam, learned from her own past reads. */
  pace: {
    ...case_,
    allow: 'see-pace',
    method: 'GET',
    path: '/api/cases/:taskId/pace',
    output: z.object({ expected: z.number(), basis: z.enum(['exam', 'modality', 'usual']), words: z.string() }),
  },
  holdStudy: {
    ...case_,
    allow: 'hold',
    method: 'POST',
    path: '/api/cases/:taskId/hold',
    input: z.object({ fencingToken: token, reason: holdReasonSchema, words }),
    output: nothing,
  },
  /** By whoever held it, by a lead, or by anybody once the lease behind the hold has run out. */
  resumeStudy: { ...case_, allow: 'resume', method: 'POST', path: '/api/cases/:taskId/resume', output: nothing },
  /** By whoever holds it (her token), or by a lead (null). */
  reassignStudy: {
    ...case_,
    allow: 'reassign',
    method: 'POST',
    path: '/api/cases/:taskId/reassign',
    input: z.object({ fencingToken: token.nullable(), to: readerIdSchema, words }),
    output: nothing,
  },
  /** Who else reads here, whether they may read this study, and whether they are on shift; those at work come first. */
  colleagues: {
    ...case_,
    allow: 'see-colleagues',
    method: 'GET',
    path: '/api/cases/:taskId/colleagues',
    output: z.object({
      colleagues: list(
        z.object({
          id: readerIdSchema,
          name: z.string(),
          refusal: z.string().nullable(),
          /** "on shift until 07:00 CST"; empty where no shifts are kept. */
          shift: z.string(),
        }),
      ),
    }),
  },
  askSecondLook: {
    ...case_,
    allow: 'ask-look',
    method: 'POST',
    path: '/api/cases/:taskId/second-look',
    input: z.object({
      fencingToken: token,
      /** Made by the page once for each question: a repeat is the same question. */
      lookId: z.string().uuid(),
      to: readerIdSchema,
      question: longWords,
    }),
    output: nothing,
  },
  answerSecondLook: {
    ...case_,
    allow: 'answer-look',
    method: 'POST',
    path: '/api/cases/:taskId/second-look/answer',
    input: z.object({ lookId: z.string().uuid(), words: longWords.min(1) }),
    output: nothing,
  },
  /** Codes that this reader is told of now. Nothing in it names a patient. */
  codes: {
    method: 'GET',
    path: '/api/codes',
    output: z.object({
      alerts: list(
        z.object({
          taskId: taskIdSchema,
          condition: z.string(),
          exam: z.string(),
          site: z.string(),
          raisedAt: z.number(),
          /** Times that nobody answered. */
          level: z.number().int(),
          /** Why she may not read it herself; null where she may. */
          refusal: z.string().nullable(),
        }),
        1_000,
      ),
    }),
    allow: 'next-study',
    room: 'group',
  },
  acknowledgeCode: { ...case_, method: 'POST', path: '/api/cases/:taskId/code', output: nothing, allow: 'next-study' },
} as const;
