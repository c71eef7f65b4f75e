import type { ExtractResource, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { IdentityVerdict, WorklistRow } from '../../../shared/api/index.ts';
import { type Order, ordererNumber } from '../../../shared/domain/order/index.ts';
import { codeConditionOf, emptyDesk, type ReadingTask } from '../../../shared/domain/reading/index.ts';
import { type IdentityResolution, type ReportState, stateAfter } from '../../../shared/domain/report/index.ts';
import { type SiteProfile, usualArrival } from '../../../shared/domain/site/index.ts';
import { type ImagesSoFar, identityOfCase, type SeriesSeen, type Study } from '../../../shared/domain/study/index.ts';
import { dueAt, pausedSince, type ReadingEvent, startOf, type Terms } from '../../../shared/domain/turnaround/index.ts';
import { isProposal, orderFromServiceRequest, taskFromFhir } from '../../../shared/interop/fhir/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { Ports } from '../ports.ts';
import type { RecordSync } from '../record/index.ts';
import type { EventBook } from './event-book.ts';
import { arrivalShown, countShown, imagesHere } from './images-here.ts';
import type { SiteBook } from './site-book.ts';
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
  order(orderId: string): Order | null;
  /** The cases of an order, and of a study: one each unless two hosts raced. */
  ofOrder(orderId: string): readonly CaseFacts[];
  ofStudy(studyUid: string): readonly CaseFacts[];
  /** One row for the list, without what depends on who asks. */
  row(facts: CaseFacts): Row;
  /** What is known of its images, by its site's rules; null where none has come. */
  images(facts: CaseFacts, history: readonly ReadingEvent[]): ImagesSoFar | null;
  /** What the journal holds of this case changed. */
  changed(taskId: string): void;
  /** Answers what changed since it was last asked; the first answer is everything. */
  follow(): () => CaseChanges;
};

type Row = Omit<WorklistRow, 'mayRead'>;
/** A row, and what it was made from beside the facts. */
type MadeRow = {
  /** Of its events: the events themselves are not held for every row. */
  readonly revision: number;
  readonly report: ReportState | null;
  readonly agreed: SiteProfile | null;
  readonly fit: Row['fit'];
  /** Made while series that it hangs on were not known. */
  readonly awaitsSeries: boolean;
  readonly row: Row;
};

/** What the journal adds to a case: reports that are signed and not released yet, and identity differences that were resolved. */
export type LocalCaseState = {
  reportState(taskId: string): ReportState | null;
  resolution(taskId: string): IdentityResolution | null;
  /** How fit the order is to be read; the same value until it changes. */
  fit(facts: CaseFacts): Row['fit'];
  /** The series of a study where they are known; the same value until they change. Asked only of studies that hang on them. */
  series(study: Study): readonly SeriesSeen[] | null;
};

/** What changed since somebody last took it. Ids of things that are gone are among them. */
export type CaseChanges = {
  readonly tasks: ReadonlySet<string>;
  readonly orders: ReadonlySet<string>;
  readonly studies: ReadonlySet<string>;
};

/** How long an order may wait for the Patient that it names before it is shown without one, in milliseconds. */
const patientGrace = 15_000;

/**
 * Follows record, archive and journal by what changes: a list of a hundred thousand changes one case at a time, and a change must cost
 * its own parsing and not everybody's (the host's thread also streams images).
 */
