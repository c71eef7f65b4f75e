import { instant } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';

/** What a row of the list says of its site: counts and times, no words. */
export const rowMattersSchema = z.object({
  /** Questions without an answer, and when the oldest of them was asked. */
  asked: z.number().int(),
  oldestAskedAt: z.number().int().transform(instant).nullable(),
  answered: z.number().int(),
  /** Calls that the site waits for. */
  calls: z.number().int(),
  /** Critical results that nobody has read back: how many, and of the one that is due first its level and when; absent where there are none. */
  critical: z
    .object({
      open: z.number().int(),
      level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      dueAt: z.number().int().transform(instant),
    })
    .optional(),
  /** Messages of the case; absent where there are none. */
  messages: z
    .object({
      count: z.number().int(),
      /** That somebody addressed has seen. */
      seen: z.number().int(),
      /** That wait for whoever has the case, and for a lead. */
      forReader: z.number().int(),
      forLead: z.number().int(),
    })
    .optional(),
});
export type RowMatters = z.output<typeof rowMattersSchema>;
