import {
  type ImagesAfterReport,
  longestReason,
  noChangeReasons,
  tellingRoles,
} from '../domain/images-after-report/index.ts';
import { rejectionCodes } from '../domain/rejection/index.ts';
import { z } from './jitless-zod.ts';
import { examLine, instantSchema, list, mayReadSchema, taskIdSchema, cutText as text } from './trade-schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const digest = z.string().max(200);
const person = z.object({ id: text, name: text });
const report = z.object({ id: text, version: z.number().int(), digest });
const counted = z.number().int().nonnegative();

export const afterReportSchema = z.object({
  id,
  taskId: id,
  orderId: text.nullable(),
  siteId: text.nullable(),
  patientReference: text.nullable(),
  studyUid: text,
  report,
  signer: person,
  since: instantSchema,
  due: instantSchema,
  dueBy: text,
  difference: z.object({
    digest,
    presentDigest: digest,
    series: list(
      z.object({
        seriesUid: text.nullable(),
        modality: text,
        description: text,
        number: z.number().int().nullable(),
        added: counted,
        changed: counted,
        withdrawn: counted,
      }),
      2_000,
    ),
    notes: list(
      z.object({
        noteUid: text,
        code: z.enum(rejectionCodes),
        sentBy: text.nullable(),
        instances: list(z.string().max(64), 20_000),
      }),
      500,
    ).optional(),
  }),
  changedAt: instantSchema,
  told: list(z.object({ to: person, as: z.enum(tellingRoles), at: instantSchema }), 500),
  ending: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('no-change'),
        by: person,
        at: instantSchema,
        reason: z.enum(noChangeReasons),
        words: text,
      }),
      z.object({ kind: z.literal('report'), by: person, at: instantSchema, report }),
    ])
    .nullable(),
}) satisfies z.ZodType<ImagesAfterReport>;

/** One that is open, and of which exam. */
const lineSchema = z.object({ ...examLine, item: afterReportSchema });
export type AfterReportLine = z.output<typeof lineSchema>;

/** Images after the report of one case, and whether this person may end them. */
const caseAfterReportSchema = z.object({
  open: afterReportSchema.nullable(),
  /** Oldest first. */
  ended: list(afterReportSchema, 100),
  mayEnd: mayReadSchema,
});
export type CaseAfterReport = z.output<typeof caseAfterReportSchema>;

const params = z.object({ taskId: taskIdSchema });

/** Images that came, changed or were withdrawn after a report was signed. */
export const afterReportCalls = {
  /** Those that wait for this reader; for a lead all that are open. */
  imagesAfterReports: {
    method: 'GET',
    path: '/api/images-after-report',
    output: z.object({ lines: list(lineSchema, 1_000) }),
    allow: 'see-open-images-after-report',
    room: 'group',
  },
  caseImagesAfterReport: {
    method: 'GET',
    path: '/api/cases/:taskId/images-after-report',
    params,
    output: caseAfterReportSchema,
    allow: 'see-images-after-report',
    room: 'group',
  },
  /** The report stands. `seen` is the digest of the difference that was on her screen: nobody ends what she was not shown. */
  endImagesAfterReport: {
    method: 'POST',
    path: '/api/cases/:taskId/images-after-report/no-change',
    params,
    input: z.object({ id, seen: digest, reason: z.enum(noChangeReasons), words: z.string().max(longestReason) }),
    output: caseAfterReportSchema,
    allow: 'end-images-after-report',
    room: 'group',
  },
} as const;
