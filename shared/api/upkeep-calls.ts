import type { Call } from './calls.ts';
import { z } from './jitless-zod.ts';

const words = z.string().max(2_000);

/** How the host keeps what it holds. Times are words on the host's clock, with its zone. */
const upkeepSchema = z.object({
  backup: z.discriminatedUnion('kind', [
    /** `asked`: a host that serves a group ought to have one. */
    z.object({ kind: z.literal('off'), asked: z.boolean() }),
    z.object({
      kind: z.literal('on'),
      lastGood: words.nullable(),
      /** More than 26 hours ago, or never: somebody must be told. */
      old: z.boolean(),
      running: z.boolean(),
      failure: words.nullable(),
      /** "at 03:00 in America/Chicago". */
      nightly: words,
    }),
  ]),
});

/** What the lead sees of the host's own affairs. */
export const upkeepCalls = {
  upkeep: { method: 'GET', path: '/api/upkeep', output: upkeepSchema, allow: 'see-upkeep', room: 'group' },
} as const satisfies Record<string, Call>;
