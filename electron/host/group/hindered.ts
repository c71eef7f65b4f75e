import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import type { HeldVersion } from '../delivery/signed-store.ts';
import type { Duties } from '../duties/duties.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { ChannelBook } from '../settings/channel-book.ts';

/** Milliseconds for which delivering is left to another host, and before it is left again: nobody else may be there who can. */
const leftFor = 10_000;
const leftAgainAfter = 10 * 60_000;

/** Reports that wait for another host of the group, since this one cannot use their channel. */
export type Hindered = {
  /** In words; null where this host can send it. */
  of(delivery: Delivery, held: HeldVersion): string | null;
  /** Leaves delivering to another host where a report waited for one in this round. */
  roundIsOver(): void;
};

export function createHindered(parts: {
  readonly channelBook: Pick<ChannelBook, 'hindrance'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly duties: Pick<Duties, 'leave'>;
  readonly ports: Pick<Ports, 'now' | 'log'>;
}): Hindered {
  const { channelBook, book, duties, ports } = parts;
  let waits = 0;
  let leftAt: number | null = null;
  const siteOf = ({ channel }: Delivery, { taskId, signed }: HeldVersion): string | null =>
    (channel === 'imr' ? signed.imr?.siteId : book.facts(taskId)?.order?.site?.id) ?? null;
  return {
    of: (delivery, held) => {
      const { channel, job } = delivery;
      if (channel !== 'imr' && channel !== 'fax' && channel !== 'direct') return null;
      const siteId = siteOf(delivery, held);
      const why =
        siteId === null ? null : channelBook.hindrance(siteId, channel, job?.over === true ? undefined : job?.place);
      if (why === null) return null;
      waits += 1;
      return `Not sent by this host: ${why} It waits for a host of the group that can.`;
    },
    roundIsOver: () => {
      const isDue = waits > 0 && (leftAt === null || ports.now() - leftAt >= leftAgainAfter);
      if (isDue) {
        leftAt = ports.now();
        ports.log.info('delivering is left to another host of the group: a channel cannot be used here', {
          reports: waits,
        });
        duties.leave('deliver', leftFor);
      }
      waits = 0;
    },
  };
}
