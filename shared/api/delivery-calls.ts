import type { Call } from './calls.ts';
import { z } from './jitless-zod.ts';
import { deliverySchema } from './report-schemas.ts';
import { list } from './trade-schemas.ts';

const words = z.string().max(4_000);

/** Deliveries that need a person: the lead's are all, a reader's those that she signed. */
export const deliveryCalls = {
  deliveryTroubles: {
    method: 'GET',
    path: '/api/deliveries/troubles',
    output: z.object({
      troubles: list(
        z.object({
          kind: z.enum(['refused', 'late']),
          delivery: deliverySchema,
          /** As far as they are known; no patient is named here. */
          accession: words.nullable(),
          exam: words,
          site: words.nullable(),
          signedBy: words,
          zone: words,
        }),
      ),
    }),
    allow: 'see-delivery-troubles',
    room: 'group',
  },
} as const satisfies Record<string, Call>;
