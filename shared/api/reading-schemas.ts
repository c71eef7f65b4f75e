import type { ReaderId } from '../domain/reader/index.ts';
import { holdReasons, mostLooks, passReasons, type RankGround, type TaskDesk } from '../domain/reading/index.ts';
import type { Instant } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';

const text = z.string().max(4_000);
export const readerIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,64}$/)
  .transform((value) => value as ReaderId);
const instantSchema = z
  .number()
  .int()
  .transform((value) => value as Instant);

export const passReasonSchema = z.enum(passReasons);
export const holdReasonSchema = z.enum(holdReasons);

/** What readers arranged among themselves about a study. */
export const taskDeskSchema = z.object({
  hold: z.object({ reason: holdReasonSchema, words: text }).nullable(),
  assigned: z.object({ reader: readerIdSchema, readerName: text, byName: text }).nullable(),
  passes: z
    .array(z.object({ reader: readerIdSchema, reason: passReasonSchema }))
    .max(1_000)
    .readonly(),
  looks: z
    .array(
      z.object({
        id: text,
        by: readerIdSchema,
        byName: text,
        to: readerIdSchema,
        toName: text,
        question: text,
        askedAt: instantSchema,
        answer: z.object({ words: text, at: instantSchema }).nullable(),
      }),
    )
    .max(mostLooks)
    .readonly(),
}) satisfies z.ZodType<TaskDesk>;

export const rankGroundSchema = z.object({
  ground: z.enum(['finished', 'code', 'priority', 'risk', 'fit']),
  words: text,
  small: text,
  figure: text,
}) satisfies z.ZodType<RankGround>;
