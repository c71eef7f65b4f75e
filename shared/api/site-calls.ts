import type { Role } from '../domain/reader/index.ts';
import { billCorrectionSchema, fitToBillSchema } from './billing-calls.ts';
import { criticalLevelSchema } from './critical-calls.ts';
import { attachmentSchema, callRequestSchema, commandId, questionSchema } from './desk-schemas.ts';
import { z } from './jitless-zod.ts';
import { messageSchema, seenInput, sendMessageInput } from './message-calls.ts';
import {
  contactSchema,
  imagesCountSchema,
  instantSchema,
  list,
  patientSchema,
  prioritySchema,
  siteSchema,
  taskIdSchema,
} from './trade-schemas.ts';

const text = z.string().max(4_000);
const spoken = z.string().max(2_000);
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const desk: readonly Role[] = ['site'];

/** A study of one's own site: where it stands and when its report is expected. Nothing of what was found. */
const siteStudySchema = z.object({
  taskId: taskIdSchema,
  accession: text.nullable(),
  patient: patientSchema,
  exam: text,
  priority: prioritySchema,
  state: z.enum(['images-awaited', 'waiting', 'reading', 'held', 'preliminary', 'reported', 'cancelled']),
  images: imagesCountSchema,
  /** When the report is due by the site's contract; null where no clock runs. */
  dueAt: instantSchema.nullable(),
  /** Since when the contract lets the clock stand still; null while it runs. */
  clockPausedAt: instantSchema.nullable(),
});
export type SiteStudy = z.output<typeof siteStudySchema>;

export const siteDeskSchema = z.object({
  site: siteSchema,
  now: instantSchema,
  /** Who of the group may be phoned now, and why this one; empty where nobody said. */
  onCall: list(z.object({ name: text, phone: text, words: text }), 20),
  /** Whom the group phones at this site, as was agreed. */
  contacts: list(contactSchema, 50),
  studies: list(siteStudySchema, 500),
  /** How many more studies there are than are shown. */
  more: z.number().int(),
  questions: list(questionSchema, 500),
  calls: list(callRequestSchema, 500),
  /** Critical results of its studies that nobody has read back, the one that is due first before the others. Nothing of what was found. */
  criticals: list(
    z.object({
      id,
      taskId: id,
      level: criticalLevelSchema,
      dueAt: instantSchema,
      orderedBy: text.nullable(),
    }),
    500,
  ),
  /** What this desk wrote or was written, oldest first. */
  messages: list(messageSchema, 2_000),
});
export type SiteDesk = z.output<typeof siteDeskSchema>;

/** What a site's desk may do, on its own studies only; the host asks at each call whose they are. */
export const siteCalls = {
  siteDesk: { method: 'GET', path: '/api/site/desk', output: siteDeskSchema, allow: desk, room: 'group' },
  /** Its own studies that cannot be billed as they stand. No reader has a call that says anything of it. */
  siteFitToBill: { method: 'GET', path: '/api/site/billing', output: fitToBillSchema, allow: desk, room: 'group' },
  /** Supplies one thing that an order lacks for billing, and answers the list judged anew. */
  siteCorrectOrder: {
    method: 'POST',
    path: '/api/site/cases/:taskId/billing',
    params: z.object({ taskId: taskIdSchema }),
    input: z.object({ commandId, correction: billCorrectionSchema }),
    output: fitToBillSchema,
    allow: desk,
    room: 'group',
  },
  siteAnswer: {
    method: 'POST',
    path: '/api/site/questions/:questionId/answer',
    params: z.object({ questionId: id }),
    input: z.object({
      choice: z.string().max(40).nullable(),
      words: spoken,
      attachment: attachmentSchema.nullable(),
      /** Also puts the answered side, or this reason, into the order. */
      correctSide: z.boolean(),
      reason: spoken.nullable(),
    }),
    output: siteDeskSchema,
    allow: desk,
    room: 'group',
  },
  siteCallMe: {
    method: 'POST',
    path: '/api/site/cases/:taskId/call',
    params: z.object({ taskId: taskIdSchema }),
    input: z.object({ commandId, phone: z.string().max(40), words: spoken }),
    output: siteDeskSchema,
    allow: desk,
    room: 'group',
  },
  siteMessage: {
    method: 'POST',
    path: '/api/site/cases/:taskId/messages',
    params: z.object({ taskId: taskIdSchema }),
    input: sendMessageInput,
    output: siteDeskSchema,
    allow: desk,
    room: 'group',
  },
  siteMessagesSeen: {
    method: 'POST',
    path: '/api/site/cases/:taskId/messages/seen',
    params: z.object({ taskId: taskIdSchema }),
    input: seenInput,
    output: siteDeskSchema,
    allow: desk,
    room: 'group',
  },
} as const;
