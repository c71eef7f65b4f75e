import { type CheckWeights, checkIds } from '../domain/checks/index.ts';
import { z } from './jitless-zod.ts';

/** What a group has turned rules down to. A rule that stops may be named, and stops all the same. */
export const checkWeightsSchema = z.partialRecord(
  z.enum(checkIds),
  z.enum(['tell', 'off']),
) satisfies z.ZodType<CheckWeights>;

/** The file `checks.json` that a group puts into its data folder. */
export const checksFileSchema = z.strictObject({ schema: z.literal('overread-checks-1'), rules: checkWeightsSchema });
