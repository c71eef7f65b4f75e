import type { Task } from '@medplum/fhirtypes';
import type { Order } from '../../../shared/domain/order/index.ts';
import { createPairing, emptyDesk, type ReadingTask, type TaskId } from '../../../shared/domain/reading/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import { taskToFhir } from '../../../shared/interop/fhir/index.ts';
import { type Instant, minutes } from '../../../shared/lib/instant.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { Claims } from '../reading/claims.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { SeenStudy, StudyBook } from '../reading/study-poll.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { caseEvent, caseEvents } from './case-events.ts';
import { joinStudy } from './join-study.ts';
import { taskIdOfOrder, taskIdOfStudy } from './task-ids.ts';

/**
 * The duty `intake` in its first form: each order and each study becomes one reading task, whichever came first; a study that comes
 * later is joined to its order's task. Ids are derived from the order or the study, so that two hosts make the same task.
 */
export type Intake = { cycle(): Promise<void> };

/** A study without an order is offered for reading only while it is new; older ones in the archive are priors. */
const orderlessFor = 3 * 86_400_000;

/** How long after the end of a lease it is taken back: a renewal under way, or a signature just made, comes first. */
const lapseGrace = 5_000;

/** How long a study waits for an order that comes with it before it is offered without one, in milliseconds. */
const orderGrace = 15_000;

const lookUpsACycle = 4;
/** Milliseconds before the archive is asked again for the images of one order. */
const lookUpAgain = 60_000;
/** This long after a site's quiet period nothing more follows from time alone, in milliseconds. */
const settledAfter = 10_000;

