import { z } from './jitless-zod.ts';
import { list, mayReadSchema, patientSchema, siteSchema, taskIdSchema, taskStateSchema } from './trade-schemas.ts';

/** One study that a search found. `task` null: an earlier exam, which opens beside the case of the same patient in `opensWith`. */
const foundStudySchema = z.object({
  key: z.string().max(200),
  patient: patientSchema,
  accession: z.string().max(4_000).nullable(),
  exam: z.string().max(4_000),
  modality: z.string().max(100),
  studyDate: z.string().max(100).nullable(),
  site: siteSchema.nullable(),
  task: z.object({ id: taskIdSchema, state: taskStateSchema, mayRead: mayReadSchema }).nullable(),
  opensWith: taskIdSchema.nullable(),
});
export type FoundStudy = z.output<typeof foundStudySchema>;

export const findCalls = {
  /** Any patient name, id or accession among all that the host knows, earlier exams too. Each question is in the access log. */
  findStudies: {
    method: 'GET',
    path: '/api/find',
    input: z.object({ text: z.string().max(200) }),
    output: z.object({ found: list(foundStudySchema, 200), more: z.number().int().nonnegative() }),
    allow: 'search',
    room: 'group',
  },
} as const;
