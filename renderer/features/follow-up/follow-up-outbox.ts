import type { CallInput, FollowUpMoveInput } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { createPressOutbox, type Mirror, type PressOutbox } from '../../data/index.ts';
import { answerOf, type HostClient } from '../../host/index.ts';

type Without<Move, Keys extends PropertyKey> = Move extends unknown ? Omit<Move, Keys> : never;
/** A move as it is pressed: how long ago follows from the time at which it is sent. */
export type PressedMove = Without<FollowUpMoveInput, 'ago'>;

/** One press: that one was confirmed, or what became of it. */
export type FollowUpPress =
  | {
      readonly name: 'startFollowUp';
      readonly followUpId: string;
      readonly start: Omit<CallInput<'startFollowUp'>, 'ago'>;
    }
  | { readonly name: 'moveFollowUp'; readonly followUpId: string; readonly move: PressedMove };
export type FollowUpOutbox = PressOutbox<FollowUpPress>;

/** What a reader did about recommended exams and the host has not taken. */
export function createFollowUpOutbox(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly now: () => number;
}): FollowUpOutbox {
  const { host, mirror, now } = parts;
  return createPressOutbox<FollowUpPress>({
    mirror,
    now,
    idOf: (press) => (press.name === 'startFollowUp' ? press.start.id : press.move.id),
    matterOf: (press) => press.followUpId,
    nameOf: (press) => press.name,
    pressFrom: ({ name, body }) =>
      name === 'startFollowUp' || name === 'moveFollowUp' ? (body as FollowUpPress) : null,
    ask: async (task, press, waited) => {
      const params = { taskId: task as TaskId };
      const ago = Math.round(waited);
      if (press.name === 'startFollowUp')
        return answerOf(await host.call('startFollowUp', { params, input: { ...press.start, ago } }));
      const input = { followUpId: press.followUpId, move: { ...press.move, ago } };
      return answerOf(await host.call('moveFollowUp', { params, input: input as CallInput<'moveFollowUp'> }));
    },
  });
}
