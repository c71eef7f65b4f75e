import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const uid = z.string().max(64);

const standingSchema = z.object({
  /** `local`: the archive is on this disk, nothing has to be fetched. `off`: set to fetch nothing ahead. */
  state: z.enum(['local', 'off', 'paused', 'running', 'ready']),
  /** Bytes a second; null before anything was measured. */
  bandwidth: z.number().nullable(),
  /** A first image of every study goes before the rest of any. */
  slow: z.boolean(),
  /** Bytes in the sealed cache, and how many there may be. */
  held: z.number(),
  budget: z.number(),
  /** By urgency; a study before its priors. */
  studies: list(
    z.object({
      taskId: z.string().max(200),
      studyUid: uid,
      role: z.enum(['current', 'prior']),
      place: z.number().int().nonnegative(),
      series: list(
        z.object({
          seriesUid: uid,
          modality: z.string().max(100),
          instances: z.number().int().nonnegative(),
          state: z.enum(['here', 'coming', 'waiting', 'left']),
        }),
        5_000,
      ),
    }),
    100,
  ),
});
export type PrefetchView = z.output<typeof standingSchema>;

/** Images of the reader's next studies, fetched ahead into the sealed cache. */
export const prefetchCalls = {
  prefetch: {
    method: 'GET',
    path: '/api/prefetch',
    output: standingSchema,
    allow: 'next-study',
    room: 'group',
  },
  /** For everybody whose images come through this host. */
  pausePrefetch: {
    method: 'POST',
    path: '/api/prefetch',
    input: z.object({ paused: z.boolean() }),
    output: standingSchema,
    allow: 'next-study',
    room: 'group',
  },
} as const;
