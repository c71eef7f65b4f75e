import { releaseKinds, withdrawalReasons, withdrawalSteps } from '../domain/report/index.ts';
import { z } from './jitless-zod.ts';
import { deliverySchema, reportViewSchema } from './report-schemas.ts';
import { caseContextSchema, examLine, instantSchema, list, longText, taskIdSchema, text } from './trade-schemas.ts';

/** One receiver of a report that was withdrawn, and whether it has the withdrawal. */
const receiverSchema = z.object({
  deliveryId: z.string().max(120),
  name: text,
  state: deliverySchema.shape.state,
  hasIt: z.boolean(),
  proof: text,
});

/** A withdrawal as it stands: what was done, and what is open. */
const withdrawalSchema = z.object({
  ...examLine,
  why: z.enum(withdrawalReasons),
  by: z.object({ id: text, name: text }),
  at: instantSchema,
  version: z.number().int().positive(),
  receivers: list(receiverSchema, 20),
  steps: list(z.object({ step: z.enum(withdrawalSteps), state: z.enum(['open', 'done', 'not-needed']) }), 20),
  /** The exam that is to be read again under a task of its own; null until it is on the list. */
  againTaskId: taskIdSchema.nullable(),
  /** The exam that the words belong to, where the reader named one. */
  right: z.object({ taskId: taskIdSchema, accession: text.nullable(), exam: text }).nullable(),
  finished: z.boolean(),
  words: text,
});
export type WithdrawalView = z.output<typeof withdrawalSchema>;

const caseWithdrawalSchema = z.object({
  withdrawal: withdrawalSchema.nullable(),
  /** Whether this person may withdraw what stands of the report, and if not, why. */
  may: z.object({ allowed: z.boolean(), words: text }),
  /** The version that would be withdrawn; null where none is out. */
  standing: z
    .object({
      version: z.number().int().positive(),
      kind: z.enum(releaseKinds),
      signer: text,
      signedAt: instantSchema,
      /** Other exams that the same report is over: they are withdrawn with it. */
      together: list(text, 10),
    })
    .nullable(),
  passwordNeeded: z.boolean(),
  /** Words of a report that she withdrew elsewhere and that belong to this exam; only hers, and only to her. */
  offered: list(
    z.object({ id: text, under: text, sections: list(z.object({ code: text, title: text, text: longText }), 100) }),
    10,
  ),
});
export type CaseWithdrawal = z.output<typeof caseWithdrawalSchema>;

const params = z.object({ taskId: taskIdSchema });

/** A released report that is taken back as entered in error, on every channel of its site. */
export const withdrawalCalls = {
  withdrawReport: {
    method: 'POST',
    path: '/api/cases/:taskId/report/withdraw',
    params,
    input: z.object({
      /** Made by the page once for each press; repeats with the same id get the same answer. */
      commandId: z.string().uuid(),
      context: caseContextSchema,
      /** The identity tuple as the dialog showed it; the host refuses when it is not what it would withdraw. */
      shown: z.object({ name: z.string(), birthDate: z.string(), accession: z.string(), exam: z.string() }),
      /** Number of the version that stood when she decided: a newer one has to be seen first. */
      version: z.number().int().positive(),
      why: z.enum(withdrawalReasons),
      reason: z.string().min(8).max(2_000),
      rightTaskId: taskIdSchema.nullable(),
      password: z.string().max(1_000).optional(),
    }),
    output: z.object({ report: reportViewSchema, deliveries: list(deliverySchema) }),
    allow: 'withdraw-report',
    room: 'group',
  },
  caseWithdrawal: {
    method: 'GET',
    path: '/api/cases/:taskId/report/withdraw',
    params,
    output: caseWithdrawalSchema,
    allow: 'see-withdrawal',
    room: 'group',
  },
  /** Those that are not finished; a reader's own, for lead and QA all. The finished ones of the last day follow them. */
  withdrawals: {
    method: 'GET',
    path: '/api/withdrawals',
    output: z.object({ lines: list(withdrawalSchema, 200) }),
    allow: 'see-withdrawals',
    room: 'group',
  },
} as const;
