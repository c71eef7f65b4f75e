import { longestMessage, type Message, parties } from '../domain/message/index.ts';
import { commandId, deskParams } from './desk-schemas.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list } from './trade-schemas.ts';

const text = z.string().max(4_000);
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const person = z.object({ id: text, name: text });

export const messageSchema = z.object({
  id,
  taskId: id,
  orderId: id.nullable(),
  siteId: id.nullable(),
  patientReference: text.nullable(),
  from: z.enum(parties),
  to: z.enum(parties),
  sender: person,
  sentAt: instantSchema,
  // What another program wrote may be longer than ours: it is cut on the way to the page, not refused with the whole thread.
  words: z.string(),
  seen: z.object({ by: person, at: instantSchema }).nullable(),
}) satisfies z.ZodType<Message>;

/** The messages of a case as this person may see them. */
export const caseMessagesSchema = z.object({
  /** Oldest first. */
  messages: list(messageSchema, 2_000),
  /** To whom this person may write. */
  to: z.array(z.enum(parties)),
  /** Ids of those that wait for this person. */
  waiting: z.array(id),
});
export type CaseMessages = z.output<typeof caseMessagesSchema>;

/** `commandId` is made once for each press: a repeat with the same id is the same message. */
export const sendMessageInput = z.object({ commandId, to: z.enum(parties), words: z.string().max(longestMessage) });
export const seenInput = z.object({ ids: z.array(id).max(2_000) });

/** Between reader, lead and site about one case. A repeat with the same command answers what is there already. */
export const messageCalls = {
  caseMessages: {
    method: 'GET',
    path: '/api/cases/:taskId/messages',
    params: deskParams.task,
    output: caseMessagesSchema,
    allow: 'see-messages',
    room: 'group',
  },
  sendMessage: {
    method: 'POST',
    path: '/api/cases/:taskId/messages',
    params: deskParams.task,
    input: sendMessageInput,
    output: caseMessagesSchema,
    allow: 'write-message',
    room: 'group',
  },
  messagesSeen: {
    method: 'POST',
    path: '/api/cases/:taskId/messages/seen',
    params: deskParams.task,
    input: seenInput,
    output: caseMessagesSchema,
    allow: 'see-messages',
    room: 'group',
  },
} as const;
