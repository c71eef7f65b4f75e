import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const engineSchema = z.enum(['pocketsphinx', 'sherpa']);
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

const modelChoiceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string().max(4_000) }),
  z.object({ kind: z.literal('download'), id: z.string().max(100) }),
]);
const speechModelSchema = z.object({
  /** The engine's library for this kind of computer was installed. */
  installed: z.boolean(),
  offered: list(
    z.object({
      id: z.string().max(100),
      name: z.string().max(200),
      licence: z.string().max(200),
      source: z.string().max(200),
      bytes: z.number().int().positive(),
    }),
    20,
  ),
  chosen: modelChoiceSchema.nullable(),
  /** Null when the chosen model is whole; otherwise why not, with the next step. */
  trouble: z.string().max(5_000).nullable(),
  /** It finds speech by Silero's model, and can look for words of the case. */
  has: z.object({ voice: z.boolean(), pieces: z.boolean() }).nullable(),
  download: z
    .object({
      id: z.string().max(100),
      received: z.number().int().nonnegative(),
      bytes: z.number().int().positive(),
      phase: z.enum(['running', 'ended', 'failed']),
      words: z.string().max(1_000),
    })
    .nullable(),
});
export type SpeechModelState = z.output<typeof speechModelSchema>;

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
    /** `words`: of the open case, which the engine prefers. They end with the stream. */
    input: z.object({
      engine: engineSchema,
      words: list(
        z
          .string()
          .regex(/^[a-z']+$/)
          .max(40),
        400,
      ).default([]),
    }),
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
  /** The model of the sherpa-onnx engine on this computer. */
  speechModel: { method: 'GET', path: '/api/dictation/model', output: speechModelSchema, allow: 'read', room: 'desk' },
  changeSpeechModel: {
    method: 'POST',
    path: '/api/dictation/model',
    input: z.discriminatedUnion('type', [
      z.object({ type: z.literal('use-folder'), path: z.string().min(1).max(4_000) }),
      z.object({ type: z.literal('download'), id: z.string().max(100) }),
      z.object({ type: z.literal('stop-download') }),
    ]),
    output: speechModelSchema,
    allow: 'read',
    room: 'desk',
  },
} as const;
