import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallInput } from '../../../shared/api/index.ts';
import type { CriticalMove } from '../../../shared/domain/critical/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { Mirror, QueuedCommand } from '../../data/index.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';

type StartInput = Omit<CallInput<'startCritical'>, 'ago'>;
type Without<Move, Keys extends PropertyKey> = Move extends unknown ? Omit<Move, Keys> : never;
/** A move as it is pressed: who it is by says the session, and how long ago the time at which it is sent. */
export type PressedMove = Without<CriticalMove, 'by' | 'ago'> & {
  /** Milliseconds before the press at which it was done. */
  readonly before: number;
};

/** One press: that one was begun, or what was done about it. */
export type CriticalPress =
  | { readonly name: 'startCritical'; readonly resultId: string; readonly start: StartInput }
  | { readonly name: 'moveCritical'; readonly resultId: string; readonly move: PressedMove };

/** A press that the record does not have yet. */
export type UnsentPress = {
  readonly id: string;
  readonly taskId: string;
  readonly press: CriticalPress;
  readonly queuedAt: number;
  /** What came back at the last try; null before the first. */
  readonly why: string | null;
  /** True where another try would be refused as well: it waits for its author to take it back. */
  readonly refused: boolean;
};

/** `waiting`: kept on this machine, and sent when the host answers · `not-kept`: neither here nor there, the words stay in the form. */
export type Sending =
  | { readonly kind: 'sent' | 'waiting' }
  | { readonly kind: 'refused' | 'not-kept'; readonly why: string };

export type CriticalOutbox = {
  /** Oldest first. */
  readonly state: StoreApi<readonly UnsentPress[]>;
  send(taskId: TaskId, press: CriticalPress): Promise<Sending>;
  /** The author takes back what was not sent. */
  discard(id: string): Promise<void>;
  /** Tries all that wait now: the host is back. */
  tryAgain(): void;
  stop(): void;
};

/** Between two tries, in milliseconds. */
const tryEvery = 5_000;
/** Answers after which the same press would be refused again; all others may be a matter of time. */
const final: ReadonlySet<CallFailure['code']> = new Set(['bad-request', 'forbidden', 'too-large', 'not-a-legal-move']);

const idOf = (press: CriticalPress): string => (press.name === 'startCritical' ? press.start.id : press.move.id);

function unsentFrom(queued: QueuedCommand): UnsentPress | null {
  if (queued.name !== 'startCritical' && queued.name !== 'moveCritical') return null;
  const { id, taskId, queuedAt } = queued;
  return { id, taskId, press: queued.body as CriticalPress, queuedAt, why: null, refused: false };
}

/**
 * What a reader did about critical results and the host has not taken: in the sealed store of this machine before it is sent, and out of it
 * when the host has it. A repeat has the same id. How long ago it was done is said anew at each try, so that an attempt of an hour offline
 * has its true time and her clock's error none.
 */
export function createCriticalOutbox(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly now: () => number;
}): CriticalOutbox {
  const { host, mirror } = parts;
  const state = createStore<readonly UnsentPress[]>(() => []);
  const put = (change: (before: readonly UnsentPress[]) => readonly UnsentPress[]): void =>
    state.setState(change(state.getState()), true);
  const drop = (id: string): void => put((before) => before.filter((one) => one.id !== id));
  let stopped = false;
  let trying: Promise<void> | null = null;

  const ask = ({ taskId, press, queuedAt }: UnsentPress) => {
    const waited = Math.max(0, parts.now() - queuedAt);
    const params = { taskId: taskId as TaskId };
    if (press.name === 'startCritical')
      return host.call('startCritical', { params, input: { ...press.start, ago: Math.round(waited) } });
    const { before, ...move } = press.move;
    const input = { resultId: press.resultId, move: { ...move, ago: Math.round(before + waited) } };
    return host.call('moveCritical', { params, input: input as CallInput<'moveCritical'> });
  };
  const attempt = async (one: UnsentPress): Promise<Sending> => {
    const answered = await ask(one);
    if (answered.ok) {
      // Should this fail, it is sent again some time and the host knows it.
      await mirror?.forgetCommand(one.id);
      drop(one.id);
      return { kind: 'sent' };
    }
    const refused = answered.error.from === 'host' && final.has(answered.error.code);
    const why = answered.error.message;
    put((before) => before.map((other) => (other.id === one.id ? { ...other, why, refused } : other)));
    return refused ? { kind: 'refused', why } : { kind: 'waiting' };
  };

  const tryAll = async (): Promise<void> => {
    // Of one critical result in the order of the presses; another one does not wait for it.
    const held = new Set<string>();
    for (const one of state.getState()) {
      if (stopped) return;
      if (one.refused || held.has(one.press.resultId)) continue;
      if ((await attempt(one)).kind === 'waiting') held.add(one.press.resultId);
    }
  };
  const tryAgain = (): void => {
    if (stopped || state.getState().every((one) => one.refused)) return;
    trying ??= tryAll().finally(() => {
      trying = null;
    });
  };

  /** What this machine keeps, also from another window or from before a restart. */
  const load = async (): Promise<void> => {
    const listed = await mirror?.listCommands();
    if (listed?.ok !== true || stopped) return;
    const known = new Map(state.getState().map((one) => [one.id, one]));
    const kept = listed.value.flatMap((queued) => unsentFrom(queued) ?? []).map((one) => known.get(one.id) ?? one);
    put(() => kept);
  };
  const stopHearing = mirror?.subscribe((change) => {
    if (change.kind === 'commands') void load();
  });
  void load().then(tryAgain);
  const timer = setInterval(tryAgain, tryEvery);

  return {
    state,
    send: async (taskId, press) => {
      const queuedAt = parts.now();
      const id = idOf(press);
      const one: UnsentPress = { id, taskId, press, queuedAt, why: null, refused: false };
      const kept = await mirror?.queueCommand({ id, name: press.name, taskId, body: press, queuedAt });
      put((before) => [...before.filter((other) => other.id !== id), one]);
      await trying;
      const waits = state
        .getState()
        .some((other) => other.id !== id && !other.refused && other.press.resultId === press.resultId);
      let sent: Sending = { kind: 'waiting' };
      if (!waits) {
        const mine = attempt(one);
        trying = mine
          .then(() => undefined)
          .finally(() => {
            trying = null;
          });
        sent = await mine;
      }
      switch (sent.kind) {
        case 'sent':
          return sent;
        case 'waiting':
          if (kept?.ok === true) return sent;
          drop(id);
          return { kind: 'not-kept', why: 'Neither the host nor this machine’s store has taken it.' };
        default:
          await mirror?.forgetCommand(id);
          drop(id);
          return sent;
      }
    },
    discard: async (id) => {
      await mirror?.forgetCommand(id);
      drop(id);
    },
    tryAgain,
    stop: () => {
      stopped = true;
      clearInterval(timer);
      stopHearing?.();
    },
  };
}
