import type { ArchiveClient } from '../../electron/host/archive/types.ts';
import { demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import type { RecordClient } from '../../electron/host/record/index.ts';
import { openUpstreams } from '../../electron/host/upstreams.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { silentLog, testPorts, testSettings } from '../servers/overread-host/start-host.ts';

/** Texts that stand nowhere else: whatever holds one of them holds something of the patient or of the words about him. */
export const markers = {
  family: 'QXFAMILYMARK',
  given: 'QXGIVENMARK',
  patientId: 'QXPID778899',
  birthDate: '19370213',
  accession: 'QXACC445566',
  placer: 'QXPLACER1234',
  reason: 'Qxreasonmark of exam',
  procedure: 'Qxproceduremark',
  description: 'QXDESCRIPTIONMARK',
  referrer: 'QXREFERRERMARK',
  findings: 'Qxfindingsmark Größe',
  impression: 'Qximpressionmark',
  addendum: 'Qxaddendummark',
  reasonForChange: 'Qxchangemark',
} as const;

export type MarkedStudy = { readonly order: Order; readonly studyUid: string };

/** An order and its images whose every text is a marker; `twin` makes another patient's, with the same texts but for the accession. */
export async function plantMarkedStudy(record: RecordClient, archive: ArchiveClient, twin = ''): Promise<MarkedStudy> {
  const day = generateDemoDay({ now: instant(Date.now() - (twin === '' ? 0 : 86_400_000)), seed: 7 });
  const study = day.studies.find(
    (one) => one.role === 'current' && one.instanceCount <= 4 && one.modality !== 'US' && one.orderId !== null,
  );
  const given = day.orders.find((one) => one.id === study?.orderId);
  if (study === undefined || given === undefined) throw new Error('the demo day has no small study');
  const patient = {
    ...given.patient,
    id: `${markers.patientId}${twin}`,
    name: `${markers.family}^${markers.given}`,
    birthDate: markers.birthDate,
  };
  const order: Order = {
    ...given,
    patient,
    patientReference: `pat-${given.id}`.slice(0, 64),
    accession: `${markers.accession}${twin}` as Order['accession'],
    placerNumber: markers.placer,
    reason: markers.reason,
    procedure: { ...given.procedure, display: markers.procedure },
    orderedBy: { name: markers.referrer, npi: null },
    expectedInstances: study.instanceCount,
  };
  const marked = {
    ...study,
    patient,
    accession: order.accession,
    description: markers.description,
    referrer: markers.referrer,
  };
  const { serviceRequest, patient: person, organization } = orderToResources(order);
  for (const resource of [organization, person, serviceRequest]) {
    if (resource === null) continue;
    const written = await record.put(resource);
    if (!written.ok) throw new Error(written.error.message);
  }
  for await (const bytes of demoInstances(marked)) {
    const stored = await archive.store(bytes);
    if (!stored.ok) throw new Error(stored.error.message);
  }
  return { order, studyUid: study.studyUid };
}

/** Opens the embedded record and archive of a data folder, as the host itself does, to put something there before it starts. */
export async function withEmbedded<Value>(
  directory: string,
  use: (record: RecordClient, archive: ArchiveClient) => Promise<Value>,
): Promise<Value> {
  const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keyRing.ok) throw new Error(keyRing.error.message);
  const upstreams = await openUpstreams(
    {
      settings: testSettings(directory, { demo: false }),
      secret: { kind: 'key-file' },
      shell: 'browser',
      version: '0.1.0-test',
      pageDirectory: null,
      origins: () => [],
      ports: testPorts({ log: silentLog }),
    },
    keyRing.value,
  );
  try {
    return await use(upstreams.record, upstreams.archive);
  } finally {
    await upstreams.close();
  }
}
