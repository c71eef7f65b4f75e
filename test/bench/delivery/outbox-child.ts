import { writeSync } from 'node:fs';
import { createArchiveClient } from '../../../electron/host/archive/index.ts';
import { createSenders } from '../../../electron/host/delivery/channels.ts';
import { createImrSender } from '../../../electron/host/delivery/imr/imr-sender.ts';
import { createMllpLines } from '../../../electron/host/delivery/mllp-sender.ts';
import { createRecordClient } from '../../../electron/host/record/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { nowhere, openSigned, openSignedOutbox } from '../../servers/overread-host/signed-outbox.ts';
import { testPorts } from '../../servers/overread-host/start-host.ts';
import { channels as channelNames } from './count.ts';
import { livesOf, signingOrder } from './lives.ts';
import { imrTerms, makeVersion } from './make-version.ts';

/** What the host's delivery of one run is told. */
export type OutboxQuestion = {
  readonly directory: string;
  readonly seed: number;
  readonly reports: number;
  readonly recordUrl: string;
  readonly archiveUrl: string;
  readonly hl7Port: number;
  readonly imrUrl: string;
  /** When the run began, and how much faster the host's clock goes: pauses between attempts are up to five minutes. */
  readonly began: number;
  readonly speed: number;
  /** Kills itself hard at this durable step; null goes on to the end. */
  readonly killAt: number | null;
};

/** Deliveries on their way at once: as many as a host has after an hour's outage, not after a year's. */
const mostWaiting = 240;
const siteId = 'bench';

const question = JSON.parse(process.env.OVERREAD_BENCH_OUTBOX ?? '{}') as OutboxQuestion;
const { directory } = question;
let steps = 0;
/** Milliseconds of the host's clock in which nothing was to be done: they are not waited for. */
let skipped = 0;
const now = () => instant(question.began + skipped + Math.round((Date.now() - question.began) * question.speed));
const ports = testPorts({
  now,
  step: () => {
    steps += 1;
    if (steps === question.killAt) process.kill(process.pid, 'SIGKILL');
  },
});
const remote = (request: Request): Promise<Response> => fetch(request);
const none = { kind: 'none' } as const;
const parts = await openSigned(directory, ports);
const { signed } = parts;
const senders = createSenders({
  record: createRecordClient({ name: 'router', baseUrl: question.recordUrl, credentials: none, fetch: remote, ports }),
  archive: createArchiveClient({
    name: 'orthanc',
    baseUrl: question.archiveUrl,
    credentials: none,
    fetch: remote,
    ports,
  }),
  signed,
  lines: createMllpLines({ answered: async () => 'unknown', commit: () => '' }),
  hl7: () => [
    { siteId, host: '127.0.0.1', port: question.hl7Port, receivingApplication: 'RIS', receivingFacility: 'BENCH' },
  ],
  imr: createImrSender({
    receivers: () => [{ ...imrTerms, siteId, url: question.imrUrl, token: null, patients: 'created' }],
    signed,
    ports,
  }),
  gateways: { fax: nowhere, direct: nowhere },
  ports,
});
const { outbox, sign } = await openSignedOutbox(parts, senders);
const channels = channelNames.map((channel) => ({ channel, name: channel }));
const order = signingOrder(livesOf(question.seed, question.reports), question.seed);
let next = 0;
const told = new Set<string>();
writeSync(1, 'ready\n');

async function signNext(): Promise<void> {
  const turn = order[next];
  if (turn === undefined) return;
  next += 1;
  if (signed.byDigest(turn.version.digest) !== null) return;
  const version = makeVersion(turn.life, turn.version, siteId);
  ports.step?.('before-journal');
  await sign(version, channels);
  ports.step?.('journaled');
}

for (;;) {
  while (next < order.length && outbox.waiting() < mostWaiting) await signNext();
  // What a receiver refused is put back, as the lead would: the fault was the line's and not the report's.
  for (const one of outbox.all())
    if (one.state === 'refused') {
      if (!told.has(one.id)) writeSync(1, `refused ${one.id} ${one.proof}\n`);
      told.add(one.id);
      await outbox.retry(one.id, 'the bench');
    }
  const before = steps;
  await outbox.cycle();
  if (next >= order.length && outbox.waiting() === 0) break;
  // The last few wait for pauses of minutes while all others are there: what comes next comes now.
  const pauses = outbox
    .all()
    .flatMap((one) => (one.nextAttemptAt !== null && one.nextAttemptAt > now() ? one.nextAttemptAt : []));
  if (steps === before && next >= order.length && pauses.length > 0) {
    skipped += Math.max(0, Math.min(...pauses) - now());
    continue;
  }
  const due = outbox.nextDue();
  const wait = due === null ? 10 : Math.min(Math.max((due - now()) / question.speed, 5), 250);
  await new Promise((resolve) => setTimeout(resolve, wait));
}
writeSync(1, `steps ${steps}\ndone\n`);
await parts.journal.close();
process.exit(0);
