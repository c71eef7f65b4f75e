import type { StoreApi } from 'zustand/vanilla';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';

/** How the rows stand to the host: the list itself is always shown, with its age where it is not live. */
export type FeedStanding =
  /** Nothing yet, neither from the mirror nor from the host. */
  | { readonly kind: 'loading' }
  /** The top of the mirror is shown; the rest of it is being opened. */
  | { readonly kind: 'opening'; readonly total: number }
  | { readonly kind: 'live' }
  /** Rows of the mirror, or of before; the host is being asked. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'offline'; readonly since: number }
  /** The host answered, but not with a list. */
  | { readonly kind: 'failed'; readonly message: string };

export type WorklistFeedState = {
  /** Changed in place by a change of the list, another map where the whole list was replaced: `version` tells. */
  readonly rows: ReadonlyMap<TaskId, WorklistRow>;
  /** Grows with each change of `rows`. */
  readonly version: number;
  /** When the host made this list, on the host's clock; null before the first. */
  readonly asOf: number | null;
  readonly standing: FeedStanding;
};

/** Where the worklist takes its rows from; the app keeps it in step with the host and the mirror. */
export type WorklistFeed = {
  readonly state: StoreApi<WorklistFeedState>;
  /** Asks the host again now. */
  refresh(): void;
  /** Tasks that changed, came or went after that version; null where that is not known (any more). */
  changedSince(version: number): ReadonlySet<TaskId> | null;
  /** What stands on top of the whole list: the next start shows it before all else is opened. */
  noteTop(rows: readonly WorklistRow[]): void;
};
