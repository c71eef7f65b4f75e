import { type CheckWeights, checkIds } from '../domain/checks/index.ts';
import { z } from './jitless-zod.ts';

/** What a group has turned rules down to. A rule that stops may be named, and stops all the same. */
export const checkWeightsSchema = z.partialRecord(
  z.enum(checkIds),
  z.enum(['tell', 'off']),
) satisfies z.ZodType<CheckWeights>;

/** The file `checks.json` that a group puts into its data folder. */
export const checksFileSchema = z.strictObject({ schema: z.literal('overread-checks-1'), rules: checkWeightsSchema });

/** What the record holds of it: the same, with who changed it and when (milliseconds since 1970). */
export const keptChecksSchema = z.strictObject({
  schema: z.literal('overread-checks-1'),
  rules: checkWeightsSchema,
  by: z.string().min(1).max(200),
  at: z.number(),
});
