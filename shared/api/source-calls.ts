import { z } from './jitless-zod.ts';
import { longText, taskIdSchema } from './trade-schemas.ts';

/** What order, images and priors already say, for the first sections of a report. */
export const prefillSchema = z.object({ clinicalInformation: longText, technique: longText, comparison: longText });

export const sourceCalls = {
  /** The same as it is now, of a case that this session has open in that epoch: what was put in at the opening may have another source since. */
  caseSources: {
    method: 'GET',
    path: '/api/cases/:taskId/sources',
    params: z.object({ taskId: taskIdSchema }),
    input: z.object({ epoch: z.coerce.number().int().positive() }),
    output: z.object({ prefill: prefillSchema }),
    allow: 'look',
    room: 'group',
  },
} as const;
