import type { Call } from './calls.ts';
import { commandId } from './desk-schemas.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, taskIdSchema } from './trade-schemas.ts';

const name = z.string().max(200);

/** What was done on paper while the host was down. */
export const downtimeCalls = {
  /** Enters a wet read with its true times: events of their own, marked, and nobody's signature. The same command again adds nothing. */
  enterDowntimeRead: {
    method: 'POST',
    path: '/api/cases/:taskId/downtime-read',
    params: z.object({ taskId: taskIdSchema }),
    input: z.object({
      commandId,
      readBy: name,
      readAt: instantSchema,
      words: z.string().max(2_000),
      phoned: z.object({ to: name, at: instantSchema, readBack: z.boolean() }).nullable(),
    }),
    output: z.object({}),
    allow: 'enter-downtime-read',
    room: 'group',
  },
} as const satisfies Record<string, Call>;
