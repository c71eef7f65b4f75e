import { createStore } from 'zustand/vanilla';
import type { CallOutput, WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Mirror } from '../data/index.ts';
import type { WorklistFeed, WorklistFeedState } from '../features/worklist/index.ts';
import type { HostClient, Link } from '../host/index.ts';
import { createRecentChanges } from './recent-changes.ts';

export type WorklistSync = WorklistFeed & {
  /** Rows of the mirror at once, then the host's. */
  start(): Promise<void>;
  noteChanged(version: number): void;
  noteLink(link: Link): void;
  stop(): void;
};

/** Asked even when no event came: an event may be lost, and a list that is wrong in silence is worse than one that is late. */
const askEvery = 60_000;

/** After the next frame is on the screen; a window that draws none (hidden, or a test) waits a moment. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    if (typeof requestAnimationFrame !== 'function') return;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        clearTimeout(timer);
        resolve();
      };
      channel.port2.postMessage(null);
    });
  });
}

/** Keeps the list in step with the host by its changes, and the mirror in step with the list. */
export function createWorklistSync(options: {
  readonly host: HostClient;
  readonly mirror: Mirror | null;
  readonly now: () => number;
  /** Something about the mirror that the user should know; the list itself goes on. */
  readonly onMirrorTrouble: (words: string) => void;
}): WorklistSync {
  const { host, mirror, now } = options;
  const state = createStore<WorklistFeedState>(() => ({
    rows: new Map(),
    version: 0,
    asOf: null,
    standing: { kind: 'loading' },
  }));
  const stopped = new AbortController();
  let since: number | null = null;
  /** The host has given its list: what the mirror holds is older. */
  let answered = false;
  let asking: Promise<void> | null = null;
  let askAgain = false;
  let timer: ReturnType<typeof setInterval> | null = null;
  let keptTop: readonly WorklistRow[] = [];

  /** The rows on screen: changed in place, since a copy of 100,000 for each change is dearer than the change. */
  let rows = new Map<TaskId, WorklistRow>();
  const recent = createRecentChanges();

  const show = (shown: Map<TaskId, WorklistRow>, more: Pick<WorklistFeedState, 'asOf' | 'standing'>): void => {
    rows = shown;
    const version = state.getState().version + 1;
    recent.startAt(version);
    state.setState({ rows, version, ...more });
  };

  const take = (delta: CallOutput<'worklist'>): void => {
    answered = true;
    if (delta.full) {
      const { asOf } = delta;
      show(new Map(delta.rows.map((row) => [row.taskId, row])), { asOf, standing: { kind: 'live' } });
      return;
    }
    for (const taskId of delta.removed) rows.delete(taskId);
    for (const row of delta.rows) rows.set(row.taskId, row);
    const ids = [...delta.removed, ...delta.rows.map((row) => row.taskId)];
    const before = state.getState();
    const version = ids.length > 0 ? before.version + 1 : before.version;
    if (ids.length > 0) recent.note(version, ids);
    state.setState({ version, asOf: delta.asOf, standing: { kind: 'live' } });
  };

  const offlineSince = (): number => {
    const { standing } = state.getState();
    return standing.kind === 'offline' ? standing.since : now();
  };

  async function askOnce(): Promise<void> {
    const answer = await host.call('worklist', { input: since === null ? {} : { since }, signal: stopped.signal });
    if (stopped.signal.aborted) return;
    if (!answer.ok) {
      const { error } = answer;
      state.setState({
        standing:
          error.from === 'page'
            ? { kind: 'offline', since: offlineSince() }
            : { kind: 'failed', message: error.message },
      });
      return;
    }
    const delta = answer.value;
    if (!delta.full && since !== null && delta.version < since) {
      // Another count than the one that we hold: a host that started anew. Its whole list is asked for.
      since = null;
      askAgain = true;
      return;
    }
    since = delta.version;
    take(delta);
    const kept = await mirror?.applyWorklist(delta);
    if (kept !== undefined && !kept.ok) options.onMirrorTrouble(kept.error.message);
  }

  function ask(): void {
    if (stopped.signal.aborted) return;
    if (asking !== null) {
      askAgain = true;
      return;
    }
    asking = askOnce().finally(() => {
      asking = null;
      if (askAgain) {
        askAgain = false;
        ask();
      }
    });
  }

  return {
    state,
    changedSince: recent.since,
    noteTop: (top) => {
      if (mirror === null || (top.length === keptTop.length && top.every((row, place) => row === keptTop[place])))
        return;
      keptTop = top;
      void mirror.keepTop(top, rows.size).then((kept) => {
        if (!kept.ok) keptTop = [];
      });
    },
    refresh: ask,
    start: async () => {
      const top = await mirror?.readTop();
      if (stopped.signal.aborted) return;
      if (top?.ok === true && top.value !== null && top.value.rows.length < top.value.total) {
        const { rows: first, total, asOf } = top.value;
        show(new Map(first.map((row) => [row.taskId, row])), { asOf, standing: { kind: 'opening', total } });
        // The first rows are painted before the thread is taken by the rest.
        await painted();
      }
      const mirrored = await mirror?.readWorklist();
      if (stopped.signal.aborted) return;
      if (!answered) {
        const { standing } = state.getState();
        const heard = standing.kind === 'offline' || standing.kind === 'failed';
        if (mirrored?.ok === true && mirrored.value !== null) {
          const { asOf } = mirrored.value;
          show(new Map(mirrored.value.rows), { asOf, standing: heard ? standing : { kind: 'stale' } });
          // The pages did not open: a part of the list must not stand for the whole.
        } else if (rows.size > 0) show(new Map(), { asOf: null, standing: heard ? standing : { kind: 'loading' } });
      }
      ask();
      timer = setInterval(ask, askEvery);
    },
    noteChanged: (version) => {
      if (since === null || version !== since) ask();
    },
    noteLink: (link) => {
      if (link === 'live') ask();
      else if (state.getState().standing.kind === 'live')
        state.setState({ standing: { kind: 'offline', since: now() } });
    },
    stop: () => {
      stopped.abort();
      if (timer !== null) clearInterval(timer);
    },
  };
}
