import type { PrefetchView } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { HostClient } from '../host/index.ts';

/** Milliseconds after the opening of a case in which nothing is taken for the next one. */
const leftAlone = 5_000;
/** Milliseconds until a study that could not be remembered is tried again. */
const againAfter = 300_000;

export type RememberAhead = {
  /** What the host has fetched ahead: of that the next studies are remembered, and nothing else. */
  know(view: PrefetchView | null): void;
  /** What is remembered of a case is no longer what its archive tells. */
  forget(taskId: TaskId): void;
  /** This case is being opened: nothing is taken for a while, and of it nothing at all. */
  pause(opening: TaskId): void;
  /** Nobody reads here any more. */
  end(): void;
};

type Current = { readonly taskId: TaskId; readonly studyUid: string };

/** Studies all of whose series are on this machine, next first. */
function nextOf(view: PrefetchView | null): readonly Current[] {
  return (view?.studies ?? [])
    .filter(
      (one) => one.role === 'current' && one.series.length > 0 && one.series.every(({ state }) => state === 'here'),
    )
    .toSorted((one, other) => one.place - other.place)
    .map(({ taskId, studyUid }) => ({ taskId: taskId as TaskId, studyUid }));
}

/**
 * Keeps the descriptions and first images of the next studies in this window's memory, one after the other, while the page has nothing else
 * to do: an opening then has nothing to wait for but the host's word that they still stand.
 */
export function rememberAhead(parts: {
  readonly host: Pick<HostClient, 'call'>;
  /** Takes it, or nothing; resolves when that is done. */
  readonly take: (
    taskId: TaskId,
    allowed: { readonly archive: string; readonly studyUid: string; readonly print: string },
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly keep: (isKept: (taskId: string) => boolean) => void;
  readonly now: () => number;
}): RememberAhead {
  const tried = new Map<TaskId, { readonly at: number; readonly isRemembered: boolean }>();
  let next: readonly Current[] = [];
  let aborter: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle = 0;
  let opened: TaskId | null = null;

  const isDue = ({ taskId }: Current): boolean => {
    if (taskId === opened) return false;
    const before = tried.get(taskId);
    return before === undefined || (!before.isRemembered && parts.now() - before.at > againAfter);
  };
  const stop = (): void => {
    clearTimeout(timer);
    cancelIdleCallback(idle);
    aborter?.abort();
    aborter = null;
  };
  async function takeOne(one: Current): Promise<void> {
    const own = new AbortController();
    aborter = own;
    let isRemembered = false;
    try {
      const answered = await parts.host.call('rememberCase', { params: { taskId: one.taskId }, signal: own.signal });
      const allowed = answered.ok ? answered.value.remembered : undefined;
      if (allowed?.studyUid === one.studyUid && !own.signal.aborted)
        isRemembered = await parts.take(one.taskId, allowed, own.signal);
    } catch {
      // Opened without being remembered it is as before.
    }
    if (aborter !== own) return;
    aborter = null;
    tried.set(one.taskId, { at: parts.now(), isRemembered });
    plan(0);
  }
  function plan(wait: number): void {
    if (aborter !== null) return;
    clearTimeout(timer);
    cancelIdleCallback(idle);
    timer = setTimeout(() => {
      const due = next.find(isDue);
      if (due !== undefined) idle = requestIdleCallback(() => void takeOne(due));
    }, wait);
  }
  return {
    know(view) {
      next = nextOf(view);
      const kept = new Set<string>(next.map(({ taskId }) => taskId));
      parts.keep((taskId) => kept.has(taskId));
      for (const taskId of [...tried.keys()]) if (!kept.has(taskId)) tried.delete(taskId);
      plan(0);
    },
    forget(taskId) {
      parts.keep((one) => one !== taskId);
      tried.delete(taskId);
    },
    pause(opening) {
      opened = opening;
      stop();
      plan(leftAlone);
    },
    end() {
      stop();
      next = [];
      opened = null;
      tried.clear();
      parts.keep(() => false);
    },
  };
}
