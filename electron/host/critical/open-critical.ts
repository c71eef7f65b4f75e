import type { CriticalResult, OnDuty } from '../../../shared/domain/critical/index.ts';
import type { Duties } from '../duties/duties.ts';
import type { Accounts } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { createMatters, type MatterResource } from '../site-desk/matters.ts';
import type { CriticalBook } from './critical-book.ts';
import { criticalEvents } from './critical-events.ts';
import { type CriticalRoom, createCriticalRoom } from './critical-room.ts';
import { escalateCriticals } from './critical-watch.ts';

/** Milliseconds between two looks: an escalation is seen within the second in which it is due. */
const lookEvery = 1_000;

/** Critical results: begun, told, taken on by time and closed, each step in the record. */
export function openCritical(parts: {
  readonly record: RecordClient;
  readonly results: CriticalBook;
  readonly book: CaseBook;
  readonly events: EventBook;
  readonly sites: SiteBook;
  readonly accounts: Pick<Accounts, 'list'>;
  readonly rights: Pick<ReadingRights, 'shift'>;
  readonly duties: Duties;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<MatterResource>) => void;
  readonly onCase: (taskId: string) => void;
}): { readonly critical: CriticalRoom; nudge(): void; stop(): Promise<void> } {
  const { book, events, ports, results } = parts;
  const people = async (): Promise<readonly OnDuty[]> =>
    (await parts.accounts.list()).flatMap((reader): readonly OnDuty[] => {
      const { id, name, role } = reader;
      return role === 'radiologist' || role === 'lead'
        ? [{ id, name, role, shift: parts.rights.shift(reader).kind }]
        : [];
    });

  /** Those whose case is not known here yet, or whose events did not get into the journal: they are written when they can. */
  const untold = new Map<string, CriticalResult>();
  const tell = async (changed: readonly CriticalResult[]): Promise<void> => {
    for (const result of changed) {
      const facts = book.facts(result.taskId);
      const found = facts === null ? [] : criticalEvents(facts, result).filter((event) => !events.has(event));
      if (facts !== null && (found.length === 0 || (await events.write(found)))) untold.delete(result.id);
      else untold.set(result.id, result);
    }
  };
  results.onChange((changed) => {
    void tell(changed).catch(() => ports.log.error('events of critical results failed', {}));
    for (const taskId of new Set(changed.map((one) => one.taskId))) parts.onCase(taskId);
  });
  const loop = startLoop(
    'critical results',
    () => lookEvery,
    async () => {
      if (untold.size > 0) await tell([...untold.values()]);
      await escalateCriticals({ ...parts, people });
    },
    ports,
  );
  return {
    critical: createCriticalRoom({ ...parts, people, matters: createMatters(parts.record, parts.onTask) }),
    nudge: loop.nudge,
    stop: () => loop.stop(),
  };
}
