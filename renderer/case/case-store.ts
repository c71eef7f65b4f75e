import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CaseDetail, Failure } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type CoverageHolder, createCoverageHolder } from './case-coverage.ts';
import { createMarksHolder, type MarksHolder } from './case-marks.ts';
import type { CaseCommand, CaseEvent } from './command.ts';
import type { Epochs } from './epoch.ts';
import { createPatientsSeen, type PatientsSeen } from './patients-seen.ts';

export type CaseMode = 'look' | 'read';

/** What is on screen. `open` holds the one detail whose epoch is the current one; there is never a second. */
export type CaseState =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly taskId: TaskId; readonly mode: CaseMode; readonly epoch: number }
  | { readonly kind: 'open'; readonly epoch: number; readonly detail: CaseDetail }
  | {
      readonly kind: 'failed';
      readonly taskId: TaskId;
      readonly mode: CaseMode;
      readonly epoch: number;
      readonly failure: Failure;
    };

type Opening = Promise<Result<CaseDetail, Failure | { readonly code: 'left' }>>;

/** What the store asks of the host; the app gives it the host's client. */
export type CasePorts = {
  openCase(taskId: TaskId, mode: CaseMode, epoch: number, signal: AbortSignal): Promise<Result<CaseDetail, Failure>>;
  /** Ends everything upstream for that epoch. Not waited for. */
  closeCase(taskId: TaskId, epoch: number): void;
};

export type CaseStore = {
  readonly state: StoreApi<CaseState>;
  /** Measurements and key images of the case on screen: made by the images, kept with the draft by the report. */
  readonly marks: MarksHolder;
  /** What of the case on screen was shown: for the reader alone. */
  readonly coverage: CoverageHolder;
  /** Whose exams were opened in this window. */
  readonly patientsSeen: PatientsSeen;
  /** Opens a case whose screen is still to come: its `open` of the same case in the same mode has this answer. */
  begin(taskId: TaskId, mode: CaseMode): void;
  /** Opens a case in place of whatever is open. `left` when another opening or a closing overtook it: its answer was dropped. */
  open(taskId: TaskId, mode: CaseMode): Opening;
  close(): void;
  /** Whether an answer that was asked for under this epoch still belongs to the case on screen. */
  isCurrent(epoch: number): boolean;
  /** Ends with the case: every request for it should carry this. Already aborted when that epoch is not on screen. */
  signalOf(epoch: number): AbortSignal;
  /** Changes the open detail (renewed claim, new report version, resolved identity). False, and nothing done, for another epoch. */
  amend(epoch: number, change: (detail: CaseDetail) => CaseDetail): boolean;
  send(command: CaseCommand): void;
  onCommand(listener: (command: CaseCommand, epoch: number) => void): () => void;
  /** False, and heard by nobody, when its epoch is not that of the open case. */
  publish(event: CaseEvent): boolean;
  onEvent(listener: (event: CaseEvent) => void): () => void;
};

const ended = AbortSignal.abort();

/** The only holder of "which case": features read it, and hold no second copy (DESIGN 3, CaseContext). */
export function createCaseStore(options: { readonly epochs: Epochs; readonly ports: CasePorts }): CaseStore {
  const { epochs, ports } = options;
  const state = createStore<CaseState>(() => ({ kind: 'none' }));
  const commandListeners = new Set<(command: CaseCommand, epoch: number) => void>();
  const eventListeners = new Set<(event: CaseEvent) => void>();
  let aborter = new AbortController();
  let begun: {
    readonly taskId: TaskId;
    readonly mode: CaseMode;
    readonly epoch: number | null;
    readonly opening: Opening;
  } | null = null;
  const marks = createMarksHolder();
  const coverage = createCoverageHolder();
  const patientsSeen = createPatientsSeen();

  const currentEpoch = (): number | null => {
    const now = state.getState();
    return now.kind === 'none' ? null : now.epoch;
  };
  const leave = (): void => {
    begun = null;
    aborter.abort();
    aborter = new AbortController();
    marks.begin(null);
    coverage.begin(null);
    const before = state.getState();
    if (before.kind === 'opening' || before.kind === 'failed') ports.closeCase(before.taskId, before.epoch);
    if (before.kind === 'open') ports.closeCase(before.detail.context.taskId, before.epoch);
  };

  const start = async (taskId: TaskId, mode: CaseMode): Opening => {
    leave();
    const epoch = epochs.next();
    marks.begin(epoch);
    coverage.begin(epoch);
    state.setState({ kind: 'opening', taskId, mode, epoch }, true);
    const answered = await ports.openCase(taskId, mode, epoch, aborter.signal);
    if (currentEpoch() !== epoch) return err({ code: 'left' });
    if (!answered.ok) {
      state.setState({ kind: 'failed', taskId, mode, epoch, failure: answered.error }, true);
      return answered;
    }
    const { context } = answered.value;
    // The host may have mixed up two answers: what it says it opened decides, and anything but what was asked is refused.
    if (context.epoch !== epoch || context.taskId !== taskId) {
      const failure: Failure = {
        code: 'stale-case',
        message: 'The host answered with another case than the one asked for. Nothing of it is shown.',
      };
      state.setState({ kind: 'failed', taskId, mode, epoch, failure }, true);
      return err(failure);
    }
    patientsSeen.note(answered.value);
    state.setState({ kind: 'open', epoch, detail: answered.value }, true);
    return ok(answered.value);
  };

  return {
    state,
    marks,
    coverage,
    patientsSeen,
    begin: (taskId, mode) => {
      const opening = start(taskId, mode);
      // Whoever joins it is told; where nobody does, there is nobody to tell.
      opening.catch(() => undefined);
      begun = { taskId, mode, epoch: currentEpoch(), opening };
    },
    open: (taskId, mode) => {
      const before = begun;
      begun = null;
      const isThis = before?.taskId === taskId && before.mode === mode && before.epoch === currentEpoch();
      return isThis ? before.opening : start(taskId, mode);
    },
    close: () => {
      leave();
      state.setState({ kind: 'none' }, true);
    },
    isCurrent: (epoch) => currentEpoch() === epoch,
    signalOf: (epoch) => (currentEpoch() === epoch ? aborter.signal : ended),
    amend: (epoch, change) => {
      const now = state.getState();
      if (now.kind !== 'open' || now.epoch !== epoch) return false;
      const detail = change(now.detail);
      // A change may not turn one case into another: that is what `open` is for.
      if (detail.context.taskId !== now.detail.context.taskId || detail.context.epoch !== epoch) return false;
      state.setState({ kind: 'open', epoch, detail }, true);
      return true;
    },
    send: (command) => {
      const now = state.getState();
      if (now.kind !== 'open') return;
      for (const listener of [...commandListeners]) listener(command, now.epoch);
    },
    onCommand: (listener) => {
      commandListeners.add(listener);
      return () => commandListeners.delete(listener);
    },
    publish: (event) => {
      const now = state.getState();
      if (now.kind !== 'open' || now.epoch !== event.epoch) return false;
      for (const listener of [...eventListeners]) listener(event);
      return true;
    },
    onEvent: (listener) => {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
  };
}
