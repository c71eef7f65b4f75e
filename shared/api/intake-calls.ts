import { z } from './jitless-zod.ts';
import { list, taskIdSchema } from './trade-schemas.ts';

const text = z.string().max(20_000);

/** One fact of an order: as the message has it, as it was understood, and as the images have it. */
export const understoodRowSchema = z.object({
  /** "Patient name". */
  name: z.string(),
  /** "PID-5"; empty where the message is FHIR. */
  place: z.string(),
  received: text,
  understood: text,
  /** Null where images say nothing of it, or there are none yet. */
  images: text.nullable(),
  /** What does not fit, in a sentence; null where all of it does. */
  mismatch: text.nullable(),
});
export type UnderstoodRow = z.output<typeof understoodRowSchema>;

export const receivedMessageSchema = z.object({
  key: z.string(),
  title: z.string(),
  receivedAt: z.number(),
  /** How the sender was answered. */
  answer: z.enum(['AA', 'AE', 'AR']).nullable(),
  words: z.string(),
  rows: list(understoodRowSchema, 40),
  /** Segment by segment, or the lines of a FHIR resource, as they came. */
  lines: list(text, 2_000),
});
export type ReceivedMessageView = z.output<typeof receivedMessageSchema>;

export const intakeProblemSchema = z.object({
  key: z.string(),
  title: z.string(),
  receivedAt: z.number(),
  words: z.string(),
  nextStep: z.string(),
  answer: z.enum(['AA', 'AE', 'AR']),
  taskIds: list(z.string(), 200),
  lines: list(text, 2_000),
});
export type IntakeProblem = z.output<typeof intakeProblemSchema>;

export const intakeCalls = {
  /** The messages about the order of a case, newest first, each beside what was understood of it. */
  receivedMessages: {
    method: 'GET',
    path: '/api/cases/:taskId/received',
    params: z.object({ taskId: taskIdSchema }),
    output: z.object({ zone: z.string(), messages: list(receivedMessageSchema, 50) }),
    allow: 'see-order-checks',
    room: 'group',
  },
  /** What came in and could not be applied, or needs a person, oldest first. */
  intakeProblems: {
    method: 'GET',
    path: '/api/intake/problems',
    output: z.object({ problems: list(intakeProblemSchema, 200), more: z.number().int(), waiting: z.number().int() }),
    allow: ['lead'],
    room: 'group',
  },
  closeIntakeProblem: {
    method: 'POST',
    path: '/api/intake/problems/:key/close',
    params: z.object({ key: z.string().regex(/^[0-9a-f]{64}$/) }),
    input: z.object({ words: z.string().trim().min(3).max(400) }),
    output: z.object({}),
    allow: ['lead'],
    room: 'group',
  },
  /** The site's own reports of the order of a case, newest first. */
  siteReports: {
    method: 'GET',
    path: '/api/cases/:taskId/site-reports',
    params: z.object({ taskId: taskIdSchema }),
    output: z.object({
      reports: list(
        z.object({
          id: z.string(),
          status: z.enum(['preliminary', 'final', 'corrected', 'appended', 'amended']),
          issued: z.number().nullable(),
          by: z.string(),
          sections: list(z.object({ title: z.string(), text: z.string() }), 50),
          hasPdf: z.boolean(),
        }),
        20,
      ),
    }),
    allow: 'see-report',
    room: 'group',
  },
  /** The PDF of a report of the site or of a prior of this case, as it came: to be saved, never drawn in the page. */
  reportDocument: {
    method: 'GET',
    path: '/api/cases/:taskId/documents/:reportId',
    params: z.object({ taskId: taskIdSchema, reportId: z.string().regex(/^[A-Za-z0-9.-]{1,64}$/) }),
    output: z.object({ data: z.string().max(20_000_000) }),
    allow: 'see-report',
    room: 'group',
  },
} as const;
