import type { DiagnosticReport, Resource } from '@medplum/fhirtypes';
import { type Order, priorityRank } from '../../../shared/domain/order/index.ts';
import { emptyDesk, type ReadingTask } from '../../../shared/domain/reading/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import {
  ordererToFhir,
  orderToResources,
  practitionerIdOf,
  siteProfileToFhir,
} from '../../../shared/interop/fhir/index.ts';
import { narrative } from '../../../shared/interop/fhir/narrative.ts';
import { systems } from '../../../shared/interop/fhir/systems.ts';
import { after, type Instant, instant, minutes, toFhirInstant } from '../../../shared/lib/instant.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { ArtefactMaker } from '../delivery/artefacts.ts';
import { sha256 } from '../digest.ts';
import type { Accounts } from '../identity/index.ts';
import { caseEvent } from '../intake/case-events.ts';
import { taskIdOfOrder } from '../intake/task-ids.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { AddToRecord } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { withDemoBilling } from './demo-billing.ts';
import { demoMatters } from './demo-matters.ts';
import { demoProfiles } from './demo-profiles.ts';
import { demoColleagues } from './demo-readers.ts';
import { createDemoSource } from './demo-source.ts';
import { putReportedCase } from './reported-case.ts';
import { startPastDays } from './start-past-days.ts';
import type { Arrival, DemoStudy, PriorReport } from './types.ts';

/** Where a demo day stands, so that a restart goes on with the same day instead of making another. */
type DemoState = { readonly launchedAt: Instant; readonly seed: number; readonly done: number };

/**
 * Plays the demo reading day into record and archive, through the same clients as everything else. Its clock starts at the first
 * launch; what is due is there, what comes later comes later. Answers at once; the day arrives behind.
 */