export function createIntake(parts: {
  readonly record: RecordClient;
  readonly book: CaseBook;
  readonly studies: StudyBook;
  readonly events: EventBook;
  readonly claims: Claims;
  readonly archiveName: string;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<Task>) => void;
}): Intake {
  const { record, book, studies, events, claims, ports } = parts;

  const createTask = async (task: ReadingTask, order: Order | null): Promise<boolean> => {
    const there = await record.read('Task', task.id);
    if (there.ok) return false;
    if (there.error.code !== 'not-found') return false;
    const names = { patientReference: order?.patientReference ?? null, accession: order?.accession ?? null };
    const written = await record.put(taskToFhir(task, names));
    if (written.ok) parts.onTask(written.value);
    return written.ok;
  };

  const newTask = (id: TaskId, order: Order | null, study: Study | null): ReadingTask => ({
    id,
    state: 'queued',
    orderId: order?.id ?? null,
    archive: study === null ? null : parts.archiveName,
    studyUid: study?.studyUid ?? null,
    requestedReport: order?.requestedReport ?? 'final',
    claim: null,
    lastFencingToken: 0,
    desk: emptyDesk,
    released: null,
    authoredOn: record.recordNow(),
  });

  const dateOf = (study: Study): number => {
    const found = /^(\d{4})(\d{2})(\d{2})$/.exec(study.studyDate ?? '');
    return found === null ? 0 : Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  };

  const takeChanges = book.follow();
  const taskOf = (orderId: string): ReadingTask | null => {
    const all = book.ofOrder(orderId).map((facts) => facts.task);
    // An exam whose report was withdrawn is read again under a new task: the ended one stands for the order no more.
    const alive = all.filter((task) => task.state !== 'completed' && task.state !== 'cancelled');
    const tasks = alive.length > 0 ? alive : all;
    return tasks.find((task) => task.studyUid !== null) ?? tasks[0] ?? null;
  };
  const pairing = createPairing<SeenStudy>((orderId) => taskOf(orderId)?.studyUid ?? null);
  /** What is looked at in each cycle: claims that may lapse, and cases whose events wait for a quiet time. */
  const claimed = new Set<TaskId>();
  const unsettled = new Set<TaskId>();
  /** Active orders without images: never looked up, and looked up when, the longest ago first. */
  const imageless = { fresh: new Set<string>(), looked: new Map<string, number>() };
  const hasImages = (orderId: string): void => {
    imageless.fresh.delete(orderId);
    imageless.looked.delete(orderId);
  };

  const takeIn = (): void => {
    const { orders, studies: seen, tasks } = takeChanges();
    for (const id of orders) pairing.setOrder(id, book.order(id));
    for (const uid of seen) pairing.setStudy(uid, studies.get(uid));
    for (const id of tasks) {
      const task = book.facts(id)?.task ?? null;
      claimed.delete(id as TaskId);
      unsettled.delete(id as TaskId);
      if (task === null) continue;
      pairing.touch(task.orderId, task.studyUid);
      unsettled.add(task.id);
      if (task.claim !== null && (task.state === 'claimed' || task.state === 'reading')) claimed.add(task.id);
    }
  };

  /** True while something about this order is not done yet; it is looked at again in the next cycle. */
  const placeOrder = async (order: Order): Promise<boolean> => {
    const existing = taskOf(order.id);
    const withdrawn = order.status === 'revoked' || order.status === 'entered-in-error';
    const seen = pairing.studyOf(order.id);
    if (order.status !== 'active' || seen !== null) hasImages(order.id);
    else if (!imageless.looked.has(order.id)) imageless.fresh.add(order.id);
    if (existing !== null) {
      if (!withdrawn || existing.state === 'completed' || existing.state === 'cancelled') return false;
      await claims.move(existing.id, { kind: 'cancel' });
      return true;
    }
    // A completed order has its report; a draft is not asked for yet.
    if (withdrawn || order.status === 'completed' || order.status === 'draft') return false;
    const orderless = seen === null ? undefined : book.ofStudy(seen.study.studyUid)[0]?.task;
    if (orderless !== undefined && orderless.orderId === null)
      await claims.change(orderless.id, joinStudy(order.id, parts.archiveName, orderless.studyUid));
    else await createTask(newTask(taskIdOfOrder(order.id), order, seen?.study ?? null), order);
    return true;
  };

  /** The same of a study. */
  const placeStudy = async (seen: SeenStudy, now: Instant): Promise<boolean> => {
    const uid = seen.study.studyUid;
    if (book.ofStudy(uid).length > 0) return false;
    const order = pairing.orderOf(uid);
    if (order !== null) {
      const waiting = taskOf(order.id);
      if (waiting !== null && waiting.studyUid === null)
        await claims.change(waiting.id, joinStudy(waiting.orderId, parts.archiveName, uid));
      return waiting === null || waiting.studyUid === null;
    }
    if (now - dateOf(seen.study) >= orderlessFor) return false;
    if (now - seen.firstSeen >= orderGrace) await createTask(newTask(taskIdOfStudy(uid), null, seen.study), null);
    return true;
  };

  /** Orders whose study may lie outside the archive's window are looked up, a few in each cycle. */
  const lookUp = async (now: Instant): Promise<void> => {
    for (let turn = 0; turn < lookUpsACycle; turn += 1) {
      const [longest] = imageless.looked;
      const again = longest !== undefined && now - longest[1] > lookUpAgain ? longest[0] : undefined;
      const id = imageless.fresh.values().next().value ?? again;
      if (id === undefined) return;
      hasImages(id);
      const order = book.order(id);
      if (order === null) continue;
      imageless.looked.set(id, now);
      // A study without a date is in no date window; its patient's id or its accession still finds it.
      const { accession, patient } = order;
      if (accession === null && patient.id === null) continue;
      const asked = await studies.look(accession !== null ? { accession } : { patientId: patient.id ?? '' });
      if (asked) continue;
      // The archive was silent, which says nothing of the images: they are looked up again with the next cycle.
      imageless.looked.delete(id);
      imageless.fresh.add(id);
      return;
    }
  };

  /** Nobody sees a study as held whose reader is gone (spec/standards.md 3.2, event 13). */
  const takeBackLapsed = async (): Promise<void> => {
    for (const id of [...claimed]) {
      const task = book.facts(id)?.task ?? null;
      const claim = task?.claim ?? null;
      if (task === null || claim === null || (task.state !== 'claimed' && task.state !== 'reading')) continue;
      if (record.recordNow() < claim.leaseUntil + lapseGrace) continue;
      const lapsed = await claims.move(task.id, { kind: 'lapse' });
      const facts = lapsed.ok ? book.facts(task.id) : null;
      if (facts === null) continue;
      await events.write([
        caseEvent(facts, 'task.lease.lapsed', claim.leaseUntil, {
          part: String(claim.fencingToken),
          detail: `the claim of ${claim.readerName} ran out`,
        }),
      ]);
    }
  };

  const writeEvents = async (now: Instant): Promise<void> => {
    for (const id of [...unsettled]) {
      const facts = book.facts(id);
      const history = facts === null ? [] : events.of(id);
      const images = facts === null ? null : book.images(facts, history);
      const found = facts === null ? [] : caseEvents(facts, history, images, now, record.skew());
      const written = found.length === 0 || (await events.write(found));
      const quiet = images === null || now - images.changedAt >= minutes(images.quietMinutes) + settledAfter;
      if (written && quiet && found.length === 0) unsettled.delete(id);
    }
  };

  return {
    cycle: async () => {
      const now: Instant = ports.now();
      takeIn();
      const touched = pairing.takeTouched();
      for (const id of touched.orders) {
        const order = book.order(id);
        if (order === null) hasImages(id);
        else if (await placeOrder(order)) pairing.touch(id, null);
      }
      for (const uid of touched.studies) {
        const seen = studies.get(uid);
        if (seen !== null && (await placeStudy(seen, now))) pairing.touch(null, uid);
      }
      await lookUp(now);
      // Tasks that this cycle made have their first events in this cycle too: no clock waits for the next one.
      takeIn();
      await takeBackLapsed();
      await writeEvents(now);
    },
  };
}
