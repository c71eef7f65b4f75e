import type { Task } from '@medplum/fhirtypes';
import type { Order } from '../../../shared/domain/order/index.ts';
import type { ReadingTask, TaskId } from '../../../shared/domain/reading/index.ts';
import { matchOrder, type Study } from '../../../shared/domain/study/index.ts';
import { taskToFhir } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
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

/** Orders whose study may lie outside the archive's window are looked up by accession, a few in each cycle. */
const lookUpsACycle = 4;

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
  const lookedUp = new Map<string, number>();

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
    released: null,
    authoredOn: record.recordNow(),
  });

  const dateOf = (study: Study): number => {
    const found = /^(\d{4})(\d{2})(\d{2})$/.exec(study.studyDate ?? '');
    return found === null ? 0 : Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  };

  const matchAll = (): { byOrder: Map<string, SeenStudy>; byStudy: Map<string, Order> } => {
    const open = book.orders().filter((order) => order.status !== 'revoked' && order.status !== 'entered-in-error');
    // What is joined stays joined: an order that has its study is no candidate for another one of the same patient.
    const studyOf = new Map(
      book.all().map(({ task }) => [task.orderId as string | null, task.studyUid as string | null]),
    );
    const byOrder = new Map<string, SeenStudy>();
    const byStudy = new Map<string, Order>();
    const claimed = new Map<string, { readonly seen: SeenStudy; readonly order: Order }[]>();
    for (const seen of studies.all()) {
      const free = open.filter((order) => {
        const joined = studyOf.get(order.id) ?? null;
        return joined === null || joined === seen.study.studyUid;
      });
      const found = matchOrder(seen.study, free);
      if (found === null || !('order' in found)) continue;
      claimed.set(found.order.id, [...(claimed.get(found.order.id) ?? []), { seen, order: found.order }]);
    }
    for (const [orderId, pairs] of claimed) {
      const joined = studyOf.get(orderId) ?? null;
      const [only, ...more] = joined === null ? pairs : pairs.filter(({ seen }) => seen.study.studyUid === joined);
      // Two studies that one order could mean: a person must say which; words on the wrong images are the worst error.
      if (only === undefined || more.length > 0) continue;
      byOrder.set(orderId, only.seen);
      byStudy.set(only.seen.study.studyUid, only.order);
    }
    return { byOrder, byStudy };
  };

  return {
    cycle: async () => {
      const now: Instant = ports.now();
      const { byOrder, byStudy } = matchAll();
      const tasks = book.all();
      const taskOfOrder = new Map(
        tasks.flatMap((one) => (one.task.orderId === null ? [] : [[one.task.orderId as string, one] as const])),
      );
      const taskOfStudy = new Map(
        tasks.flatMap((one) => (one.task.studyUid === null ? [] : [[one.task.studyUid as string, one] as const])),
      );

      for (const order of book.orders()) {
        const existing = taskOfOrder.get(order.id);
        const withdrawn = order.status === 'revoked' || order.status === 'entered-in-error';
        if (existing !== undefined) {
          if (withdrawn && existing.task.state !== 'completed' && existing.task.state !== 'cancelled')
            await claims.move(existing.task.id, { kind: 'cancel' });
          continue;
        }
        // A completed order has its report; a draft is not asked for yet.
        if (withdrawn || order.status === 'completed' || order.status === 'draft') continue;
        const seen = byOrder.get(order.id) ?? null;
        const orderless = seen === null ? undefined : taskOfStudy.get(seen.study.studyUid);
        if (orderless !== undefined && orderless.task.orderId === null) {
          await claims.change(orderless.task.id, joinStudy(order.id, parts.archiveName, orderless.task.studyUid));
          continue;
        }
        await createTask(newTask(taskIdOfOrder(order.id), order, seen?.study ?? null), order);
      }

      for (const seen of studies.all()) {
        const uid = seen.study.studyUid;
        if (taskOfStudy.has(uid)) continue;
        const order = byStudy.get(uid);
        const waiting = order === undefined ? undefined : taskOfOrder.get(order.id);
        if (waiting !== undefined) {
          if (waiting.task.studyUid === null) {
            await claims.change(waiting.task.id, joinStudy(waiting.task.orderId, parts.archiveName, uid));
          }
          continue;
        }
        const isNew = now - dateOf(seen.study) < orderlessFor;
        const waited = now - seen.firstSeen >= orderGrace;
        if (order === undefined && isNew && waited)
          await createTask(newTask(taskIdOfStudy(uid), null, seen.study), null);
      }

      const waitingForImages = book.orders().filter((order) => order.status === 'active' && !byOrder.has(order.id));
      const due = waitingForImages
        .filter((order) => now - (lookedUp.get(order.id) ?? 0) > 60_000)
        .slice(0, lookUpsACycle);
      for (const order of due) {
        lookedUp.set(order.id, now);
        // A study without a date is in no date window; its patient's id or its accession still finds it.
        if (order.accession !== null) await studies.look({ accession: order.accession });
        else if (order.patient.id !== null) await studies.look({ patientId: order.patient.id });
      }

      // Nobody sees a study as held whose reader is gone (spec/standards.md 3.2, event 13).
      for (const { task } of book.all()) {
        const { claim } = task;
        if (claim === null || (task.state !== 'claimed' && task.state !== 'reading')) continue;
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

      const happened = book.all().flatMap((facts) => caseEvents(facts, events.of(facts.task.id), now, record.skew()));
      await events.write(happened);
    },
  };
}
