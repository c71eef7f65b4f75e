import { writeSync } from 'node:fs';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { createSenders } from '../../electron/host/delivery/channels.ts';
import { openOutbox } from '../../electron/host/delivery/outbox.ts';
import { openSignedStore } from '../../electron/host/delivery/signed-store.ts';
import { openJournal } from '../../electron/host/journal/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import { livesOf } from '../bench/delivery/lives.ts';
import { makeVersion } from '../bench/delivery/make-version.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/** What one life of the host's delivery to the record is told. */
export type SupersededQuestion = {
  readonly directory: string;
  readonly recordUrl: string;
  /** How many versions of the report are signed by the end of this life. */
  readonly versions: number;
  /** Kills itself hard at this step; null goes on until nothing waits. */
  readonly killAt: string | null;
  /** Holds the first answer back until the newest version is stored whole: the older one is read when the newer stands there. */
  readonly holdFirstRead: boolean;
};

const question = JSON.parse(process.env.OVERREAD_TEST_SUPERSEDED ?? '{}') as SupersededQuestion;
const { directory } = question;
const stored = Promise.withResolvers<void>();
const ports = testPorts({
  step: (name) => {
    if (name === question.killAt) process.kill(process.pid, 'SIGKILL');
    if (name === 'provenance-stored') stored.resolve();
  },
});
let reads = 0;
const remote = async (request: Request): Promise<Response> => {
  reads += 1;
  if (question.holdFirstRead && reads === 1) await stored.promise;
  return fetch(request);
};
const none = { kind: 'none' } as const;
const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
if (!keyRing.ok) throw new Error('no key ring');
const opened = await openJournal({ directory, keyRing: keyRing.value, ports });
if (!opened.ok) throw new Error(opened.error.message);
const journal = opened.value;
const signed = await openSignedStore(journal);
const nowhere = async () => ({ kind: 'refused', proof: 'not in this test' }) as const;
const senders = createSenders({
  record: createRecordClient({ name: 'router', baseUrl: question.recordUrl, credentials: none, fetch: remote, ports }),
  archive: createArchiveClient({ name: 'none', baseUrl: question.recordUrl, credentials: none, fetch: remote, ports }),
  signed,
  hl7: [],
  gateways: { fax: nowhere, direct: nowhere },
  ports,
});
const outbox = await openOutbox({ journal, signed, senders, ports, onStep: async () => undefined });
const life = livesOf(7, 60).find(({ versions }) => versions.length >= 2 && versions.at(-1)?.content.kind === 'final');
for (const version of life?.versions.slice(0, question.versions) ?? []) {
  if (life === undefined || signed.byDigest(version.digest) !== null) continue;
  const made = makeVersion(life, version, 'bench');
  const { content, digest } = made;
  const deliveries = outbox.newDeliveries(content.taskId, { ...content, digest }, [
    { channel: 'record', name: 'record' },
  ]);
  const phases = [{ phase: 'signed', version: made } as const, { phase: 'released', digest, at: ports.now() } as const];
  const kept = await journal.append([
    ...phases.map((body) => ({ kind: 'signed' as const, key: content.taskId, body })),
    ...deliveries.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
  ]);
  if (!kept.ok) throw new Error(kept.error.message);
  for (const phase of phases) signed.took(content.taskId, phase);
  outbox.took(deliveries);
}
while (outbox.waiting() > 0) await outbox.cycle();
const told = outbox.all().map(({ version, state, proof }) => ({ version, state, proof }));
writeSync(1, JSON.stringify(told));
await journal.close();
process.exit(0);
