import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WorklistRow } from '../../shared/api/index.ts';
import { renewEvery, type TaskId } from '../../shared/domain/reading/index.ts';
import type { KeptView } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';
import type { CaretPlace } from './caret-place.ts';

/** A case that another one came before: everything that it needs to come back as it was. In memory alone. */
export type SuspendedCase = {
  readonly taskId: TaskId;
  /** As the list knew it; for words such as "CT head, Larkspur". */
  readonly row: WorklistRow;
  readonly fencingToken: number;
  readonly view: KeptView | null;
  readonly caret: CaretPlace | null;
  /** Why the claim was lost meanwhile; null while it is held. Words are kept either way. */
  readonly lost: string | null;
};

export type Suspended = {
  /** The latest last. */
  readonly state: StoreApi<readonly SuspendedCase[]>;
  suspend(one: Omit<SuspendedCase, 'lost'>): void;
  /** Takes it out: it is opened again, or was given up. */
  take(taskId: TaskId): SuspendedCase | null;
  stop(): void;
};

/** Keeps the claims of suspended cases alive while the reader is at another one, and tells the host of both moments for the clock. */
export function createSuspended(host: Pick<HostClient, 'call'>): Suspended {
  const state = createStore<readonly SuspendedCase[]>(() => []);
  const put = (change: (before: readonly SuspendedCase[]) => readonly SuspendedCase[]): void =>
    state.setState(change(state.getState()), true);
  const renew = async (one: SuspendedCase): Promise<void> => {
    const answered = await host.call('renewClaim', {
      params: { taskId: one.taskId },
      input: { fencingToken: one.fencingToken },
    });
    const { code, message } = answered.ok ? { code: null, message: '' } : answered.error;
    if (code !== 'lease-lapsed' && code !== 'held-by-another') return;
    put((before) => before.map((other) => (other.taskId === one.taskId ? { ...other, lost: message } : other)));
  };
  const timer = setInterval(() => {
    for (const one of state.getState()) if (one.lost === null) void renew(one);
  }, renewEvery / 2);
  const tell = (one: SuspendedCase, suspended: boolean): void => {
    void host.call('suspendStudy', {
      params: { taskId: one.taskId },
      input: { fencingToken: one.fencingToken, suspended },
    });
  };
  return {
    state,
    suspend: (one) => {
      const next = { ...one, lost: null };
      put((before) => [...before.filter((other) => other.taskId !== one.taskId), next]);
      tell(next, true);
      void renew(next);
    },
    take: (taskId) => {
      const found = state.getState().find((one) => one.taskId === taskId) ?? null;
      if (found === null) return null;
      put((before) => before.filter((one) => one.taskId !== taskId));
      if (found.lost === null) tell(found, false);
      return found;
    },
    stop: () => clearInterval(timer),
  };
}
