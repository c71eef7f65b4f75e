import { writeSync } from 'node:fs';
import { createGatewaySender } from '../../electron/host/delivery/gateway/gateway-sender.ts';
import { coverPdf } from '../../electron/host/delivery/pdf/index.ts';
import type { SignedVersion } from '../../electron/host/delivery/signed-store.ts';
import { deliveryRound } from '../../electron/host/group/delivery-round.ts';
import { createSharedItems } from '../../electron/host/group/shared-items.ts';
import { createSharedSigned } from '../../electron/host/group/shared-signed.ts';
import { sealerFromKey } from '../../electron/host/keys/sealer.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Gateway } from '../../electron/host/settings/types.ts';
import type { Delivery } from '../../shared/domain/delivery/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { aDigest, aSignedReport } from '../builders/signed-report.ts';
import { nowhere, openSigned, openSignedOutbox } from '../servers/overread-host/signed-outbox.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/** One life of a host's outbox with one released report for a site's fax gateway, as its settings are in that life. */
export type GatewayLife = {
  readonly directory: string;
  readonly gateway: Gateway;
  /** Kills itself hard at this step. */
  readonly killAt: string | null;
  /** By how many minutes its clock is ahead, so that every pause of the life before is over. */
  readonly ahead: number;
  /** A person puts back what was refused, before anything else. */
  readonly retry: boolean;
  /** The record of its group, which its hosts tell each other by; null where it stands alone. */
  readonly recordUrl: string | null;
  /** The record does not answer any more from this step on. */
  readonly silentFrom: string | null;
  /** The report is signed here, where it is not known yet. */
  readonly signs: boolean;
};

const life = JSON.parse(process.env.OVERREAD_TEST_GATEWAY ?? '{}') as GatewayLife;
const { directory, gateway } = life;
let minutes = life.ahead;
let silent = false;
const asked: typeof fetch = async (...request) => {
  if (silent) throw new TypeError('fetch failed');
  return fetch(...request);
};
const ports = testPorts({
  // Every pause between two tries is over in the next round.
  now: () => instant(Date.now() + minutes * 60_000),
  step: (name) => {
    if (name === life.killAt) process.kill(process.pid, 'SIGKILL');
    if (name === life.silentFrom) silent = true;
  },
});
const parts = await openSigned(directory, ports);
const fax = createGatewaySender({
  kind: 'fax',
  gateways: () => [gateway],
  orderOf: () => ({ order: { site: { id: gateway.siteId, name: 'Larkspur' }, orderedBy: null } }) as never,
  folderFault: () => null,
  cover: coverPdf,
  ports,
});
const senders = { record: nowhere, archive: nowhere, pdf: nowhere, hl7: nowhere, imr: nowhere, direct: nowhere, fax };
const group = life.recordUrl;
const { outbox, sign } = await openSignedOutbox(
  parts,
  senders,
  group === null ? undefined : async (held) => (await shared?.tell(held.signed.digest)) === true,
);
const shared =
  group === null
    ? null
    : await createSharedSigned({
        items: createSharedItems(
          createRecordClient({ name: 'router', baseUrl: group, credentials: { kind: 'none' }, fetch: asked, ports }),
          sealerFromKey(new Uint8Array(32).fill(5)),
          ports,
        ),
        ...{ signed: parts.signed, outbox, journal: parts.journal },
        events: { write: async () => true } as never,
        now: ports.now,
        onChange: () => undefined,
      });
const releaser = { waiting: () => 0, cycle: async () => undefined };

if (life.signs && parts.signed.all().length === 0) {
  const content = aSignedReport();
  const pdf = Buffer.from('%PDF-1.7 the report').toString('base64');
  const version = {
    ...{ content, digest: aDigest },
    diagnosticReport: {
      resourceType: 'DiagnosticReport',
      presentedForm: [{ contentType: 'application/pdf', data: pdf }],
    },
  } as unknown as SignedVersion;
  await sign(version, [{ channel: 'fax', name: 'Fax, Larkspur' }]);
  shared?.add(content.taskId, version.digest, null);
}
if (life.retry) for (const { id } of outbox.all()) await outbox.retry(id, 'lead');
for (let round = 0; round < 3; round += 1) {
  await deliveryRound({ shared, releaser, outbox, mayDeliver: () => true, channelsReady: async () => true });
  minutes += 6;
}
const told: readonly Delivery[] = outbox.all();
writeSync(1, JSON.stringify(told));
await parts.journal.close();
process.exit(0);
