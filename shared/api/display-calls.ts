import { z } from './jitless-zod.ts';
import { instantSchema, list } from './trade-schemas.ts';

const count = z.number().int().min(0).max(100);
const checkSchema = z.object({
  screen: z.string().max(100),
  at: instantSchema,
  by: z.string().max(200),
  devicePixelRatio: z.number().positive().max(20),
  read: z.object({ dark: count, middle: count, bright: count }),
  faults: list(z.string().max(400), 20),
});
const placeSchema = z.object({
  id: z.string().max(100),
  kind: z.enum(['desktop', 'host', 'browser']),
  /** A desktop's name in the group; null for the others. */
  name: z.string().max(200).nullable(),
  checks: list(checkSchema, 400),
});
export type DisplayChecksOfPlace = z.output<typeof placeSchema>;
/** Checks that are told at once. */
export const mostToldChecks = 50;

/** Checks of displays, kept at the host by the computer and its screens. */
export const displayCalls = {
  /** Tells of checks (of none, to hear what is known) and answers all that is kept of the screens of this computer. */
  keepDisplayChecks: {
    method: 'POST',
    path: '/api/display-checks',
    input: z.object({
      /** What a browser calls itself: a desktop, or the computer of a host that stands alone, is known without. */
      browser: z.string().regex(/^[0-9a-f]{32}$/),
      checks: list(checkSchema, mostToldChecks),
    }),
    output: z.object({ checks: list(checkSchema, 400) }),
    allow: 'list',
    room: 'group',
  },
  displayChecks: {
    method: 'GET',
    path: '/api/display-checks',
    output: z.object({
      /** Days between two checks by the strictest rule of any site. */
      every: z.object({ usual: z.number().positive(), mammography: z.number().positive() }),
      places: list(placeSchema, 5_000),
    }),
    allow: 'see-display-checks',
    room: 'group',
  },
} as const;
