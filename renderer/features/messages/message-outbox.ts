import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Party, parties } from '../../../shared/domain/message/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { Mirror, QueuedCommand } from '../../data/index.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';

/** A message that the record does not have yet. */
export type UnsentMessage = {
  /** Made once for each press: the host knows a repeat by it. */
  readonly id: string;
  readonly taskId: string;
  readonly to: Party;
  readonly words: string;
  readonly queuedAt: number;
  /** What came back at the last try; null before the first. */
  readonly why: string | null;
  /** True where another try would be refused as well: it waits for its author to take it back. */
  readonly refused: boolean;
};

/** `waiting`: kept on this machine, and sent when the host answers · `not-kept`: neither here nor there, the words stay in the form. */
export type Sending =
  | { readonly kind: 'sent' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused' | 'not-kept'; readonly why: string };

export type MessageOutbox = {
  /** Oldest first. */
  readonly state: StoreApi<readonly UnsentMessage[]>;
  send(one: {
    readonly id: string;
    readonly taskId: TaskId;
    readonly to: Party;
    readonly words: string;
  }): Promise<Sending>;
  /** The author takes back what was not sent. */
  discard(id: string): Promise<void>;
  /** Tries all that wait now: the host is back. */
  tryAgain(): void;
  stop(): void;
};

const command = 'sendMessage';
/** Between two tries, in milliseconds. */
const tryEvery = 5_000;
/** Answers after which the same words would be refused again; all others may be a matter of time. */
const final: ReadonlySet<CallFailure['code']> = new Set(['bad-request', 'forbidden', 'too-large']);

function unsentFrom(queued: QueuedCommand): UnsentMessage | null {
  const { to, words } = (queued.body ?? {}) as { readonly to?: unknown; readonly words?: unknown };
  const party = parties.find((one) => one === to);
  if (queued.name !== command || party === undefined || typeof words !== 'string') return null;
  const { id, taskId, queuedAt } = queued;
  return { id, taskId, to: party, words, queuedAt, why: null, refused: false };
}

/**
 * What a reader wrote and the host has not taken: in the sealed store of this machine before it is sent, and out of it when the host has
 * it. A repeat has the same id, so that a lost answer makes no second message.
 */
export function createMessageOutbox(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly now: () => number;
}): MessageOutbox {
  const { host, mirror } = parts;
  const state = createStore<readonly UnsentMessage[]>(() => []);
  const put = (change: (before: readonly UnsentMessage[]) => readonly UnsentMessage[]): void =>
    state.setState(change(state.getState()), true);
  const drop = (id: string): void => put((before) => before.filter((one) => one.id !== id));
  let stopped = false;
  let trying: Promise<void> | null = null;

  const attempt = async (one: UnsentMessage): Promise<Sending> => {
    const { id, taskId, to, words } = one;
    const answered = await host.call(command, {
      params: { taskId: taskId as TaskId },
      input: { commandId: id, to, words },
    });
    if (answered.ok) {
      // Should this fail, it is sent again some time and the host knows it.
      await mirror?.forgetCommand(id);
      drop(id);
      return { kind: 'sent' };
    }
    const refused = answered.error.from === 'host' && final.has(answered.error.code);
    const why = answered.error.message;
    put((before) => before.map((other) => (other.id === id ? { ...other, why, refused } : other)));
    return refused ? { kind: 'refused', why } : { kind: 'waiting' };
  };

  const tryAll = async (): Promise<void> => {
    for (const one of state.getState()) {
      if (stopped) return;
      // In order of writing: while one waits, those behind it would only arrive before it.
      if (!one.refused && (await attempt(one)).kind === 'waiting') return;
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
    send: async ({ id, taskId, to, words }) => {
      const queuedAt = parts.now();
      const one: UnsentMessage = { id, taskId, to, words, queuedAt, why: null, refused: false };
      const kept = await mirror?.queueCommand({ id, name: command, taskId, body: { to, words }, queuedAt });
      put((before) => [...before.filter((other) => other.id !== id), one]);
      await trying;
      const mine = attempt(one);
      trying = mine
        .then(() => undefined)
        .finally(() => {
          trying = null;
        });
      const sent = await mine;
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
