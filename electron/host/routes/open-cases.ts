/** Which cases each session has open in which epoch, and what is still streaming for them. */
export type OpenCase = {
  readonly token: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly mode: 'look' | 'read';
  readonly studyUid: string | null;
  readonly patientId: string | null;
  /** Study UIDs that this case may show: its own and its priors. */
  readonly studies: Set<string>;
};

export type OpenCases = {
  open(opened: OpenCase): void;
  find(token: string, taskId: string, epoch: number): OpenCase | null;
  /** Lets an open case show these studies too; false where it is not open any more. */
  admit(token: string, taskId: string, epoch: number, studyUids: readonly string[]): boolean;
  /** In every window that has the case open, the study is asked for in vain from now on. What the case is itself stays. */
  dismiss(taskId: string, studyUid: string): void;
  /** The case that was opened last among those that show the study. */
  withStudy(studyUid: string): OpenCase | null;
  /** Studies that any open case may show. */
  shown(): ReadonlyMap<string, readonly string[]>;
  /** Requests that stream to pages now. */
  streaming(): number;
  /** Ends everything upstream for that epoch and older ones of the task. */
  close(token: string, taskId: string, epoch: number): void;
  endSession(token: string): void;
  endAll(): void;
  /** Ties a running request to its case; the returned function unties it. */
  hold(opened: OpenCase, aborter: AbortController): () => void;
};

export function createOpenCases(): OpenCases {
  const opened = new Map<string, OpenCase>();
  const running = new Map<OpenCase, Set<AbortController>>();
  const keyOf = (token: string, taskId: string, epoch: number): string => `${token}|${taskId}|${epoch}`;
  const end = (one: OpenCase): void => {
    opened.delete(keyOf(one.token, one.taskId, one.epoch));
    for (const aborter of running.get(one) ?? []) aborter.abort();
    running.delete(one);
  };
  return {
    open: (one) => {
      // The same epoch opened again is a repeat of the request; what streams for the first goes on under neither.
      const before = opened.get(keyOf(one.token, one.taskId, one.epoch));
      if (before !== undefined) end(before);
      opened.set(keyOf(one.token, one.taskId, one.epoch), one);
    },
    find: (token, taskId, epoch) => opened.get(keyOf(token, taskId, epoch)) ?? null,
    admit: (token, taskId, epoch, studyUids) => {
      const key = keyOf(token, taskId, epoch);
      const before = opened.get(key);
      if (before === undefined) return false;
      // The very same object stays: what streams for it goes on.
      for (const uid of studyUids) before.studies.add(uid);
      return true;
    },
    dismiss: (taskId, studyUid) => {
      for (const one of opened.values())
        if (one.taskId === taskId && one.studyUid !== studyUid) one.studies.delete(studyUid);
    },
    withStudy: (studyUid) => [...opened.values()].findLast((one) => one.studies.has(studyUid)) ?? null,
    shown: () => new Map([...opened.values()].map((one) => [one.taskId, [...one.studies]])),
    streaming: () => [...running.values()].reduce((sum, set) => sum + set.size, 0),
    close: (token, taskId, epoch) => {
      for (const one of [...opened.values()])
        if (one.token === token && one.taskId === taskId && one.epoch <= epoch) end(one);
    },
    endSession: (token) => {
      for (const one of [...opened.values()]) if (one.token === token) end(one);
    },
    endAll: () => {
      for (const one of [...opened.values()]) end(one);
    },
    hold: (one, aborter) => {
      const set = running.get(one) ?? new Set<AbortController>();
      running.set(one, set);
      set.add(aborter);
      // The case was closed between the check and now: nothing may start for it any more.
      if (opened.get(keyOf(one.token, one.taskId, one.epoch)) !== one) aborter.abort();
      return () => {
        set.delete(aborter);
        if (set.size === 0 && running.get(one) === set) running.delete(one);
      };
    },
  };
}
