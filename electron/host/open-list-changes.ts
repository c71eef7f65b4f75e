import { gatherFor } from './paces.ts';
import type { CaseBook } from './reading/case-book.ts';
import type { LinkIndex } from './reading/link-index.ts';
import { createWorklistChanges, type WorklistChanges } from './reading/worklist-changes.ts';
import type { EventHub } from './routes/event-stream.ts';

type Row = ReturnType<CaseBook['row']>;

/** The numbered changes of the list, and the telling of them to every page. */
export type ListChanges = {
  /** As asked by a page: what is being gathered is counted first. */
  readonly changes: WorklistChanges;
  /** Something of the book may differ. The list is compared once for all changes that come together. */
  refresh(): void;
  stop(): void;
};

export function openListChanges(parts: {
  readonly book: CaseBook;
  readonly hub: EventHub;
  readonly links: LinkIndex;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  /** The row with what its case and its site wait for from each other. */
  readonly withMatters: (row: Row) => Row;
}): ListChanges {
  const { book, hub } = parts;
  const changes = createWorklistChanges(parts.startedAt);
  const takeChanges = book.follow();
  let gathering: NodeJS.Timeout | null = null;
  const tell = (): void => {
    gathering = null;
    const changed = [...parts.links.around(takeChanges().tasks)].map((id) => ({ id, facts: book.facts(id) }));
    const shown = changed.flatMap(({ facts }) => (facts === null || facts.task.state === 'cancelled' ? [] : [facts]));
    const listed = new Set<string>(shown.map((facts) => facts.task.id));
    const version = changes.take(
      shown.map((facts) => parts.links.withLinked(parts.withMatters(book.row(facts)))),
      changed.flatMap(({ id }) => (listed.has(id) ? [] : [id])),
    );
    if (version !== null) hub.publish({ type: 'worklist-changed', version });
  };
  const stop = (): void => {
    if (gathering !== null) clearTimeout(gathering);
  };
  return {
    changes: {
      ...changes,
      since: (version) => {
        if (gathering !== null) {
          clearTimeout(gathering);
          tell();
        }
        return changes.since(version);
      },
    },
    refresh: () => {
      gathering ??= setTimeout(tell, gatherFor).unref();
    },
    stop,
  };
}
