import { agreements } from '../domain/report/index.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list, siteSchema, taskIdSchema, text } from './trade-schemas.ts';

/** A final that another reader signed over her preliminary, or a report of hers that was given to be signed. The patient is known to the list by the task's id. */
const overreadSchema = z.object({
  taskId: taskIdSchema,
  accession: text.nullable(),
  exam: text,
  site: siteSchema.nullable(),
  by: text,
  at: instantSchema,
  /** Null where she gave it to be signed: it was no report before, with which one agrees or not. */
  agreement: z.enum(agreements).nullable(),
  changed: z.boolean(),
});
export type OverreadLine = z.output<typeof overreadSchema>;

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
  overreadSeen: {
    method: 'POST',
    path: '/api/overreads/:taskId/seen',
    params: z.object({ taskId: taskIdSchema }),
    output: z.object({ lines: list(overreadSchema, 200) }),
    allow: 'see-overreads',
    room: 'group',
  },
} as const;
