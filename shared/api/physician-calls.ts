import { z } from './jitless-zod.ts';
import { instantSchema, list, text } from './trade-schemas.ts';

const taskId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const linkId = z.string().regex(/^[0-9a-f]{40}$/);

/** A link as the case shows it: nothing of its secret part, of its code or of their marks. */
export const physicianLinkSchema = z.object({
  id: linkId,
  version: z.number().int(),
  madeBy: text,
  madeAt: instantSchema,
  recipient: text,
  expiresAt: instantSchema,
  standing: z.enum(['waiting', 'opened', 'expired', 'locked', 'ended']),
  /** What became of it, in words. */
  words: text,
  openedAt: instantSchema.nullable(),
  /** Versions that were put before the person, oldest first. */
  shown: list(z.object({ version: z.number().int(), at: instantSchema })),
});
export type PhysicianLinkView = z.output<typeof physicianLinkSchema>;

export const physicianLinksSchema = z.object({
  /** Whether the page is served at all: by a group host with a listener for it. */
  offered: z.boolean(),
  /** Newest first. */
  links: list(physicianLinkSchema),
});
export type PhysicianLinks = z.output<typeof physicianLinksSchema>;

/** Links to the ordering physician's page, of one case. */
export const physicianCalls = {
  physicianLinks: {
    method: 'GET',
    path: '/api/cases/:taskId/physician-links',
    params: z.object({ taskId }),
    output: physicianLinksSchema,
    allow: 'see-delivery',
    room: 'group',
  },
  /** Link and code are in this answer and nowhere else, ever after. */
  makePhysicianLink: {
    method: 'POST',
    path: '/api/cases/:taskId/physician-links',
    params: z.object({ taskId }),
    input: z.object({ recipient: z.string().max(200) }),
    output: z.object({ address: z.string().max(2_000), code: z.string().max(20), link: physicianLinkSchema }),
    allow: 'make-physician-link',
    room: 'group',
  },
  /** Whoever has it sees nothing more, opened or not. */
  endPhysicianLink: {
    method: 'POST',
    path: '/api/cases/:taskId/physician-links/:linkId/end',
    params: z.object({ taskId, linkId }),
    output: physicianLinksSchema,
    allow: 'make-physician-link',
    room: 'group',
  },
} as const;
