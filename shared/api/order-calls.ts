import type { Advice, OrderCheck } from '../domain/order/index.ts';
import { z } from './jitless-zod.ts';
import { list, taskIdSchema } from './trade-schemas.ts';

const text = z.string().max(4_000);

const orderCheckSchema = z.object({
  code: z.enum([
    'patient-name',
    'patient-birth-date',
    'patient-sex',
    'patient-id',
    'patient-study',
    'patient-age',
    'patient-exam',
    'procedure',
    'modality',
    'body-part',
    'code-modality',
    'code-body-part',
    'code-side',
    'code-contrast',
    'contrast',
    'side',
    'side-reason',
    'reason',
    'images',
    'views',
    'series',
    'protocol',
    'order-status',
    'orderer',
    'site',
    'accession',
    'priority',
  ]),
  group: z.enum(['patient', 'exam', 'side', 'reason', 'images', 'order']),
  state: z.enum(['agrees', 'not-compared', 'note', 'defect']),
  words: text,
  order: text,
  images: text,
  clause: text,
}) satisfies z.ZodType<OrderCheck>;

const adviceSchema = z.object({
  id: text,
  title: text,
  words: text,
  citation: text,
}) satisfies z.ZodType<Advice>;

const orderChecksSchema = z.object({
  verdict: z.enum(['fit', 'fit-with-notes', 'not-fit', 'no-order']),
  /** read: the series were looked into · listed: by the archive's list alone, because it did not answer · none: no images yet. */
  images: z.enum(['read', 'listed', 'none']),
  checks: list(orderCheckSchema, 100),
  /** What the group's rules of appropriateness say; nothing is marked or held by it. */
  advice: list(adviceSchema, 100),
});
export type OrderChecks = z.output<typeof orderChecksSchema>;

export const orderCalls = {
  /** Fit to read: the order of a case against itself and its images. It tells; nothing waits for it. */
  orderChecks: {
    method: 'GET',
    path: '/api/cases/:taskId/order-checks',
    params: z.object({ taskId: taskIdSchema }),
    output: orderChecksSchema,
    allow: 'see-order-checks',
    room: 'group',
  },
} as const;
