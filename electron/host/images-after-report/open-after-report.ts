import type { ArchiveClient } from '../archive/types.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import type { Duties } from '../duties/duties.ts';
import type { Accounts } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import type { MatterResource } from '../site-desk/matters.ts';
import { createMatters } from '../site-desk/matters.ts';
import { createAfterReportBook } from './after-report-book.ts';
import { afterReportEvents } from './after-report-events.ts';
import { type AfterReportRoom, createAfterReportRoom } from './after-report-room.ts';
import { createAfterReportWatch } from './after-report-watch.ts';
import { createImagesRoom } from './signed-images.ts';

/** Milliseconds between two rounds of looking and telling. */
const roundEvery = 3_000;

/** Images that come, change or go after the report: seen, raised, told and ended. */
export function openAfterReport(parts: {
  readonly record: RecordClient;
  readonly archive: ArchiveClient;
  readonly sync: RecordSync;
  readonly studies: StudyBook;
  readonly book: CaseBook;
  readonly reports: ReportBook;
  readonly signed: SignedStore;
  readonly events: EventBook;
  readonly sites: SiteBook;
  readonly accounts: Accounts;
  readonly rights: ReadingRights;
  readonly duties: Duties;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<MatterResource>) => void;
  readonly onCase: (taskId: string) => void;
}): { readonly afterReport: AfterReportRoom; nudge(): void; stop(): Promise<void> } {
  const { book, events, ports, sync } = parts;
  const items = createAfterReportBook(sync);
  const matters = createMatters(parts.record, parts.onTask);
  const watch = createAfterReportWatch({ ...parts, items, matters, images: createImagesRoom(parts) });

  /** Items whose case is not known here yet: their events are written when it is. */
  const untold = new Map<string, Parameters<typeof afterReportEvents>[1]>();
  const write = async (changed: Iterable<Parameters<typeof afterReportEvents>[1]>): Promise<void> => {
    const found = [...changed].flatMap((item) => {
      const facts = book.facts(item.taskId);
      if (facts === null) untold.set(item.id, item);
      else untold.delete(item.id);
      return facts === null ? [] : afterReportEvents(facts, item).filter((event) => !events.has(event));
    });
    if (found.length > 0 && !(await events.write(found)))
      ports.log.error('images after a report have no event yet', { count: found.length });
  };
  const writing = (changed: Iterable<Parameters<typeof afterReportEvents>[1]>): void =>
    void write(changed).catch(() => ports.log.error('events of images after a report failed', {}));
  items.onChange((changed) => {
    writing(changed);
    for (const taskId of new Set(changed.map((one) => one.taskId))) parts.onCase(taskId);
  });
  const loop = startLoop(
    'images after report',
    () => roundEvery,
    async () => {
      if (!sync.complete) return;
      if (untold.size > 0) await write([...untold.values()]);
      await watch.round();
    },
    ports,
  );
  return {
    afterReport: createAfterReportRoom({ ...parts, items, matters }),
    nudge: loop.nudge,
    stop: () => loop.stop(),
  };
}