export function createCaseBook(
  sync: RecordSync,
  studies: StudyBook,
  events: EventBook,
  sites: SiteBook,
  local: LocalCaseState,
  ports: Ports,
): CaseBook {
  const orders = new Map<string, Order>();
  const tasks = new Map<string, { readonly task: ReadingTask; readonly version: string }>();
  const facts = new Map<string, CaseFacts>();
  const tasksOfOrder = new SetsByKey();
  const tasksOfStudy = new SetsByKey();
  const ordersOfReference = new SetsByKey();
  const referencesOfOrder = new Map<string, readonly string[]>();
  /** By task, with the facts that each was made of: a weak map of so many is gone through whole by every collection of garbage. */
  const rows = new Map<string, MadeRow & { readonly of: CaseFacts }>();
  const refused = new Set<string>();
  /** Orders whose Patient is still on the way, and since when. */
  const patientless = new Map<string, number>();
  /** Orders that waited for it long enough; it is still taken when it comes. */
  const givenUp = new Set<string>();
  const dirtyOrders = new Set<string>();
  const dirtyTasks = new Set<string>();
  const dirtyStudies = new Set<string>();
  const followers = new Set<{ tasks: Set<string>; orders: Set<string>; studies: Set<string> }>();

  const related = <Type extends Resource['resourceType']>(
    type: Type,
    reference: string | undefined,
  ): ExtractResource<Type> | null => {
    const id = reference?.startsWith(`${type}/`) === true ? reference.slice(type.length + 1) : null;
    return id === null ? null : (sync.get(type, id)?.resource ?? null);
  };

  /** An order is not shown nameless while its patient is still on the way; an order whose patient never comes is shown all the same. */
  const waitsForPatient = (request: ServiceRequest): boolean => {
    const reference = request.subject?.reference;
    const id = request.id ?? '';
    const here = reference?.startsWith('Patient/') !== true || related('Patient', reference) !== null;
    const since = patientless.get(id) ?? ports.now();
    if (here || givenUp.has(id) || ports.now() - since >= patientGrace) {
      patientless.delete(id);
      if (!here) givenUp.add(id);
      return false;
    }
    patientless.set(id, since);
    return true;
  };

  const parseOrder = (resource: ServiceRequest): Order | null => {
    const organization = resource.performer?.find((one) => one.reference?.startsWith('Organization/'))?.reference;
    const location = resource.locationReference?.[0]?.reference;
    const references = [resource.subject?.reference, organization, location, resource.requester?.reference];
    const id = resource.id ?? '';
    const wanted = references.filter((one) => one !== undefined);
    for (const before of referencesOfOrder.get(id) ?? []) ordersOfReference.remove(before, id);
    for (const one of wanted) ordersOfReference.add(one, id);
    referencesOfOrder.set(id, wanted);
    if (waitsForPatient(resource)) return null;
    const order = orderFromServiceRequest(resource, {
      patient: related('Patient', resource.subject?.reference),
      organization: related('Organization', organization),
      location: related('Location', location),
      practitioner: related('Practitioner', resource.requester?.reference),
    });
    if (order.ok) return order.value;
    const name = `${id}|${resource.meta?.versionId}`;
    if (!refused.has(name)) {
      refused.add(name);
      ports.log.warn('an order in the record could not be read', { id: resource.id ?? 'none', why: order.error.code });
    }
    return null;
  };

  const identityOf = (order: Order | null, seen: SeenStudy | null): IdentityVerdict =>
    seen === null ? { grade: 'same', differences: [] } : identityOfCase(order?.patient ?? null, seen.owners);

  const newFacts = (task: ReadingTask, taskVersion: string): CaseFacts => {
    const order = task.orderId === null ? null : (orders.get(task.orderId) ?? null);
    const seen = task.studyUid === null ? null : studies.get(task.studyUid);
    const resolution = local.resolution(task.id);
    const before = facts.get(task.id);
    const same =
      before !== undefined &&
      before.task === task &&
      before.order === order &&
      before.seen === seen &&
      before.resolution === resolution;
    return same ? before : { task, taskVersion, order, seen, identity: identityOf(order, seen), resolution };
  };

  const settleOrder = (id: string): void => {
    const resource = sync.get('ServiceRequest', id)?.resource ?? null;
    if (resource === null) {
      for (const before of referencesOfOrder.get(id) ?? []) ordersOfReference.remove(before, id);
      referencesOfOrder.delete(id);
      patientless.delete(id);
      givenUp.delete(id);
    }
    // What somebody only proposes is no order, and nothing to warn of.
    const order = resource === null || isProposal(resource) ? null : parseOrder(resource);
    if (order === null) orders.delete(id);
    else orders.set(id, order);
    for (const follower of followers) follower.orders.add(id);
    for (const taskId of tasksOfOrder.of(id)) dirtyTasks.add(taskId);
  };

  const readTask = (id: string): void => {
    const found = sync.get('Task', id);
    const before = tasks.get(id)?.task ?? null;
    const task = found === null ? null : parseTask(found.resource);
    if (before?.orderId != null) tasksOfOrder.remove(before.orderId, id);
    if (before?.studyUid != null) tasksOfStudy.remove(before.studyUid, id);
    if (found === null || task === null) {
      tasks.delete(id);
      return;
    }
    tasks.set(id, { task, version: found.version });
    if (task.orderId !== null) tasksOfOrder.add(task.orderId, id);
    if (task.studyUid !== null) tasksOfStudy.add(task.studyUid, id);
  };

  const settle = (): void => {
    // A patient who comes names its orders; only those who waited long enough are looked at here, and the longest stand first.
    for (const [id, since] of patientless) {
      if (ports.now() - since < patientGrace) break;
      dirtyOrders.add(id);
    }
    for (const id of dirtyOrders) settleOrder(id);
    dirtyOrders.clear();
    for (const uid of dirtyStudies) {
      for (const follower of followers) follower.studies.add(uid);
      for (const taskId of tasksOfStudy.of(uid)) dirtyTasks.add(taskId);
    }
    dirtyStudies.clear();
    for (const id of dirtyTasks) {
      const known = tasks.get(id);
      if (known === undefined) {
        facts.delete(id);
        rows.delete(id);
      } else facts.set(id, newFacts(known.task, known.version));
      for (const follower of followers) follower.tasks.add(id);
    }
    dirtyTasks.clear();
  };

  const factsOf = (ids: ReadonlySet<string>): readonly CaseFacts[] => {
    settle();
    return [...ids].flatMap((id) => facts.get(id) ?? []);
  };

  sync.onChange(({ type, items, gone }) => {
    const ids = [...items.map((item) => item.resource.id ?? ''), ...gone];
    for (const id of ids) {
      if (type === 'Task') {
        readTask(id);
        dirtyTasks.add(id);
      } else if (type === 'ServiceRequest') dirtyOrders.add(id);
      else for (const orderId of ordersOfReference.of(`${type}/${id}`)) dirtyOrders.add(orderId);
    }
  });
  studies.onChange((uids) => {
    for (const uid of uids) dirtyStudies.add(uid);
  });
  events.onChange((taskIds) => {
    for (const id of taskIds) dirtyTasks.add(id);
  });
  sites.onChange((siteIds) => {
    for (const [id, { order }] of facts) if (siteIds.includes(order?.site?.id ?? '')) dirtyTasks.add(id);
  });

  const imagesOf = (found: CaseFacts, history: readonly ReadingEvent[]) => {
    let awaitsSeries = false;
    const rules = sites.agreedWith(found)?.arrival ?? usualArrival;
    const images = imagesHere(found, history, rules, (study) => {
      const series = local.series(study);
      awaitsSeries = series === null;
      return series;
    });
    return { images, awaitsSeries };
  };

  const row = (found: CaseFacts): Row => {
    const revision = events.revision(found.task.id);
    const report = local.reportState(found.task.id);
    const kept = rows.get(found.task.id);
    const made = kept?.of === found ? kept : undefined;
    const fit = local.fit(found);
    // A site of which nothing was agreed has a fresh default each time; what is known of it is its order's.
    const agreed = sites.agreedWith(found);
    const same = made?.revision === revision && made.report === report && made.agreed === agreed && made.fit === fit;
    if (same && !made.awaitsSeries) return made.row;
    const history = events.of(found.task.id);
    const { images, awaitsSeries } = imagesOf(found, history);
    if (same && awaitsSeries) return made.row;
    const terms = sites.termsOf(found, history);
    const fresh = {
      ...makeRow(found, history, report, terms, agreed, images),
      ...(fit === undefined ? {} : { fit }),
    };
    rows.set(found.task.id, { of: found, revision, report, agreed, fit, awaitsSeries, row: fresh });
    return fresh;
  };

  return {
    facts: (taskId) => {
      settle();
      return facts.get(taskId) ?? null;
    },
    order: (orderId) => {
      settle();
      return orders.get(orderId) ?? null;
    },
    ofOrder: (orderId) => factsOf(tasksOfOrder.of(orderId)),
    ofStudy: (studyUid) => factsOf(tasksOfStudy.of(studyUid)),
    images: (found, history) => imagesOf(found, history).images,
    changed: (taskId) => {
      dirtyTasks.add(taskId);
    },
    follow: () => {
      settle();
      const follower = {
        tasks: new Set(facts.keys()),
        orders: new Set(orders.keys()),
        studies: new Set(studies.all().map((one) => one.study.studyUid as string)),
      };
      followers.add(follower);
      return () => {
        settle();
        const { tasks: changed, orders: asked, studies: seen } = follower;
        follower.tasks = new Set();
        follower.orders = new Set();
        follower.studies = new Set();
        return { tasks: changed, orders: asked, studies: seen };
      };
    },
    row,
  };
}

