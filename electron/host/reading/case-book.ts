import type { ExtractResource, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { IdentityVerdict, WorklistRow } from '../../../shared/api/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import type { ReadingTask, TaskId } from '../../../shared/domain/reading/index.ts';
import type { IdentityResolution, ReportState } from '../../../shared/domain/report/index.ts';
import { identityOfCase, type Study } from '../../../shared/domain/study/index.ts';
import { type Contract, defaultContract, dueAt, type ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { orderFromServiceRequest, taskFromFhir } from '../../../shared/interop/fhir/index.ts';
import type { Ports } from '../ports.ts';
import type { RecordSync } from '../record/index.ts';
import type { EventBook } from './event-book.ts';
import type { SeenStudy, StudyBook } from './study-poll.ts';

/** Everything that this host knows of one case, put together from record, archive and journal. */
export type CaseFacts = {
  readonly task: ReadingTask;
  /** Version of the Task in the record, for `If-Match`. */
  readonly taskVersion: string;
  readonly order: Order | null;
  readonly seen: SeenStudy | null;
  readonly identity: IdentityVerdict;
  readonly resolution: IdentityResolution | null;
};

export type CaseBook = {
  facts(taskId: string): CaseFacts | null;
  all(): readonly CaseFacts[];
  orders(): readonly Order[];
  /** One row for the list, without what depends on who asks. */
  row(facts: CaseFacts): Row;
  /** Drops what was derived; the next question derives it anew. */
  invalidate(): void;
  contract(): Contract;
};

type Row = Omit<WorklistRow, 'mayRead'>;
type ParsedOrder = { readonly from: readonly (Resource | null)[]; readonly order: Order | null };
type ParsedTask = { readonly resource: Task; readonly task: ReadingTask | null };
/** A row, and what it was made from beside the facts. */
type MadeRow = { readonly history: readonly ReadingEvent[]; readonly report: ReportState | null; readonly row: Row };

/** What the journal adds to a case: reports that are signed and not released yet, and identity differences that were resolved. */
export type LocalCaseState = {
  reportState(taskId: string): ReportState | null;
  resolution(taskId: string): IdentityResolution | null;
};

/** How long an order may wait for the Patient that it names before it is shown without one, in milliseconds. */
const patientGrace = 15_000;

export function createCaseBook(
  sync: RecordSync,
  studies: StudyBook,
  events: EventBook,
  local: LocalCaseState,
  ports: Ports,
): CaseBook {
  let orders: Map<string, Order> | null = null;
  let facts: Map<string, CaseFacts> | null = null;
  const refused = new Set<string>();
  const patientless = new Map<string, number>();
  // A list of thousands changes one case at a time: what an answer was parsed into is kept for as long as the answer is the same, so that
  // a change costs its own parsing and not everybody's (the host's thread also streams images).
  let parsedOrders = new Map<string, ParsedOrder>();
  let parsedTasks = new Map<string, ParsedTask>();
  let lastFacts = new Map<string, CaseFacts>();
  const rows = new WeakMap<CaseFacts, MadeRow>();

  const related = <Type extends Resource['resourceType']>(
    type: Type,
    reference: string | undefined,
  ): ExtractResource<Type> | null => {
    const id = reference?.startsWith(`${type}/`) === true ? reference.slice(type.length + 1) : null;
    return id === null ? null : (sync.get(type, id)?.resource ?? null);
  };

  /** An order is not shown nameless while its patient is still on the way; an order whose patient never comes is shown all the same. */
  const waitsForPatient = (request: ServiceRequest): boolean => {
    if (request.subject?.reference?.startsWith('Patient/') !== true) return false;
    const since = patientless.get(request.id ?? '') ?? ports.now();
    patientless.set(request.id ?? '', since);
    return ports.now() - since < patientGrace;
  };

  const parseOrder = (resource: ServiceRequest): ParsedOrder => {
    const from = [
      resource,
      related('Patient', resource.subject?.reference),
      related('Organization', resource.performer?.find((one) => one.reference?.startsWith('Organization/'))?.reference),
      related('Location', resource.locationReference?.[0]?.reference),
      related('Practitioner', resource.requester?.reference),
    ] as const;
    const before = parsedOrders.get(resource.id ?? '');
    if (before?.from.every((one, index) => one === from[index]) === true) return before;
    const [, patient, organization, location, practitioner] = from;
    const order = orderFromServiceRequest(resource, { patient, organization, location, practitioner });
    if (order.ok) return { from, order: order.value };
    const name = `${resource.id}|${resource.meta?.versionId}`;
    if (!refused.has(name)) {
      refused.add(name);
      ports.log.warn('an order in the record could not be read', { id: resource.id ?? 'none', why: order.error.code });
    }
    return { from, order: null };
  };

  const readOrders = (): Map<string, Order> => {
    if (orders !== null) return orders;
    orders = new Map();
    const kept = new Map<string, ParsedOrder>();
    for (const { resource } of sync.all('ServiceRequest')) {
      if (related('Patient', resource.subject?.reference) === null && waitsForPatient(resource)) continue;
      const parsed = parseOrder(resource);
      kept.set(resource.id ?? '', parsed);
      if (parsed.order !== null) orders.set(parsed.order.id, parsed.order);
    }
    parsedOrders = kept;
    return orders;
  };

  const identityOf = (order: Order | null, seen: SeenStudy | null): IdentityVerdict =>
    seen === null ? { grade: 'same', differences: [] } : identityOfCase(order?.patient ?? null, seen.owners);

  const factsOf = (task: ReadingTask, taskVersion: string, known: ReadonlyMap<string, Order>): CaseFacts => {
    const order = task.orderId === null ? null : (known.get(task.orderId) ?? null);
    const seen = task.studyUid === null ? null : studies.get(task.studyUid);
    const resolution = local.resolution(task.id);
    const before = lastFacts.get(task.id);
    const same =
      before !== undefined &&
      before.task === task &&
      before.order === order &&
      before.seen === seen &&
      before.resolution === resolution;
    return same ? before : { task, taskVersion, order, seen, identity: identityOf(order, seen), resolution };
  };

  const readFacts = (): Map<string, CaseFacts> => {
    if (facts !== null) return facts;
    facts = new Map();
    const known = readOrders();
    const kept = new Map<string, ParsedTask>();
    for (const { resource, version } of sync.all('Task')) {
      const id = resource.id ?? '';
      const before = parsedTasks.get(id);
      const parsed = before?.resource === resource ? before : parseTask(resource);
      kept.set(id, parsed);
      if (parsed.task !== null) facts.set(parsed.task.id, factsOf(parsed.task, version, known));
    }
    parsedTasks = kept;
    lastFacts = facts;
    return facts;
  };

  const row = (found: CaseFacts): Row => {
    const history = events.of(found.task.id);
    const report = local.reportState(found.task.id);
    const made = rows.get(found);
    if (made?.history === history && made.report === report) return made.row;
    const fresh = makeRow(found, history, report);
    rows.set(found, { history, report, row: fresh });
    return fresh;
  };

  return {
    facts: (taskId) => readFacts().get(taskId as TaskId) ?? null,
    all: () => [...readFacts().values()],
    orders: () => [...readOrders().values()],
    contract: () => defaultContract,
    invalidate: () => {
      orders = null;
      facts = null;
    },
    row,
  };
}

function parseTask(resource: Task): ParsedTask {
  const read = taskFromFhir(resource);
  return { resource, task: read.ok ? read.value.task : null };
}

function makeRow(
  { task, order, seen, identity }: CaseFacts,
  history: readonly ReadingEvent[],
  waiting: ReportState | null,
): Row {
  const study = seen?.study ?? null;
  const started =
    history.find((event) => event.type === 'images.complete') ?? history.find((event) => event.type === 'task.queued');
  const released = task.released?.kind ?? null;
  const priority = order?.priority ?? 'unknown';
  return {
    taskId: task.id,
    studyUid: task.studyUid,
    archive: task.archive,
    accession: order?.accession ?? study?.accession ?? null,
    patient: order?.patient ?? study?.patient ?? { id: null, issuer: null, name: '', birthDate: null, sex: null },
    priority,
    dueAt: dueAt(defaultContract, priority, history),
    clockStartedAt: started?.occurredAt ?? null,
    modality: study?.modalities[0] ?? order?.modality ?? '',
    bodyPart: order?.bodyPart ?? study?.bodyPart ?? '',
    laterality: order?.laterality ?? study?.laterality ?? null,
    procedure: order?.procedure.display ?? study?.description ?? '',
    reason: order?.reason ?? '',
    codes:
      order === null ? [] : [order.procedure, ...order.reasonCodes].map((one) => one.code).filter((one) => one !== ''),
    orderedBy: order?.orderedBy?.name ?? '',
    site: order?.site ?? null,
    images: { present: imagesPresent(study, history), expected: order?.expectedInstances ?? null },
    studyDate: study?.studyDate ?? null,
    state: task.state,
    report: waiting ?? (released === null ? null : releasedState(released)),
    reader: task.claim === null ? null : { id: task.claim.reader, name: task.claim.readerName },
    leaseUntil: task.claim?.leaseUntil ?? null,
    link: study === null ? 'order-without-images' : order === null ? 'images-without-order' : 'order-and-images',
    identity: identity.grade,
  };
}

function releasedState(kind: 'preliminary' | 'final' | 'addendum' | 'correction'): ReportState {
  return kind === 'addendum' ? 'appended' : kind === 'correction' ? 'corrected' : kind;
}

/** Instances that the archive holds, less the structured reports that we stored there ourselves: those are no images to wait for. */
function imagesPresent(study: Study | null, history: readonly ReadingEvent[]): number {
  const ours = history.filter((event) => event.type === 'report.filed' && event.channel === 'archive').length;
  return Math.max(0, (study?.instanceCount ?? 0) - ours);
}
