import { type CheckOutcome, checkIds, checkOutcomes, mostCheckOutcomes } from '../domain/checks/index.ts';
import { mostMarks } from '../domain/measurement/index.ts';
import {
  agreements,
  longestCaption,
  mostPictureBytes,
  mostSeriesOpened,
  mostTogether,
} from '../domain/report/index.ts';
import { z } from './jitless-zod.ts';
import { draftSchema, sectionTextsSchema } from './report-schemas.ts';
import { caseContextSchema, list } from './trade-schemas.ts';

/** What one check had against a report, and what was answered: a rule and a reason of its list, no word of the report. */
const checkOutcomeSchema = z.object({
  rule: z.enum(checkIds),
  outcome: z.enum(checkOutcomes),
  reason: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .nullable(),
}) satisfies z.ZodType<CheckOutcome>;

/** One press of Sign. */
export const signInput = z.object({
  /** Made by the page once for each press of Sign; repeats with the same id get the same answer. */
  commandId: z.string().uuid(),
  kind: z.enum(['preliminary', 'final', 'addendum', 'correction']),
  context: caseContextSchema,
  fencingToken: z.number().int().nullable(),
  draft: draftSchema,
  /** The identity tuple as the dialog showed it; the host refuses when it is not what it would sign. */
  shown: z.object({ name: z.string(), birthDate: z.string(), accession: z.string(), exam: z.string() }),
  /** Of a report over several exams: the others, each as it stood when she pressed Sign. Absent for a report of one. */
  together: list(
    z.object({
      context: caseContextSchema.omit({ epoch: true }),
      fencingToken: z.number().int().nullable(),
      /** The exam as the dialog showed it. */
      exam: z.string(),
    }),
    mostTogether - 1,
  ).optional(),
  comparisons: list(z.string().max(64), 50),
  /** Series of what is signed that were opened; the host keeps those that the studies hold. */
  seriesOpened: list(z.string().max(64), mostSeriesOpened).optional(),
  /** What the checks had against it as the dialog showed it; the host runs them again and stops by its own. */
  checks: list(checkOutcomeSchema, mostCheckOutcomes).optional(),
  /** Of a final over another reader's preliminary: whether she agrees with it. The host refuses such a final without it. */
  overread: z.enum(agreements).optional(),
  /** Pictures of the key images for the PDF, as she saw them; a key image without one is named there in words. */
  keyPictures: list(
    z.object({
      id: z.uuid(),
      caption: z.string().max(longestCaption),
      jpeg: z
        .base64()
        .max(Math.ceil((mostPictureBytes * 4) / 3) + 4)
        .nullable(),
      why: z.string().max(200).nullable(),
    }),
    mostMarks,
  ).optional(),
  sections: sectionTextsSchema.optional(),
  password: z.string().max(1_000).optional(),
});
