import { checkIds, checkSeverities } from '../domain/checks/index.ts';
import { checkWeightsSchema } from './check-schemas.ts';
import { z } from './jitless-zod.ts';
import { list, text } from './trade-schemas.ts';

const count = z.number().int().nonnegative();
const rulesSchema = z.object({
  /** Days that the counts go back, and signatures in them of which a rule had something to say. */
  days: count,
  signatures: count,
  /** Null where the record did not answer: the rules stand without counts. */
  counted: z.boolean(),
  rules: list(
    z.object({
      id: z.enum(checkIds),
      title: text,
      why: z.string().max(1_000),
      shipped: z.enum(checkSeverities),
      fired: count,
      overridden: count,
      reasons: list(z.object({ words: text, count }), 20),
    }),
    100,
  ),
  /** What the group has turned rules down to. */
  weights: checkWeightsSchema,
  /** Where that is kept: the record, or a file in the data folder of this host, which goes before it and is changed there. */
  kept: z.enum(['record', 'file']),
  /** What a change must name, so that nobody's change is lost; null before the first. */
  version: z.string().max(200).nullable(),
  changed: z.object({ by: text, at: z.number() }).nullable(),
  mayChange: z.boolean(),
});
export type CheckRulesView = z.output<typeof rulesSchema>;

/** The rules of the checks before signing: how often each fired and was overridden, and what the group has turned down. */
export const checkCalls = {
  checkRules: {
    method: 'GET',
    path: '/api/check-rules',
    output: rulesSchema,
    allow: 'see-check-figures',
    room: 'group',
  },
  keepCheckRules: {
    method: 'PUT',
    path: '/api/check-rules',
    input: z.object({ version: z.string().max(200).nullable(), weights: checkWeightsSchema }),
    output: rulesSchema,
    allow: 'keep-checks',
    room: 'group',
  },
} as const;
