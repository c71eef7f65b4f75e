import { views } from '../domain/hanging/index.ts';
import { hangingProtocolSchema } from './hanging-schemas.ts';
import { z } from './jitless-zod.ts';
import { list, taskIdSchema, text } from './trade-schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** Rules of one owner: more are nobody's habit, and all of them are looked through for every study. */
const protocols = list(hangingProtocolSchema, 100);
const side = z.enum(['L', 'R', 'B']).nullable();

/** Whose rules are meant: one's own, those of a site, those of the group. */
const ownerInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('site'), id }),
  z.object({ kind: z.literal('group') }),
]);

const ruleSetSchema = z.object({
  owner: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('user'), id: text }),
    z.object({ kind: z.literal('site'), id }),
    z.object({ kind: z.literal('group') }),
  ]),
  /** "Your own", "Cedar Hollow Imaging", "The group". */
  name: text,
  protocols,
  /** What a change must name, so that nobody's change is lost; null before the first. */
  version: z.string().max(200).nullable(),
  changed: z.object({ by: text, at: z.number() }).nullable(),
  /** Earlier versions that undo can bring back. */
  undo: z.number().int().nonnegative(),
  mayChange: z.boolean(),
});
export type HangingRuleSet = z.output<typeof ruleSetSchema>;
const setsSchema = z.object({ sets: list(ruleSetSchema, 1_000) });

const seriesSchema = z.object({
  studyUid: text,
  seriesUid: text,
  number: z.number().nullable(),
  modality: text,
  description: text,
  bodyPart: text,
  laterality: side,
  images: z.number(),
  plane: z.enum(['axial', 'coronal', 'sagittal', 'oblique']).nullable(),
  thickness: z.number().nullable(),
  kernel: text,
  contrast: z.boolean(),
  cine: z.boolean(),
  imageType: list(text, 50),
  corrected: list(text, 50),
  instances: list(
    z.object({
      instanceUid: text,
      number: z.number().nullable(),
      frames: z.number(),
      view: z.enum(views).nullable(),
      viewModifiers: z.number(),
      laterality: side,
      chestWall: z.enum(['left', 'right']).nullable(),
      intent: z.enum(['presentation', 'processing']).nullable(),
    }),
    200,
  ),
});

const recentStudySchema = z.object({
  taskId: taskIdSchema,
  exam: text,
  accession: text.nullable(),
  studyDate: text.nullable(),
  siteId: text.nullable(),
  studyUid: text,
  modalities: list(text, 50),
  bodyPart: text,
  description: text,
  procedure: list(z.object({ code: text, scheme: text, meaning: text }), 20),
  /** Null where the archive did not answer. */
  series: list(seriesSchema, 500).nullable(),
});
export type RecentStudy = z.output<typeof recentStudySchema>;

/** Rules by which studies hang. A reader keeps her own; a lead those of sites and of the group as well. */
export const hangingCalls = {
  hangingRules: { method: 'GET', path: '/api/hanging-protocols', output: setsSchema, allow: 'list', room: 'group' },
  /** All rules of one owner in place of those that `version` names; answers all sets as they are now. */
  keepHangingRules: {
    method: 'PUT',
    path: '/api/hanging-protocols',
    input: z.object({ owner: ownerInput, version: z.string().max(200).nullable(), protocols }),
    output: setsSchema,
    allow: 'list',
    room: 'group',
  },
  /** Brings back what was before the last change. */
  undoHangingRules: {
    method: 'POST',
    path: '/api/hanging-protocols/undo',
    input: z.object({ owner: ownerInput, version: z.string().max(200) }),
    output: setsSchema,
    allow: 'list',
    room: 'group',
  },
  /** The latest studies that the caller may read, as a rule would see them; no patient is named. */
  recentStudies: {
    method: 'GET',
    path: '/api/hanging-protocols/recent-studies',
    output: z.object({ studies: list(recentStudySchema, 20) }),
    allow: 'list',
    room: 'group',
  },
} as const;