function parseTask(resource: Task): ReadingTask | null {
  const read = taskFromFhir(resource);
  return read.ok ? read.value.task : null;
}

function makeRow(
  { task, order, seen, identity }: CaseFacts,
  history: readonly ReadingEvent[],
  waiting: ReportState | null,
  terms: Terms,
  agreed: SiteProfile | null,
  images: ImagesSoFar | null,
): Row {
  const study = seen?.study ?? null;
  const released = task.released?.kind ?? null;
  const paper = history.find((event) => event.type === 'downtime.read');
  const priority = order?.priority ?? 'unknown';
  const arrival = images === null ? undefined : arrivalShown(images, history);
  const codeStudy =
    order === null ? null : codeConditionOf({ ...order, procedure: order.procedure.display }, agreed?.codes ?? []);
  const modality = study?.modalities[0] ?? order?.modality ?? '';
  const displayCheckDays = agreed?.displayCheckDays[modality] ?? agreed?.displayCheckDays['*'];
  return {
    taskId: task.id,
    studyUid: task.studyUid,
    archive: task.archive,
    accession: order?.accession ?? study?.accession ?? null,
    patient: order?.patient ?? study?.patient ?? { id: null, issuer: null, name: '', birthDate: null, sex: null },
    priority,
    ...(codeStudy === null ? {} : { codeStudy }),
    dueAt: dueAt(terms, history),
    clockPausedAt: pausedSince(terms, history),
    clockStartedAt: startOf(terms, history),
    modality,
    ...(displayCheckDays === undefined ? {} : { displayCheckDays }),
    bodyPart: order?.bodyPart ?? study?.bodyPart ?? '',
    laterality: order?.laterality ?? study?.laterality ?? null,
    procedure: order?.procedure.display ?? study?.description ?? '',
    reason: order?.reason ?? '',
    codes:
      order === null ? [] : [order.procedure, ...order.reasonCodes].map((one) => one.code).filter((one) => one !== ''),
    orderedBy: order?.orderedBy?.name ?? '',
    ...(order === null || order.orderedBy === null || ordererNumber(order.orderedBy) === ''
      ? {}
      : { orderedByNumber: ordererNumber(order.orderedBy) }),
    site: order?.site ?? null,
    images: countShown(images, order?.expectedInstances ?? null),
    ...(arrival === undefined ? {} : { arrival }),
    studyDate: study?.studyDate ?? null,
    ...(order === null || order.authoredOn === null ? {} : { orderedAt: order.authoredOn }),
    ...(order?.placerGroup === undefined ? {} : { orderGroup: order.placerGroup }),
    ...(paper === undefined ? {} : { readOnPaperAt: paper.occurredAt }),
    state: task.state,
    report: waiting ?? (released === null ? null : stateAfter(released)),
    reader: task.claim === null ? null : { id: task.claim.reader, name: task.claim.readerName },
    leaseUntil: task.claim?.leaseUntil ?? null,
    ...(task.claim === null ? {} : { fencingToken: task.claim.fencingToken }),
    link: study === null ? 'order-without-images' : order === null ? 'images-without-order' : 'order-and-images',
    identity: identity.grade,
    ...(task.desk === emptyDesk ? {} : { desk: task.desk }),
  };
}
