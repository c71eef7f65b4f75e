import { useEffect, useRef } from 'react';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { WorklistFeed, WorklistFeedState } from './feed.ts';

/** Rows that the next start shows at once: more than the largest screen holds. */
const kept = 200;
/** Milliseconds in which changes are gathered: a busy night must not write to the disk with every row. */
const gatherFor = 2_000;

/** Tells the feed what stands on top of the whole list. `whole` is false while a filter or another sort is chosen. */
export function useKeptTop(
  feed: WorklistFeed,
  order: readonly TaskId[],
  state: WorklistFeedState,
  whole: boolean,
): void {
  const { rows, version, standing } = state;
  const newest = useRef({ order, rows });
  newest.current = { order, rows };
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const shown = whole && standing.kind === 'live';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says that the rows are others, in the same map.
  useEffect(() => {
    if (!shown || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      const top = newest.current.order.slice(0, kept);
      feed.noteTop(top.flatMap((id) => newest.current.rows.get(id) ?? []));
    }, gatherFor);
  }, [feed, order, version, shown]);
  useEffect(() => {
    if (shown) return;
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  }, [shown]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}
