import type { FollowUp } from '../../../shared/domain/follow-up/index.ts';
import type { SiteNames } from '../../../shared/domain/prior/index.ts';
import { otherExams } from '../../../shared/domain/report/index.ts';
import type { Duties } from '../duties/duties.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { PersonIndex } from '../reading/person-index.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { createMatters, type MatterResource } from '../site-desk/matters.ts';
import { createFollowUpBook } from './follow-up-book.ts';
import { followUpEvents } from './follow-up-events.ts';
import { createFollowUpMatches } from './follow-up-matches.ts';
import { createFollowUpRoom, type FollowUpRoom } from './follow-up-room.ts';
import { followReportOf, remindOfFollowUps, takeExactReferences } from './follow-up-watch.ts';

/** Milliseconds between two looks; they fall due by the day. */
const lookEvery = 15_000;

/** Recommended exams: confirmed, tied to the signed version that says them, reminded of, and ended; each step in the record. */
export function openFollowUp(parts: {
  readonly record: RecordClient;
  readonly sync: Pick<RecordSync, 'onChange'>;
  readonly book: CaseBook;
  readonly persons: PersonIndex;
  readonly names: () => SiteNames;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly events: EventBook;
  readonly duties: Duties;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<MatterResource>) => void;
  readonly onCase: (taskId: string) => void;
}): { readonly followUp: FollowUpRoom; nudge(): void; stop(): Promise<void> } {
  const { book, events, ports } = parts;
  const results = createFollowUpBook(parts.sync);
  const matches = createFollowUpMatches(parts);
  const matters = createMatters(parts.record, parts.onTask);
  const takeChanges = book.follow();

  /** Those whose case is not known here yet, or whose events did not get into the journal: they are written when they can. */
  const untold = new Map<string, FollowUp>();
  /** Cases whose report may say something else than before. */
  const dirty = new Set<string>();
  const tell = async (changed: readonly FollowUp[]): Promise<void> => {
    for (const one of changed) {
      const facts = book.facts(one.taskId);
      const found = facts === null ? [] : followUpEvents(facts, one).filter((event) => !events.has(event));
      if (facts !== null && (found.length === 0 || (await events.write(found)))) untold.delete(one.id);
      else untold.set(one.id, one);
    }
  };
  const watch = {
    ...parts,
    results,
    matches,
    matters,
    versionsOf: async (taskId: string) => (await parts.reports.of(taskId)).versions,
  };
  const loop = startLoop(
    'follow-ups',
    () => lookEvery,
    async () => {
      if (untold.size > 0) await tell([...untold.values()]);
      await matches.settle();
      for (const taskId of takeChanges().tasks) if (results.ofTask(taskId).length > 0) dirty.add(taskId);
      for (const taskId of [...dirty]) {
        const { size } = dirty;
        dirty.delete(taskId);
        if (!(await followReportOf(watch, taskId)) && size > 0) dirty.add(taskId);
      }
      await takeExactReferences(watch);
      await remindOfFollowUps(watch);
    },
    ports,
  );
  results.onChange((changed) => {
    void tell(changed).catch(() => ports.log.error('events of recommended exams failed', {}));
    for (const taskId of new Set(changed.map((one) => one.taskId))) {
      dirty.add(taskId);
      parts.onCase(taskId);
    }
    loop.nudge();
  });
  events.onChange((taskIds) => {
    // A released version is an event of its case: it is looked at without waiting for the next round.
    if (taskIds.some((taskId) => results.ofTask(taskId).length > 0)) {
      for (const taskId of taskIds) if (results.ofTask(taskId).length > 0) dirty.add(taskId);
      loop.nudge();
    }
  });
  return {
    followUp: createFollowUpRoom({
      ...parts,
      ...{ results, matches, matters },
      examsOf: async ({ task }) => {
        const { together } = task.desk.pending ?? {};
        if (together !== undefined) return together.filter((id) => id !== task.id);
        const { versions } = await parts.reports.of(task.id);
        const standing = versions.filter((one) => one.returned === null).at(-1);
        return standing === undefined ? [] : otherExams(standing.content).map((one) => one.taskId);
      },
    }),
    nudge: loop.nudge,
    stop: () => loop.stop(),
  };
}
