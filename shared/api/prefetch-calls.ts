import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const uid = z.string().regex(/^[0-9.]{1,64}$/);

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
          /** Of its instances, those that have come; none is "here" before all are. */
          came: z.number().int().nonnegative(),
        }),
        5_000,
      ),
    }),
    100,
  ),
});
export type PrefetchView = z.output<typeof standingSchema>;

const heldSchema = z.object({ taskId: z.string().max(200), studyUid: uid });
/** Studies that a desktop tells of at once. */
const mostHeld = 2_000;

const aheadSchema = z.object({
  studies: list(
    heldSchema.extend({
      archive: z.string().max(200),
      role: z.enum(['current', 'prior']),
      place: z.number().int().nonnegative(),
      /** For the desktop's own access log. */
      patient: z.string().max(200).nullable(),
      /** Null while the archive has not listed them yet. `set`: it is not fetched as a whole. */
      series: list(
        z.object({
          seriesUid: uid,
          modality: z.string().max(100),
          instances: z.number().int().nonnegative(),
          set: z.boolean(),
        }),
        5_000,
      ).nullable(),
    }),
    100,
  ),
  /** Of what the desktop holds, what this reader needs no more: final, another's, or not hers to read. */
  over: list(heldSchema, mostHeld),
  offShift: z.boolean(),
});
export type StudiesAhead = z.output<typeof aheadSchema>;

/** Images of the reader's next studies, fetched ahead into the sealed cache. */
export const prefetchCalls = {
  prefetch: {
    method: 'GET',
    path: '/api/prefetch',
    output: standingSchema,
    allow: 'next-study',
    room: 'desk',
  },
  /** For everybody whose images come through this host. */
  pausePrefetch: {
    method: 'POST',
    path: '/api/prefetch',
    input: z.object({ paused: z.boolean() }),
    output: standingSchema,
    allow: 'next-study',
    room: 'desk',
  },
  /** Asked by a reader's desktop for itself: what it may fetch ahead for her, and what of all that it holds it has to let go. */
  studiesAhead: {
    method: 'POST',
    path: '/api/prefetch/studies',
    input: z.object({ held: list(heldSchema, mostHeld) }),
    output: aheadSchema,
    allow: 'next-study',
    room: 'group',
  },
} as const;
