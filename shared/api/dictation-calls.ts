import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const engineSchema = z.enum(['pocketsphinx']);
const utterance = z.number().int().positive();
const milliseconds = z.number().nonnegative();

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('began'), utterance }),
  /** What is heard so far: a guess, never a report's words. */
  z.object({ type: z.literal('partial'), utterance, text: z.string().max(20_000) }),
  z.object({
    type: z.literal('final'),
    utterance,
    words: list(z.object({ word: z.string().max(200), confidence: z.number().min(0).max(1).nullable() }), 2_000),
    pauseBefore: milliseconds,
    pauseAfter: milliseconds,
  }),
  z.object({ type: z.literal('trouble'), words: z.string().max(1_000), isOver: z.boolean() }),
]);
export type HeardEvent = z.output<typeof eventSchema>;
export type SpeechEngineId = z.output<typeof engineSchema>;

const streamParams = z.object({ stream: z.uuid() });
const heard = z.object({ events: list(eventSchema, 5_000) });

/**
 * Speech to words, beside the reader. The sound is 16 kHz, mono, 16 bit, little endian, in pieces of at most two seconds; an answer
 * holds what was heard since the last one. Nothing of it is kept anywhere.
 */
export const dictationCalls = {
  startDictation: {
    method: 'POST',
    path: '/api/dictation',
    input: z.object({ engine: engineSchema }),
    output: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('started'), stream: z.uuid() }),
      z.object({ kind: z.literal('refused'), words: z.string().max(1_000) }),
    ]),
    allow: 'read',
    room: 'desk',
  },
  dictate: {
    method: 'POST',
    path: '/api/dictation/:stream/sound',
    params: streamParams,
    /** `sequence` counts from 0. */
    input: z.object({ sequence: z.number().int().nonnegative(), pcm: z.base64().max(86_000) }),
    output: heard,
    allow: 'read',
    room: 'desk',
  },
  stopDictation: {
    method: 'POST',
    path: '/api/dictation/:stream/stop',
    params: streamParams,
    output: heard,
    allow: 'read',
    room: 'desk',
  },
} as const;
