import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Mirror, QueuedCommand } from './types.ts';

/** A press that the record does not have yet. */
export type UnsentPress<Press> = {
  readonly id: string;
  readonly taskId: string;
  readonly press: Press;
  readonly queuedAt: number;
  /** What came back at the last try; null before the first. */
  readonly why: string | null;
  /** True where another try would be refused as well: it waits for its author to take it back. */
  readonly refused: boolean;
};

/** What the host said to a press: taken, refused for good, or not now. */
export type PressAnswer = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'not-now'; readonly why: string };

/** `waiting`: kept on this machine, and sent when the host answers · `not-kept`: neither here nor there, the words stay in the form. */
export type Sending =
  | { readonly kind: 'sent' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused' | 'not-kept'; readonly why: string };

export type PressOutbox<Press> = {
  /** Oldest first. */
  readonly state: StoreApi<readonly UnsentPress<Press>[]>;
  send(taskId: string, press: Press): Promise<Sending>;
  /** The author takes back what was not sent. */
  discard(id: string): Promise<void>;
  /** Tries all that wait now: the host is back. */
  tryAgain(): void;
  stop(): void;
};

/** Between two tries, in milliseconds. */
const tryEvery = 5_000;

/**
 * What somebody pressed and the host has not taken: in the sealed store of this machine before it is sent, and out of it when the host has
 * it. A repeat has the same id. How long ago it was done is said anew at each try, so that a press of an hour offline has its true time and
 * the page's clock its error none.
 */
export function createPressOutbox<Press>(parts: {
  readonly mirror: Mirror | null;
  readonly now: () => number;
  /** The id of a press, the matter that it is about - presses of one matter keep their order - and the call that takes it. */
  readonly idOf: (press: Press) => string;
  readonly matterOf: (press: Press) => string;
  readonly nameOf: (press: Press) => string;
  /** The press that a command of the store holds; null where it is none of these. */
  readonly pressFrom: (queued: QueuedCommand) => Press | null;
  /** Asks the host. `waited`: milliseconds since the press. */
  readonly ask: (taskId: string, press: Press, waited: number) => Promise<PressAnswer>;
}): PressOutbox<Press> {
  type Unsent = UnsentPress<Press>;
  const { mirror, idOf, matterOf } = parts;
  const state = createStore<readonly Unsent[]>(() => []);
  const put = (change: (before: readonly Unsent[]) => readonly Unsent[]): void =>
    state.setState(change(state.getState()), true);
  const drop = (id: string): void => put((before) => before.filter((one) => one.id !== id));
  let stopped = false;
  let trying: Promise<void> | null = null;

  const attempt = async (one: Unsent): Promise<Sending> => {
    const answered = await parts.ask(one.taskId, one.press, Math.max(0, parts.now() - one.queuedAt));
    if (answered.kind === 'taken') {
      // Should this fail, it is sent again some time and the host knows it.
      await mirror?.forgetCommand(one.id);
      drop(one.id);
      return { kind: 'sent' };
    }
    const { why } = answered;
    const refused = answered.kind === 'refused';
    put((before) => before.map((other) => (other.id === one.id ? { ...other, why, refused } : other)));
    return refused ? { kind: 'refused', why } : { kind: 'waiting' };
  };

  const tryAll = async (): Promise<void> => {
    // Of one matter in the order of the presses; another one does not wait for it.
    const held = new Set<string>();
    for (const one of state.getState()) {
      if (stopped) return;
      if (one.refused || held.has(matterOf(one.press))) continue;
      if ((await attempt(one)).kind === 'waiting') held.add(matterOf(one.press));
    }
  };
  const tryAgain = (): void => {
    if (stopped || state.getState().every((one) => one.refused)) return;
    trying ??= tryAll().finally(() => {
      trying = null;
    });
  };

  const unsentFrom = (queued: QueuedCommand): Unsent | null => {
    const press = parts.pressFrom(queued);
    const { id, taskId, queuedAt } = queued;
    return press === null ? null : { id, taskId, press, queuedAt, why: null, refused: false };
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
      const one: Unsent = { id, taskId, press, queuedAt, why: null, refused: false };
      const kept = await mirror?.queueCommand({ id, name: parts.nameOf(press), taskId, body: press, queuedAt });
      put((before) => [...before.filter((other) => other.id !== id), one]);
      await trying;
      const waits = state
        .getState()
        .some((other) => other.id !== id && !other.refused && matterOf(other.press) === matterOf(press));
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
