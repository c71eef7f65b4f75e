import { createStore, type StoreApi } from 'zustand/vanilla';
import { type FitReader, patientKey, type TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseStore } from '../case/index.ts';

export type JustRead = {
  /** What the rank knows of the reader. A new value only when it says something else: the list is sorted anew by it. */
  readonly state: StoreApi<FitReader>;
  /** The studies themselves, the latest first, for the host’s own ranking. */
  tasks(): readonly TaskId[];
  stop(): void;
};

/** Patients that are still in the reader's head. */
const remembered = 3;

/** Remembers, in memory alone, whose studies were opened to be read last, so that the same patient's other exam comes next. */
export function createJustRead(caseStore: CaseStore): JustRead {
  const state = createStore<FitReader>(() => ({ subspecialties: [], justRead: new Set<string>() }));
  let last: readonly string[] = [];
  let tasks: readonly TaskId[] = [];
  const stop = caseStore.state.subscribe((now) => {
    if (now.kind !== 'open' || now.detail.mode !== 'read') return;
    const { taskId } = now.detail.context;
    tasks = [taskId, ...tasks.filter((one) => one !== taskId)].slice(0, remembered);
    const key = patientKey(now.detail.row.patient);
    if (key === null || last[0] === key) return;
    last = [key, ...last.filter((one) => one !== key)].slice(0, remembered);
    state.setState({ justRead: new Set(last) });
  });
  return { state, tasks: () => tasks, stop };
}
