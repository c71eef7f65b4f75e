import type { Hono } from 'hono';
import { deliveryTroubles } from '../../../shared/domain/delivery/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { mount } from './mount.ts';

/** What was refused or does not get through, to whoever can do something about it. */
export function mountDeliveryRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly outbox: Pick<Outbox, 'all'>;
  readonly signed: Pick<SignedStore, 'ofTask'>;
  readonly book: Pick<CaseBook, 'facts'>;
}): void {
  const { app, sessions, ports, outbox, signed, book } = routes;
  mount(app, sessions, ports, 'deliveryTroubles', async ({ session: { reader } }) =>
    ok({
      troubles: deliveryTroubles(outbox.all()).flatMap(({ kind, delivery }) => {
        const held = signed
          .ofTask(delivery.taskId)
          .find(
            ({ signed: { content } }) => content.version === delivery.version && content.reportId === delivery.reportId,
          );
        if (held === undefined || held.standing.kind !== 'released') return [];
        const { content } = held.signed;
        if (reader.role !== 'lead' && content.signer.id !== reader.id) return [];
        return [
          {
            kind,
            delivery,
            accession: content.accession,
            exam: content.exam.procedure,
            site: content.exam.site,
            signedBy: content.signer.name,
            zone: book.facts(delivery.taskId)?.order?.site?.zone ?? 'UTC',
          },
        ];
      }),
    }),
  );
}
