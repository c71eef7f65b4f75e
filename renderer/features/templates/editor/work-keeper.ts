import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Written } from '../../../../shared/domain/template/index.ts';
import type { HostClient } from '../../../host/index.ts';

/** untouched: nothing written here · keeping: on its way · kept: on the host's disk · not-kept: tried again until it is · stale: another window has newer words. */
export type WorkStanding = {
  readonly standing: 'untouched' | 'keeping' | 'kept' | 'not-kept' | 'stale';
  readonly words: string | null;
};

export type WorkKeeper = {
  readonly state: StoreApi<WorkStanding>;
  put(written: Written): void;
  /** Sends what is not sent and waits; true when the host has all of it. */
  flush(): Promise<boolean>;
  /** Saved or discarded: the host lets the words go. */
  end(): Promise<boolean>;
};

export type WorkClock = {
  /** Runs once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, run: () => void): () => void;
};

export const pageClock: WorkClock = {
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Milliseconds: words go a moment after they were typed, and again after a failure. */
const pause = 400;
const retry = 2_000;

/** Keeps what is written at the host while it is written, as drafts are: at most one attempt is under way, the newest words follow it. */
export function createWorkKeeper(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly key: string;
  /** Of what the host has; 0 for nothing. */
  readonly revision: number;
  readonly clock: WorkClock;
}): WorkKeeper {
  const { host, key, clock } = parts;
  const state = createStore<WorkStanding>(() => ({ standing: 'untouched', words: null }));
  let revision = parts.revision;
  let latest: Written | null = null;
  let kept: Written | null = null;
  let calledOff: () => void = () => undefined;
  let running: Promise<void> | null = null;

  const send = async (): Promise<void> => {
    calledOff();
    const sent = latest;
    if (sent === null || sent === kept || state.getState().standing === 'stale') return;
    revision += 1;
    const answered = await host.call('keepTemplateWork', { input: { key, revision, written: sent } });
    if (answered.ok) {
      kept = sent;
      state.setState(latest === sent ? { standing: 'kept', words: null } : { standing: 'keeping', words: null }, true);
      if (latest !== sent) calledOff = clock.after(pause, go);
      return;
    }
    if (answered.error.code === 'stale-draft') {
      state.setState({ standing: 'stale', words: answered.error.message }, true);
      return;
    }
    state.setState({ standing: 'not-kept', words: answered.error.message }, true);
    calledOff = clock.after(retry, go);
  };
  const go = (): Promise<void> => {
    running = (running ?? Promise.resolve()).then(send);
    return running;
  };

  return {
    state,
    put: (written) => {
      if (written === latest || state.getState().standing === 'stale') return;
      latest = written;
      if (state.getState().standing !== 'not-kept') state.setState({ standing: 'keeping', words: null }, true);
      calledOff();
      calledOff = clock.after(pause, go);
    },
    flush: async () => {
      await go();
      return latest === kept;
    },
    end: async () => {
      calledOff();
      await running;
      if (state.getState().standing === 'stale') return true;
      if (revision === 0) return true;
      revision += 1;
      const answered = await host.call('keepTemplateWork', { input: { key, revision, written: null } });
      latest = null;
      kept = null;
      state.setState({ standing: 'untouched', words: null }, true);
      return answered.ok;
    },
  };
}
