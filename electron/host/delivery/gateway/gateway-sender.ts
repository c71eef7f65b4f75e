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
import type { Instant } from '../../../../shared/lib/instant.ts';
import { sha256 } from '../../digest.ts';
import type { Ports } from '../../ports.ts';
import { placeName } from '../../settings/gateway-place.ts';
import type { Gateway } from '../../settings/types.ts';
import type { Attempt, ChannelSender } from '../outbox.ts';
import type { CoverQuestion } from '../pdf/index.ts';
import { gatewayJob, jobId, reportDocument } from './gateway-job.ts';
import type { JobStatus } from './gateway-port.ts';
import { portOf } from './port-of.ts';

/** The case as the record has it now; null while it is still being read. */
export type CaseOrder = (taskId: string) => { readonly order: Pick<Order, 'site' | 'orderedBy'> | null } | null;

/** How long a job is followed where the gateway was, once it has moved, before a person is asked, in milliseconds. */
const followedFor = 4 * 3_600_000;

/** Why a job is not waited for any longer where the gateway was; null while it is. */
function afterMove(found: JobStatus, judged: Attempt | null, movedAt: number, now: Instant): string | null {
  switch (found.kind) {
    case 'status':
      if (judged?.kind !== 'wait') return null;
      break;
    case 'unknown':
      // It may have been put there and cleared away with the move: nothing is sent a second time on that guess.
      return 'It is not known there.';
    case 'refused':
      return found.words;
    case 'silent':
    case 'wait':
      break;
    default:
      return assertNever(found);
  }
  if (now - movedAt < followedFor) return null;
  return `For ${Math.floor((now - movedAt) / 3_600_000)} hours nothing was heard of it: ${judged?.proof ?? ''}`;
}

/**
 * A site's fax or Direct mail through its gateway. It is asked first and handed the job only where it knows none, so that a lost answer or
 * a crash sends nothing twice, and always where it was put: a gateway that is moved meanwhile is not given it again. Its status is the proof: its own word is acceptance, the destination's is filed, and nothing else is either.
 */
export function createGatewaySender(parts: {
  readonly kind: GatewayKind;
  readonly gateways: () => readonly Gateway[];
  readonly orderOf: CaseOrder;
  /** Why a gateway may not lie in a folder of this machine; null where it may. */
  readonly folderFault: (folder: string) => string | null;
  /** Makes the sheet before a fax, in a thread. */
  readonly cover: (question: CoverQuestion) => Promise<Uint8Array>;
  readonly ports: Ports;
}): ChannelSender {
  const { kind, ports } = parts;
  const label = kind === 'fax' ? 'fax' : 'Direct mail';

  return async (held, delivery, note) => {
    const known = parts.orderOf(held.taskId);
    if (known === null) return { kind: 'wait', proof: 'The order is still being read from the record.' };
    const { order } = known;
    const gateway = parts.gateways().find((one) => one.kind === kind && one.siteId === order?.site?.id);
    if (gateway === undefined)
      return { kind: 'refused', proof: `No ${label} gateway is set for this site any more. Set it, then try again.` };
    const report = reportDocument(held);
    if (report === null) return { kind: 'refused', proof: 'This version has no PDF to send.' };
    const digest = sha256(report);
    const place = placeName(gateway.to);
    const put = delivery.job?.over === true ? undefined : delivery.job;
    const moved = put !== undefined && put.place !== place;
    const there = moved ? gateway.before?.find((one) => placeName(one.to) === put.place) : undefined;
    if (moved && there === undefined)
      return {
        ...{ kind: 'refused', jobIsOver: true },
        proof: `Job ${put.id} was put to ${put.place}, which is set no more, so that nobody can ask what became of it. Ask the gateway’s operator. A retry is sent to ${place} as a new job.`,
      };
    const port = portOf(there?.to ?? gateway.to, parts.folderFault);
    const id = put?.id ?? jobId(kind, held.signed.digest, delivery.again);
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
              return {
                kind: 'refused',
                jobIsOver: true,
                proof: `${whom}${answer.words}. A retry is sent as a new job.`,
              };
            default:
              return assertNever(answer);
          }
        }
        default:
          return assertNever(found);
      }
    };

    const to = recipientOf(gateway.recipients, order?.orderedBy ?? null);
    const found = await port.status(id);
    const judged = judge(found, to.ok ? to.value : null);
    if (there !== undefined) {
      const left = afterMove(found, judged, there.movedAt, ports.now());
      return left === null
        ? (judged ?? { kind: 'wait', proof: 'Not known where it was put.' })
        : {
            ...{ kind: 'refused', jobIsOver: true },
            proof: `Job ${id} was put to ${put?.place ?? ''}, from where the gateway was moved since. ${left} Ask the gateway’s operator whether it went out. A retry is sent to ${place} as a new job.`,
          };
    }
    if (judged !== null) {
      // Put there before places were kept.
      if (put === undefined && (found.kind === 'status' || found.kind === 'silent')) await note({ id, place });
      return judged;
    }
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
    // Asked for each time: what was kept by a host that then could not tell the record is not known to the others.
    if (!(await note({ id, place })))
      return { kind: 'wait', proof: 'Where it goes could not be written down, so it did not go.' };
    ports.step?.(`${kind}-noted`);
    const handed = await port.hand(gatewayJob({ id, kind, held, to: to.value, report, cover }));
    ports.step?.(`${kind}-handed`);
    return judge(handed, to.value) ?? { kind: 'wait', proof: 'The gateway does not know the job that it was given.' };
  };
}
