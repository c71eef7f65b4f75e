import type { AdviceRule } from '../domain/order/index.ts';
import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

const words = z.string().trim().min(1).max(200);
const years = z.number().int().min(0).max(130);

const conditionSchema = z.strictObject({
  modalities: list(z.enum(['CT', 'MR', 'XR', 'US', 'MG', 'NM', 'PT', 'RF', 'XA', 'DXA']), 10).optional(),
  parts: list(words, 50).optional(),
  contrast: z.enum(['with', 'without', 'both']).optional(),
  reasonWords: list(words, 200).optional(),
  reasonCodes: list(words, 200).optional(),
  unlessWords: list(words, 200).optional(),
  unlessCodes: list(words, 200).optional(),
  youngerThan: years.optional(),
  olderThan: years.optional(),
});

/** A file of appropriateness rules: what a group may put into its folder. Members that we do not know are refused, so that none is believed to work. */
export const appropriatenessFileSchema = z.strictObject({
  schema: z.literal('overread-appropriateness-1'),
  rules: list(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9-]{3,80}$/),
      title: words,
      advice: z.string().trim().min(10).max(1_000),
      citation: z.string().trim().min(10).max(500),
      when: conditionSchema.refine(
        (one) => Object.keys(one).length > 0,
        'a rule without a condition would speak of every order',
      ),
    }),
    500,
  ),
}) satisfies z.ZodType<{ readonly schema: string; readonly rules: readonly AdviceRule[] }>;
