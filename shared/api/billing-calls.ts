import { type BillCheck, type BillCorrection, billCheckCodes } from '../domain/billing/index.ts';
import { z } from './jitless-zod.ts';
import { list, patientSchema, taskIdSchema } from './trade-schemas.ts';

const text = z.string().max(4_000);

const billCheckSchema = z.object({
  code: z.enum(billCheckCodes),
  state: z.enum(['ready', 'defect', 'note', 'unknown']),
  words: text,
  found: text,
  clause: text,
}) satisfies z.ZodType<BillCheck>;

const billingRowSchema = z.object({
  taskId: taskIdSchema,
  accession: text.nullable(),
  patient: patientSchema,
  exam: text,
  site: text.nullable(),
  /** "YYYYMMDD" in the site's zone. */
  dateOfService: text.nullable(),
  verdict: z.enum(['fit', 'not-fit', 'unknown']),
  checks: list(billCheckSchema, 100),
});
export type BillingRow = z.output<typeof billingRowSchema>;

export const fitToBillSchema = z.object({
  tables: list(z.object({ kind: z.enum(['icd10cm', 'procedure']), validFrom: text, codes: z.number().int() }), 200),
  judged: z.number().int(),
  /** Older cases that were not judged in this answer. */
  left: z.number().int(),
  /** Those that are not fit, or of which it is not known. */
  rows: list(billingRowSchema, 1_000),
});
export type FitToBillList = z.output<typeof fitToBillSchema>;

const day = z.string().max(20).nullable();
/** What a site's desk may supply; what it means and whether it holds is for the rules of the trade. */
export const billCorrectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('authorization'), number: z.string().max(200), from: day, until: day }),
  z.object({ kind: z.literal('coverage'), payer: z.string().max(400), from: day, until: day }),
  z.object({ kind: z.literal('diagnosis'), code: z.string().max(40), instead: z.string().max(40).nullable() }),
  z.object({ kind: z.literal('procedure'), code: z.string().max(40) }),
  z.object({ kind: z.literal('orderer-npi'), npi: z.string().max(40) }),
]) satisfies z.ZodType<BillCorrection>;

/** The lead's page. A reader has no call that says anything of it. */
export const billingCalls = {
  fitToBill: {
    method: 'GET',
    path: '/api/billing/fit',
    output: fitToBillSchema,
    allow: 'see-billing',
    room: 'group',
  },
} as const;
