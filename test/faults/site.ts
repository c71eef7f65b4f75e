import type { ArchiveClient } from '../../electron/host/archive/index.ts';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { type DemoDay, type DemoStudy, demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import type { RecordClient } from '../../electron/host/record/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Settings } from '../../electron/host/settings/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { type Hl7Receiver, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/** Somebody else's record, archive and HL7 receiver, with orders and their images in them. */
export type OtherSite = {
  readonly record: RecordClient;
  readonly recordUrl: string;
  readonly archive: ArchiveClient;
  readonly archiveUrl: string;
  readonly receiver: Hl7Receiver;
  /** Orders whose images are in the archive, each with few of them. */
  readonly orders: readonly Order[];
  settings(changes?: Partial<Settings>): Partial<Settings>;
  /** Another order with images, for a test that needs one of its own. */
  add(count: number): Promise<readonly Order[]>;
  /** Two exams of one patient and visit, of a few images each; each pair is another patient's. */
  addLinkedPair(): Promise<readonly [Order, Order]>;
  /** One more image for an order's study: the last one again under a UID of its own, another one for each `place`. */
  addInstance(order: Order, place?: number): Promise<void>;
  /** Takes an order's study out of the archive, as its people do by its own interface. */
  withdraw(order: Order): Promise<void>;
  stop(): Promise<void>;
};

/** Times between the launches of the days that orders are taken from: another launch has other UIDs and accessions. */
const anotherDay = 1_000;

export async function startOtherSite(count: number): Promise<OtherSite> {
  const router = await startFhirRouter();
  const orthanc = await startOrthanc();
  const receiver = await startHl7Receiver();
  const ports = testPorts();
  const remote = (request: Request): Promise<Response> => fetch(request);
  const record = createRecordClient({
    name: 'router',
    baseUrl: router.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  const archive = createArchiveClient({
    name: 'orthanc',
    baseUrl: orthanc.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  const orders: Order[] = [];
  const studyUids = new Map<string, string>();
  const lastImages = new Map<string, { readonly uid: string; readonly bytes: Uint8Array }>();
  let launch = Date.now();
  /** Days number their accessions from one of nine thousand beginnings: among hundreds of days two begin alike. */
  const accessions = new Set<string>();

  const put = async (day: DemoDay, order: Order): Promise<Order | null> => {
    const study = day.studies.find(
      (one) => one.orderId === order.id && one.instanceCount <= 4 && one.role === 'current',
    );
    return study === undefined || study.modality === 'US' ? null : store(study, order);
  };
  const store = async (study: DemoStudy, order: Order): Promise<Order> => {
    const named: Order = {
      ...order,
      patientReference: `patient-${order.id}`.slice(0, 64),
      expectedInstances: study.instanceCount,
    };
    const { serviceRequest, patient, organization } = orderToResources(named);
    for (const resource of [organization, patient, serviceRequest]) {
      if (resource === null) continue;
      const written = await record.put(resource);
      if (!written.ok) throw new Error(written.error.message);
    }
    studyUids.set(order.id, study.studyUid);
    const uids = study.series.flatMap((series) => series.instances.map((one) => one.instanceUid as string));
    let place = 0;
    for await (const bytes of demoInstances(study)) {
      lastImages.set(order.id, { uid: uids[place] ?? '', bytes });
      place += 1;
      const stored = await archive.store(bytes);
      if (!stored.ok) throw new Error(stored.error.message);
    }
    return named;
  };

  const add = async (more: number): Promise<readonly Order[]> => {
    const added: Order[] = [];
    while (added.length < more) {
      launch -= anotherDay;
      const day = generateDemoDay({ now: instant(launch), seed: 7 });
      for (const order of day.orders) {
        if (added.length >= more) break;
        const study = day.studies.find((one) => one.orderId === order.id);
        // Those that differ from their images on purpose have tests of their own.
        if (
          study === undefined ||
          accessions.has(order.accession ?? '') ||
          study.patient.birthDate !== order.patient.birthDate ||
          study.patient.name !== order.patient.name
        )
          continue;
        const done = await put(day, order);
        if (done === null) continue;
        accessions.add(order.accession ?? '');
        added.push(done);
      }
    }
    orders.push(...added);
    return added;
  };

  const addLinkedPair = async (): Promise<readonly [Order, Order]> => {
    for (;;) {
      launch -= anotherDay;
      const day = generateDemoDay({ now: instant(launch), seed: 7 });
      const made: Order[] = [];
      for (const order of day.orders) {
        const study = day.studies.find((one) => one.orderId === order.id && one.role === 'current');
        if (
          study === undefined ||
          !order.patient.name.startsWith('Hazelbourne') ||
          accessions.has(order.accession ?? '')
        )
          continue;
        const id = `${order.patient.id}-${launch % 1_000_000}`;
        const [first] = study.series;
        const series = first === undefined ? [] : [{ ...first, instances: first.instances.slice(0, 2) }];
        const few = { ...study, patient: { ...study.patient, id }, series, instanceCount: 2 };
        made.push(await store(few, { ...order, patient: { ...order.patient, id } }));
        accessions.add(order.accession ?? '');
      }
      orders.push(...made);
      const [one, other] = made;
      if (one !== undefined && other !== undefined) return [one, other];
    }
  };

  await add(count);
  return {
    record,
    recordUrl: router.url,
    archive,
    archiveUrl: orthanc.url,
    receiver,
    orders,
    add,
    addLinkedPair,
    settings: (changes = {}) => ({
      demo: false,
      record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
      archive: { kind: 'remote', url: orthanc.url, credentials: { kind: 'none' } },
      hl7: [...new Set(orders.map((order) => order.site?.id ?? ''))].map((siteId) => ({
        siteId,
        host: '127.0.0.1',
        port: receiver.port,
        receivingApplication: 'RIS',
        receivingFacility: siteId.toUpperCase(),
      })),
      ...changes,
    }),
    addInstance: async (order, place = 1) => {
      const last = lastImages.get(order.id);
      if (last === undefined) throw new Error('no image of that order');
      const text = Buffer.from(last.bytes).toString('latin1');
      // Of the same length, so that no length in the file changes.
      const other = `${last.uid.slice(0, -1)}${(Number(last.uid.at(-1)) + place) % 10}`;
      const stored = await archive.store(new Uint8Array(Buffer.from(text.replaceAll(last.uid, other), 'latin1')));
      if (!stored.ok) throw new Error(stored.error.message);
    },
    withdraw: async (order) => {
      const found = await fetch(`${orthanc.restUrl}/tools/lookup`, {
        method: 'POST',
        body: studyUids.get(order.id) ?? '',
      });
      const [study] = (await found.json()) as { readonly ID: string }[];
      const deleted = await fetch(`${orthanc.restUrl}/studies/${study?.ID}`, { method: 'DELETE' });
      if (!deleted.ok) throw new Error(`Orthanc did not delete the study: ${deleted.status}`);
    },
    stop: async () => {
      await archive.close();
      await receiver.stop();
      await router.close();
      await orthanc.stop();
    },
  };
}
