import { holdReasons, mostLooks, passReasons, type RankGround, type TaskDesk } from '../domain/reading/index.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, readerIdSchema, text } from './trade-schemas.ts';

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
  pending: z
    .object({
      reader: readerIdSchema,
      readerName: text,
      at: instantSchema,
      digest: text,
      press: text,
      opened: z.object({ reader: readerIdSchema, readerName: text, at: instantSchema }).nullable(),
      together: z.array(text).readonly().optional(),
    })
    .optional(),
  sentBack: z
    .object({
      by: readerIdSchema,
      byName: text,
      to: readerIdSchema,
      at: instantSchema,
      words: text,
      digest: text,
    })
    .optional(),
}) satisfies z.ZodType<TaskDesk>;

export const rankGroundSchema = z.object({
  ground: z.enum(['finished', 'code', 'priority', 'risk', 'fit']),
  words: text,
  small: text,
  figure: text,
}) satisfies z.ZodType<RankGround>;
