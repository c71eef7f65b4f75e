import { z } from './jitless-zod.ts';
import { deliverySchema, reportViewSchema } from './report-schemas.ts';
import { signInput } from './sign-input.ts';
import { instantSchema, list, taskIdSchema } from './trade-schemas.ts';

const taskParams = z.object({ taskId: taskIdSchema });
const uids = list(z.string().max(64), 100_000);

/** What a reader's desktop asks of its group host for itself; the page makes none of these. */
export const desktopCalls = {
  /** The instances that a signature would cover now: known at the desktop in case the line is lost before she signs. */
  caseInstances: {
    method: 'GET',
    path: '/api/cases/:taskId/instances',
    params: taskParams,
    output: z.object({ instances: uids }),
    allow: 'sign',
    room: 'group',
  },
  /** A signature that was given while no group host answered. Answers when the record has it; the same press again is the same signature. */
  handOver: {
    method: 'POST',
    path: '/api/cases/:taskId/hand-over',
    params: taskParams,
    input: signInput.omit({ password: true }).extend({ signedAt: instantSchema, instances: uids }),
    output: z.object({ report: reportViewSchema, deliveries: list(deliverySchema) }),
    allow: 'sign',
    room: 'group',
  },
} as const;
