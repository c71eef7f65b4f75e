import { createStore } from 'zustand/vanilla';
import type { CallOutput, WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Mirror } from '../data/index.ts';
import type { WorklistFeed, WorklistFeedState } from '../features/worklist/index.ts';
import type { HostClient, Link } from '../host/index.ts';

export type WorklistSync = WorklistFeed & {
  /** Rows of the mirror at once, then the host's. */
  start(): Promise<void>;
  noteChanged(version: number): void;
  noteLink(link: Link): void;
  stop(): void;
};

/** Asked even when no event came: an event may be lost, and a list that is wrong in silence is worse than one that is late. */
const askEvery = 60_000;

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
  let asking: Promise<void> | null = null;
  let askAgain = false;
  let timer: ReturnType<typeof setInterval> | null = null;

  const take = (delta: CallOutput<'worklist'>): void => {
    const rows = new Map<TaskId, WorklistRow>(delta.full ? [] : state.getState().rows);
    for (const taskId of delta.removed) rows.delete(taskId);
    for (const row of delta.rows) rows.set(row.taskId, row);
    const changed = delta.full || delta.rows.length > 0 || delta.removed.length > 0;
    state.setState((before) => ({
      rows: changed ? rows : before.rows,
      version: changed ? before.version + 1 : before.version,
      asOf: delta.asOf,
      standing: { kind: 'live' },
    }));
  };

  const offlineSince = (): number => {
    const { standing } = state.getState();
    return standing.kind === 'offline' ? standing.since : now();
  };

  async function askOnce(): Promise<void> {
    const answered = await host.call('worklist', { input: since === null ? {} : { since }, signal: stopped.signal });
    if (stopped.signal.aborted) return;
    if (!answered.ok) {
      const { error } = answered;
      state.setState({
        standing:
          error.from === 'page'
            ? { kind: 'offline', since: offlineSince() }
            : { kind: 'failed', message: error.message },
      });
      return;
    }
    const delta = answered.value;
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
    refresh: ask,
    start: async () => {
      const mirrored = await mirror?.readWorklist();
      if (stopped.signal.aborted) return;
      if (mirrored?.ok === true && mirrored.value !== null && state.getState().asOf === null) {
        const { rows, asOf } = mirrored.value;
        state.setState({ rows, version: 1, asOf, standing: { kind: 'stale' } });
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
