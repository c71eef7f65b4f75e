import type { Call } from './calls.ts';
import { z } from './jitless-zod.ts';
import { taskIdSchema } from './trade-schemas.ts';

const params = z.object({ taskId: taskIdSchema });

const lineSchema = z.object({
  number: z.number().int(),
  id: z.string(),
  what: z.string(),
  time: z.string(),
  utc: z.string(),
  who: z.string(),
  clock: z.string(),
  confidence: z.enum(['high', 'low']),
  doubt: z.string(),
  pause: z.string(),
  cause: z.number().int().nullable(),
  detail: z.string(),
  hash: z.string(),
});

/** Why a study's clock says what it says: the page that both sides of a dispute can read, and the files beside it. */
export const disputeCalls = {
  dispute: {
    method: 'GET',
    path: '/api/cases/:taskId/dispute',
    params,
    output: z.object({
      accession: z.string().nullable(),
      studyUid: z.string().nullable(),
      exam: z.string(),
      site: z.string(),
      zone: z.string(),
      /** On the site's clock, with its zone. */
      madeAt: z.string(),
      madeBy: z.string(),
      contract: z.array(z.string()),
      /** To a lead: why this clock never stops as the site’s channels are set; empty where it does. */
      clockFaults: z.array(z.object({ contract: z.string(), words: z.string(), next: z.string() })),
      reckoning: z.array(z.string()),
      intervals: z.array(z.object({ name: z.string(), milliseconds: z.number().nullable(), words: z.string() })),
      lines: z.array(lineSchema),
      chain: z.string(),
      notForClinicalUse: z.boolean(),
    }),
    allow: 'see-report',
    room: 'group',
  },
  /** The events as a file; the access log has an entry for each. */
  exportDispute: {
    method: 'POST',
    path: '/api/cases/:taskId/dispute/export',
    params,
    input: z.object({ format: z.enum(['csv', 'fhir']) }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    allow: 'see-report',
    room: 'group',
  },
  /** Noted before the printer is asked: what is on paper leaves the host's keeping. */
  printDispute: {
    method: 'POST',
    path: '/api/cases/:taskId/dispute/print',
    params,
    input: z.object({}),
    output: z.object({}),
    allow: 'see-report',
    room: 'group',
  },
} as const satisfies Record<string, Call>;
