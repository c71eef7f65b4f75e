import type { CallInput } from '../../../shared/api/index.ts';
import type { CriticalMove } from '../../../shared/domain/critical/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { createPressOutbox, type Mirror, type PressOutbox, type UnsentPress as Unsent } from '../../data/index.ts';
import { answerOf, type HostClient } from '../../host/index.ts';

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
export type UnsentPress = Unsent<CriticalPress>;
export type CriticalOutbox = PressOutbox<CriticalPress>;

/** What a reader did about critical results and the host has not taken. */
export function createCriticalOutbox(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly now: () => number;
}): CriticalOutbox {
  const { host, mirror, now } = parts;
  return createPressOutbox<CriticalPress>({
    mirror,
    now,
    idOf: (press) => (press.name === 'startCritical' ? press.start.id : press.move.id),
    matterOf: (press) => press.resultId,
    nameOf: (press) => press.name,
    pressFrom: ({ name, body }) =>
      name === 'startCritical' || name === 'moveCritical' ? (body as CriticalPress) : null,
    ask: async (task, press, waited) => {
      const params = { taskId: task as TaskId };
      if (press.name === 'startCritical')
        return answerOf(
          await host.call('startCritical', { params, input: { ...press.start, ago: Math.round(waited) } }),
        );
      const { before, ...move } = press.move;
      const input = { resultId: press.resultId, move: { ...move, ago: Math.round(before + waited) } };
      return answerOf(await host.call('moveCritical', { params, input: input as CallInput<'moveCritical'> }));
    },
  });
}
