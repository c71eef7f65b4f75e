import { writeSync } from 'node:fs';
import { createArchiveClient, createEmbeddedArchive, embeddedArchiveUrl } from '../../electron/host/archive/index.ts';
import { createSenders } from '../../electron/host/delivery/channels.ts';
import { createMllpLines } from '../../electron/host/delivery/mllp-sender.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Channel } from '../../shared/domain/delivery/index.ts';
import type { StudyUid } from '../../shared/domain/study/index.ts';
import { signedVersionOf } from '../builders/signed-version.ts';
import { type GoldenKind, goldenQuestion } from '../golden/versions.ts';
import { nowhere, openSigned, openSignedOutbox } from '../servers/overread-host/signed-outbox.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/** One life of a host's outbox over the versions of one report, from its journal's end to its own death or until nothing waits. */
export type OutboxLife = {
  readonly directory: string;
  /** A FHIR server; the archive is one of the life's own in `directory`. */
  readonly recordUrl: string;
  readonly channel: Channel;
  /** Versions that are signed by the end of this life. */
  readonly kinds: readonly GoldenKind[];
  /** Kills itself hard at this step. */
  readonly killAt: string | null;
  /** Holds the first answer of the record back until the newest version is stored whole: an older one is looked for when the newer stands there. */
  readonly holdFirstRead: boolean;
};

/** What it tells at its end. */
export type OutboxTold = {
  readonly deliveries: readonly { readonly version: number; readonly state: string; readonly proof: string }[];
  /** SOP classes in the archive. */
  readonly stored: readonly string[];
};

const life = JSON.parse(process.env.OVERREAD_TEST_OUTBOX ?? '{}') as OutboxLife;
const { directory } = life;
const whole = Promise.withResolvers<void>();
const ports = testPorts({
  step: (name) => {
    if (name === life.killAt) process.kill(process.pid, 'SIGKILL');
    if (name === 'provenance-stored') whole.resolve();
  },
});
let reads = 0;
const remote = async (request: Request): Promise<Response> => {
  reads += 1;
  if (life.holdFirstRead && reads === 1) await whole.promise;
  return fetch(request);
};
const none = { kind: 'none' } as const;
const parts = await openSigned(directory, ports);
const { signed } = parts;
const embedded = await createEmbeddedArchive({ directory, key: parts.keyRing.derive('archive'), ports });
const archive = createArchiveClient({
  name: 'embedded',
  baseUrl: embeddedArchiveUrl,
  credentials: none,
  fetch: embedded.fetch,
  ports,
});
const senders = createSenders({
  record: createRecordClient({ name: 'router', baseUrl: life.recordUrl, credentials: none, fetch: remote, ports }),
  archive,
  signed,
  lines: createMllpLines({ answered: async () => 'unknown', commit: () => '' }),
  hl7: () => [],
  imr: nowhere,
  gateways: { fax: nowhere, direct: nowhere },
  ports,
});
const { outbox, sign } = await openSignedOutbox(parts, senders);
const ways = [{ channel: life.channel, name: life.channel }];

for (const kind of life.kinds) {
  const question = goldenQuestion(kind);
  if (signed.byDigest(question.digest) === null) await sign(await signedVersionOf(question), ways);
  // A withdrawal stops what has not gone out yet; here it follows what has.
  if (!life.holdFirstRead) while (outbox.waiting() > 0) await outbox.cycle();
}
while (outbox.waiting() > 0) await outbox.cycle();
const [first] = signed.all();
const listed = await archive.instances((first?.signed.content.studyUid ?? '') as StudyUid);
const told: OutboxTold = {
  deliveries: outbox.all().map(({ version, state, proof }) => ({ version, state, proof })),
  stored: listed.ok ? listed.value.map((one) => one.sopClassUid).sort() : [],
};
writeSync(1, JSON.stringify(told));
await parts.journal.close();
await embedded.close();
process.exit(0);