export async function startDemoDay(parts: {
  readonly record: RecordClient;
  readonly archive: ArchiveClient;
  readonly journal: Journal;
  readonly events: EventBook;
  readonly accounts: Accounts;
  readonly artefacts: ArtefactMaker;
  readonly ports: Ports;
  /** Into the embedded record; null where it is another server, which gets no invented past. */
  readonly addToRecord: AddToRecord | null;
  readonly onArrival: () => void;
}): Promise<{ stop(): Promise<void> }> {
  const { record, archive, journal, events, ports } = parts;
  const before = (await journal.latest('command', 'demo-day'))?.body as DemoState | undefined;
  let state: DemoState = before ?? { launchedAt: ports.now(), seed: 1, done: -1 };
  const source = createDemoSource({ now: state.launchedAt, seed: state.seed });
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;

  const remember = async (done: number): Promise<void> => {
    state = { ...state, done };
    // Not kept or not known: after a restart the step is played again, onto what is there already.
    await journal.append([{ kind: 'command', key: 'demo-day', body: state }]);
  };
  const put = async (resource: Resource & { id?: string }): Promise<void> => {
    const written = await record.put(resource);
    if (!written.ok)
      ports.log.error('the record did not take a part of the demo day', {
        type: resource.resourceType,
        why: written.error.code,
      });
  };
  const writtenOrderers = new Set<string>();
  const putOrder = async (order: Order): Promise<void> => {
    const orderer = order.orderedBy;
    const practitioner = orderer === null ? null : practitionerIdOf(orderer, order.site?.id ?? '', sha256);
    if (orderer !== null && practitioner !== null && !writtenOrderers.has(practitioner)) {
      writtenOrderers.add(practitioner);
      await put(ordererToFhir(practitioner, orderer, order.site?.id ?? ''));
    }
    const { serviceRequest, patient } = orderToResources(
      withPatient(
        orderer === null || practitioner === null ? order : { ...order, orderedBy: { ...orderer, practitioner } },
      ),
    );
    if (patient !== null) await put(patient);
    const { request, resources } = withDemoBilling(order, patient?.id ?? '', serviceRequest, state.launchedAt);
    for (const resource of resources) await put(resource);
    await put(request);
  };

  /** Stopping ends the thread that a picture was being made in; anything else is said. */
  const ended = (reason: unknown): void => {
    if (stopped) return;
    ports.log.error('the demo day stopped', { why: reason instanceof Error ? reason.name : 'unknown' });
    if (process.env.OVERREAD_TRACE === '1')
      process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
  };

  const play = async (): Promise<void> => {
    const day = await source.plan();
    if (state.done < 0) {
      for (const site of day.sites) {
        const { organization } = orderToResources({ ...firstOrder(day.orders), site });
        if (organization !== null) await put(organization);
      }
      for (const profile of demoProfiles(state.launchedAt)) await put(siteProfileToFhir(profile));
      for (const resource of demoColleagues(state.launchedAt)) await put(resource);
      for (const report of day.reports) await put(priorReportToFhir(report, day.orders));
      await remember(0);
    }
    const orders = new Map(day.orders.map((order) => [order.id as string, order]));
    const studies = new Map(day.studies.map((study) => [study.studyUid as string, study]));
    if (state.done <= 0) await events.write(day.arrivals.flatMap((arrival) => earlierEvents(arrival, studies, orders)));
    const atLaunch = new Set(
      day.arrivals.flatMap((one) => (one.kind === 'order' && one.after <= 0 ? [one.orderId] : [])),
    );
    const priors = new Set(day.studies.flatMap((one) => (one.role === 'prior' ? [one.orderId] : [])));
    const settled = day.orders.filter((order) => atLaunch.has(order.id) && !priors.has(order.id)).map(withPatient);
    const matters = demoMatters(settled, state.launchedAt);
    const arrivals = inOrderOfNeed(
      day.arrivals,
      orders,
      studies,
      new Set(day.reported.map((one) => one.studyUid)),
      state.launchedAt - oneDay,
    );
    const next = async (index: number): Promise<void> => {
      const arrival = arrivals[index];
      if (arrival === undefined || stopped) return;
      const wait = state.launchedAt + arrival.after - ports.now();
      if (wait > 0) {
        timer = setTimeout(() => void next(index).catch(ended), Math.min(wait, 60_000));
        timer.unref();
        return;
      }
      const reported = day.reported.find((one) =>
        arrival.kind === 'order' ? one.orderId === arrival.orderId : one.studyUid === arrival.studyUid,
      );
      if (arrival.kind === 'order' && reported === undefined) {
        const order = orders.get(arrival.orderId);
        if (order !== undefined) await putOrder(order);
        // One that is there already may have been answered: a day that is taken up again asks nothing twice.
        for (const matter of matters.get(arrival.orderId) ?? [])
          if (!(await record.read(matter.resourceType, matter.id)).ok) await put(matter);
      } else if (arrival.kind === 'images') {
        const objects = await source.instances(arrival.studyUid, { from: arrival.from, to: arrival.to });
        for (const bytes of objects) {
          const stored = await archive.store(bytes);
          if (!stored.ok) ports.log.error('the archive did not take a demo object', { why: stored.error.code });
          if (stopped) return;
        }
        // Its order comes with the report: an order alone would be a study to read.
        const study = studies.get(arrival.studyUid);
        const order = study?.orderId == null ? undefined : orders.get(study.orderId);
        if (reported !== undefined && study !== undefined && order !== undefined) {
          await putReportedCase({ ...parts, archiveName: archive.name, put }, reported, study, withPatient(order));
          await putOrder(order);
        }
      }
      await remember(index + 1);
      parts.onArrival();
      await next(index + 1);
    };
    await next(Math.max(0, state.done));
  };

  const running = play().catch(ended);
  const past =
    parts.addToRecord === null ? null : await startPastDays({ ...state, add: parts.addToRecord, journal, ports });
  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await source.stop();
      await Promise.all([running, past?.stop()]);
    },
  };
}

/**
 * Of what is due at the same moment, orders go before images (the list stands at once), and images of what is to be read first go
 * before priors. The same for the same day, so that a restart goes on where the last run stopped.
 */
function inOrderOfNeed(
  arrivals: readonly Arrival[],
  orders: ReadonlyMap<string, Order>,
  studies: ReadonlyMap<string, DemoStudy>,
  reported: ReadonlySet<string>,
  recent: number,
): readonly Arrival[] {
  const need = (arrival: Arrival): number => {
    if (arrival.kind === 'order') return 0;
    const study = studies.get(arrival.studyUid);
    if (reported.has(arrival.studyUid)) {
      // Two views, drawn at once; until they are here, so is nothing of the report. Those of long ago can wait for what is to be read.
      return (study?.performedAt ?? 0) > recent ? 0.5 : 9;
    }
    // What comes bit by bit is small, and there early, so that it is seen to arrive.
    if (study !== undefined && arrival.to - arrival.from <= 8 && arrival.to < study.instanceCount) return 1;
    const order = study?.orderId === undefined || study.orderId === null ? undefined : orders.get(study.orderId);
    return study?.role === 'prior' ? 9 : 1 + priorityRank(order?.priority ?? 'unknown');
  };
  return arrivals
    .map((arrival, index) => ({ arrival, index }))
    .sort((a, b) => a.arrival.after - b.arrival.after || need(a.arrival) - need(b.arrival) || a.index - b.index)
    .map(({ arrival }) => arrival);
}

