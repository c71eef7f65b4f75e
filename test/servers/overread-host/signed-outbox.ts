import { openOutbox } from '../../../electron/host/delivery/outbox.ts';
import { openSignedStore, type SignedVersion } from '../../../electron/host/delivery/signed-store.ts';
import { openJournal } from '../../../electron/host/journal/index.ts';
import { openKeyRing } from '../../../electron/host/keys/index.ts';
import type { Ports } from '../../../electron/host/ports.ts';

type Outbox = Awaited<ReturnType<typeof openOutbox>>;
type Ways = Parameters<Outbox['newDeliveries']>[2];

/** A channel that this run has nothing behind. */
export const nowhere = async () => ({ kind: 'refused', proof: 'not in this run' }) as const;

/** What a host's delivery stands on in `directory`: its keys, its journal, and what was signed. */
export async function openSigned(directory: string, ports: Ports) {
  const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keyRing.ok) throw new Error('no key ring');
  const journal = await openJournal({ directory, keyRing: keyRing.value, ports });
  if (!journal.ok) throw new Error(journal.error.message);
  return { ports, keyRing: keyRing.value, journal: journal.value, signed: await openSignedStore(journal.value) };
}

/** The outbox over it, with these senders; and a report as signing and release leave it in the journal: everything in one transaction. */
export async function openSignedOutbox(
  { journal, signed, ports }: Awaited<ReturnType<typeof openSigned>>,
  senders: Parameters<typeof openOutbox>[0]['senders'],
  /** Of a group: how its record is told. */
  tell?: Parameters<typeof openOutbox>[0]['tell'],
) {
  const told = tell === undefined ? {} : { tell };
  const outbox = await openOutbox({ journal, signed, senders, ports, onStep: async () => undefined, ...told });
  const sign = async (version: SignedVersion, ways: Ways): Promise<void> => {
    const { content, digest } = version;
    const deliveries = outbox.newDeliveries(content.taskId, { ...content, digest }, ways);
    const phases = [{ phase: 'signed', version } as const, { phase: 'released', digest, at: ports.now() } as const];
    const kept = await journal.append([
      ...phases.map((body) => ({ kind: 'signed' as const, key: content.taskId, body })),
      ...deliveries.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
    ]);
    if (!kept.ok) throw new Error(kept.error.message);
    for (const phase of phases) signed.took(content.taskId, phase);
    outbox.took(deliveries);
  };
  return { outbox, sign };
}
