import type { Failure } from '../../../shared/api/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Journal } from '../journal/types.ts';
import { failure } from '../routes/mount.ts';

/** Drafts in the journal: the second durable copy. Every acknowledged word comes back after a reload, in another window, after a kill. */
export type DraftStore = {
  /** Acknowledges only when it is on disk. A revision that is not above the last one is `stale-draft`, and nothing is overwritten. */
  save(
    draft: Draft,
  ): Promise<Result<{ readonly revision: number; readonly savedAt: Instant; readonly first: boolean }, Failure>>;
  latest(taskId: string, readerId: string): Promise<Draft | null>;
};

/** Milliseconds that a save waits for an earlier one to settle; within the page's own patience. */
const waitForDisk = 1_000;

export function createDraftStore(journal: Journal, signedVersion: (taskId: string) => number): DraftStore {
  const last = new Map<string, Draft | null>();
  const running = new Map<string, Promise<unknown>>();
  /** Drafts of which nobody knows yet whether the journal has them. Nothing is saved over one: it may be another window's words. */
  const unsettled = new Map<string, Promise<void>>();
  const keyOf = (taskId: string, readerId: string): string => `${taskId}|${readerId}`;
  const latest = async (taskId: string, readerId: string): Promise<Draft | null> => {
    const key = keyOf(taskId, readerId);
    const known = last.get(key);
    if (known !== undefined) return known;
    const draft = ((await journal.latest('draft', key))?.body ?? null) as Draft | null;
    last.set(key, draft);
    return draft;
  };
  return {
    latest: async (taskId, readerId) => {
      const draft = await latest(taskId, readerId);
      // A draft on which a signature has been put since is history; the signed version holds its words.
      return draft !== null && draft.baseVersion < signedVersion(taskId) ? null : draft;
    },
    save: async (draft) => {
      const key = keyOf(draft.taskId, draft.readerId);
      // One save of a draft at a time: two that cross would both pass the check of the revision.
      const turn = (running.get(key) ?? Promise.resolve()).then(async () => {
        const doubtful = unsettled.get(key);
        if (doubtful !== undefined) {
          await Promise.race([doubtful, new Promise((resolve) => setTimeout(resolve, waitForDisk).unref())]);
          if (unsettled.has(key))
            return failure(
              'not-known',
              'The disk does not answer: it is not known yet whether your last words were saved.',
            );
        }
        if (draft.baseVersion < signedVersion(draft.taskId))
          return failure(
            'stale-draft',
            'This report has been signed since. Your words stay on this screen; add them as an addendum.',
          );
        const before = await latest(draft.taskId, draft.readerId);
        const follows = before === null || draft.baseVersion > before.baseVersion || draft.revision > before.revision;
        if (!follows)
          return failure('stale-draft', 'Another window has newer words for this report. Load them, then go on.');
        const kept = await journal.append([{ kind: 'draft', key, body: draft }]);
        if (!kept.ok && kept.error.code === 'not-known') {
          unsettled.set(
            key,
            kept.error.settled.then((settlement) => {
              if (settlement.kind === 'kept') last.set(key, draft);
              // Never known: the journal has stopped, and says so to whoever saves next.
              unsettled.delete(key);
            }),
          );
          return failure('not-known', kept.error.message);
        }
        if (!kept.ok) return failure('not-saved', kept.error.message);
        last.set(key, draft);
        return ok({
          revision: draft.revision,
          savedAt: draft.savedAt,
          first: before === null || before.baseVersion !== draft.baseVersion,
        });
      });
      running.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}