const oneDay = 86_400_000;

/** Minutes from the end of an exam to its last image here, on the demo day. */
const transferMinutes = 3;

/**
 * What lies in the past at launch: images that were complete before it, so that the clock of each study starts where its own story
 * says and something is late, something urgent.
 */
function earlierEvents(
  arrival: Arrival,
  studies: ReadonlyMap<string, DemoStudy>,
  orders: ReadonlyMap<string, Order>,
): ReadingEvent[] {
  if (arrival.kind !== 'images' || arrival.after > 0) return [];
  const study = studies.get(arrival.studyUid);
  const order = study?.orderId === null || study === undefined ? undefined : orders.get(study.orderId);
  if (
    study === undefined ||
    order === undefined ||
    study.role === 'prior' ||
    // Whether it is whole follows from its site's protocol, as soon as its series are here.
    order.expectedInstances === null ||
    arrival.from > 0 ||
    arrival.to < study.instanceCount
  )
    return [];
  const task: ReadingTask = {
    id: taskIdOfOrder(order.id),
    state: 'queued',
    orderId: order.id,
    archive: null,
    studyUid: study.studyUid,
    requestedReport: order.requestedReport,
    claim: null,
    lastFencingToken: 0,
    desk: emptyDesk,
    released: null,
    authoredOn: study.performedAt,
  };
  const facts = {
    task,
    taskVersion: '',
    order,
    seen: null,
    identity: { grade: 'same', differences: [] },
    resolution: null,
  } as const;
  const complete = after(study.performedAt, minutes(transferMinutes));
  return [
    caseEvent(facts, 'exam.completed', study.performedAt, {
      clock: { source: 'modality', skew: null, confidence: 'high' },
    }),
    caseEvent(facts, 'images.first', after(study.performedAt, minutes(1))),
    caseEvent(facts, 'images.complete', complete, {
      detail: `rule count: ${study.instanceCount} of ${study.instanceCount}`,
    }),
    caseEvent(facts, 'task.queued', complete),
  ];
}

function firstOrder(orders: readonly Order[]): Order {
  const [order] = orders;
  if (order === undefined) throw new Error('a demo day without orders');
  return order;
}

/** The Patient that an order names: the same for the same id and issuer. */
function withPatient(order: Order): Order {
  return {
    ...order,
    patientReference:
      order.patientReference ??
      deriveId('patient', [order.patient.issuer, order.patient.id, order.patient.name], sha256),
  };
}

function priorReportToFhir(report: PriorReport, orders: readonly Order[]): DiagnosticReport & { id: string } {
  const order = orders.find((one) => one.id === report.orderId);
  const patient = order === undefined ? null : withPatient(order).patientReference;
  const impression = report.sections.find((section) => section.code === '19005-8')?.text;
  return {
    resourceType: 'DiagnosticReport',
    id: deriveId('prior-report', [report.studyUid], sha256),
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '18748-4', display: 'Diagnostic imaging study' }] },
    text: narrative([
      ...report.sections.map((section) => [section.title, section.text] as const),
      ['Note', 'NOT FOR CLINICAL USE: demo data'],
    ]),
    ...(patient === null ? {} : { subject: { reference: `Patient/${patient}` } }),
    basedOn: [{ reference: `ServiceRequest/${report.orderId}` }],
    identifier: [{ type: { coding: [{ system: systems.identifierType, code: 'ACSN' }] }, value: report.accession }],
    imagingStudy: [
      { type: 'ImagingStudy', identifier: { system: systems.dicomUid, value: `urn:oid:${report.studyUid}` } },
    ],
    issued: toFhirInstant(instant(report.issued)),
    resultsInterpreter: [{ display: report.signerName }],
    ...(impression === undefined ? {} : { conclusion: impression }),
  };
}
