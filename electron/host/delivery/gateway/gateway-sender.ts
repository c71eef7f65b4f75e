import {
  addressWords,
  type GatewayKind,
  type GatewayRecipient,
  readGatewayStatus,
  recipientOf,
} from '../../../../shared/domain/delivery/index.ts';
import type { Order } from '../../../../shared/domain/order/index.ts';
import { stateAfter } from '../../../../shared/domain/report/index.ts';
import { assertNever } from '../../../../shared/lib/assert-never.ts';
import { sha256 } from '../../digest.ts';
import type { Ports } from '../../ports.ts';
import type { Gateway } from '../../settings/types.ts';
import type { Attempt, ChannelSender } from '../outbox.ts';
import type { CoverQuestion } from '../pdf/index.ts';
import { gatewayJob, jobId, reportDocument } from './gateway-job.ts';
import type { JobStatus } from './gateway-port.ts';
import { portOf } from './port-of.ts';

/** The case as the record has it now; null while it is still being read. */
export type CaseOrder = (taskId: string) => { readonly order: Pick<Order, 'site' | 'orderedBy'> | null } | null;

/**
 * A site's fax or Direct mail through its gateway. It is asked first and handed the job only where it knows none, so that a lost answer or
 * a crash sends nothing twice. Its status is the proof: its own word is acceptance, the destination's is filed, and nothing else is either.
 */
export function createGatewaySender(parts: {
  readonly kind: GatewayKind;
  readonly gateways: () => readonly Gateway[];
  readonly orderOf: CaseOrder;
  /** Makes the sheet before a fax, in a thread. */
  readonly cover: (question: CoverQuestion) => Promise<Uint8Array>;
  readonly ports: Ports;
}): ChannelSender {
  const { kind, ports } = parts;
  const label = kind === 'fax' ? 'fax' : 'Direct mail';

  return async (held, delivery) => {
    const known = parts.orderOf(held.taskId);
    if (known === null) return { kind: 'wait', proof: 'The order is still being read from the record.' };
    const { order } = known;
    const gateway = parts.gateways().find((one) => one.kind === kind && one.siteId === order?.site?.id);
    if (gateway === undefined)
      return { kind: 'refused', proof: `No ${label} gateway is set for this site any more. Set it, then try again.` };
    const report = reportDocument(held);
    if (report === null) return { kind: 'refused', proof: 'This version has no PDF to send.' };
    const digest = sha256(report);
    const port = portOf(gateway.to);
    const id = jobId(kind, held.signed.digest, delivery.again);
    const expected = { job: id, sha256: digest };

    const judge = (found: JobStatus, to: GatewayRecipient | null): Attempt | null => {
      switch (found.kind) {
        case 'unknown':
          return null;
        case 'silent':
        case 'wait':
          return { kind: 'wait', proof: found.words };
        case 'refused':
          return { kind: 'refused', proof: found.words };
        case 'status': {
          const answer = readGatewayStatus(kind, found.status, expected);
          const whom = to === null ? '' : `${addressWords(kind, to)}; `;
          switch (answer.kind) {
            case 'none':
              return { kind: 'wait', proof: answer.words };
            case 'accepted':
              return { kind: 'accepted', proof: `${whom}the site’s gateway: ${answer.words}, job ${id}` };
            case 'filed':
              return { kind: 'filed', proof: `${whom}status from the destination: ${answer.words}, job ${id}` };
            case 'failed':
              return { kind: 'refused', proof: `${whom}${answer.words}. A retry is sent as a new job.` };
            default:
              return assertNever(answer);
          }
        }
        default:
          return assertNever(found);
      }
    };

    const to = recipientOf(gateway.recipients, order?.orderedBy ?? null);
    const there = judge(await port.status(id), to.ok ? to.value : null);
    if (there !== null) return there;
    if (!to.ok) return { kind: 'refused', proof: to.error };
    const { content } = held.signed;
    const cover =
      kind === 'fax'
        ? await parts.cover({
            to: to.value.name,
            site: order?.site?.name ?? '',
            phone: order?.site?.phone ?? null,
            state: stateAfter(content.kind) as CoverQuestion['state'],
            afterPreliminary: content.preliminary !== undefined,
            notForClinicalUse: content.notForClinicalUse,
            releasedAt: content.signedAt,
            zone: order?.site?.zone ?? 'UTC',
          })
        : null;
    ports.step?.(`${kind}-hand`);
    const handed = await port.hand(gatewayJob({ kind, held, delivery, to: to.value, report, cover }));
    ports.step?.(`${kind}-handed`);
    return judge(handed, to.value) ?? { kind: 'wait', proof: 'The gateway does not know the job that it was given.' };
  };
}
