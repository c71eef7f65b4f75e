import type { Role } from '../domain/reader/index.ts';
import type { DowntimeSheet } from '../domain/upkeep/index.ts';
import type { Call } from './calls.ts';
import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const words = z.string().max(4_000);
const siteId = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
const desk: readonly Role[] = ['site'];

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
  downtime: z.object({
    /** Whether pages are kept in a folder for the hour in which the host is down. */
    kept: z.boolean(),
    written: words.nullable(),
    failure: words.nullable(),
    sites: list(z.object({ id: z.string(), name: words })),
  }),
  /** Contracts whose clock never stops as the channels of their site are set. */
  clocks: list(z.object({ siteId: z.string(), site: words, words, next: words })),
});

const sheetSchema = z.object({
  site: words,
  madeAt: words,
  zone: words,
  notForClinicalUse: z.boolean(),
  contacts: list(z.object({ role: words, name: words, phone: words })),
  onShift: list(words),
  studies: list(
    z.object({
      accession: words,
      patient: words,
      patientId: words,
      born: words,
      exam: words,
      priority: words,
      state: words,
      due: words,
    }),
  ),
  more: z.number().int(),
  form: list(z.object({ label: words, long: z.boolean() })),
}) satisfies z.ZodType<DowntimeSheet>;

/** What the lead sees of the host's own affairs. */
export const upkeepCalls = {
  upkeep: { method: 'GET', path: '/api/upkeep', output: upkeepSchema, allow: 'see-upkeep', room: 'group' },
  /** A page to print: the access log has an entry each time. */
  downtimeSheet: {
    method: 'GET',
    path: '/api/upkeep/downtime/:siteId',
    params: z.object({ siteId }),
    output: sheetSchema,
    allow: 'see-upkeep',
    room: 'group',
  },
  siteDowntimeSheet: { method: 'GET', path: '/api/site/downtime', output: sheetSchema, allow: desk, room: 'group' },
} as const satisfies Record<string, Call>;
