import { agreements, type DictatedFigures } from '../domain/report/index.ts';
import { z } from './jitless-zod.ts';
import { examLine, instantSchema, list, taskIdSchema, text } from './trade-schemas.ts';

/** A final that another reader signed over her preliminary, or a report of hers that was given to be signed. */
const overreadSchema = z.object({
  ...examLine,
  by: text,
  at: instantSchema,
  /** Null where she gave it to be signed: it was no report before, with which one agrees or not. */
  agreement: z.enum(agreements).nullable(),
  changed: z.boolean(),
});
export type OverreadLine = z.output<typeof overreadSchema>;

const figure = z.number().int().nonnegative();
const counts = { signed: figure, unchanged: figure, small: figure, large: figure, unknown: figure };
const named = list(z.object({ name: text, ...counts }), 600);

/** What became of the reports that she gave to be signed; a report over several exams is one. */
const dictatedFiguresSchema = z.object({
  /** Given and signed by nobody yet. */
  waiting: figure,
  all: z.object(counts),
  byModality: named,
  byMonth: named,
}) satisfies z.ZodType<DictatedFigures & { readonly waiting: number }>;
export type DictatedFiguresView = z.output<typeof dictatedFiguresSchema>;

/** What became of a reader's preliminaries under another reader's eyes. */
export const overreadCalls = {
  /** Those that she has not seen, disagreements first. */
  overreads: {
    method: 'GET',
    path: '/api/overreads',
    output: z.object({ lines: list(overreadSchema, 200) }),
    allow: 'see-overreads',
    room: 'group',
  },
  /** For herself alone: nobody is answered with another's. */
  dictatedFigures: {
    method: 'GET',
    path: '/api/overreads/figures',
    output: dictatedFiguresSchema,
    allow: 'see-overreads',
    room: 'group',
  },
  overreadSeen: {
    method: 'POST',
    path: '/api/overreads/:taskId/seen',
    params: z.object({ taskId: taskIdSchema }),
    output: z.object({ lines: list(overreadSchema, 200) }),
    allow: 'see-overreads',
    room: 'group',
  },
} as const;
