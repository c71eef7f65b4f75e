import { type Party, parties } from '../../../shared/domain/message/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { createPressOutbox, type Mirror, type PressOutbox, type QueuedCommand } from '../../data/index.ts';
import { answerOf, type HostClient } from '../../host/index.ts';

/** A message as it is sent. */
export type WrittenMessage = {
  /** Made once for each press: the host knows a repeat by it. */
  readonly id: string;
  readonly to: Party;
  readonly words: string;
};
export type MessageOutbox = PressOutbox<WrittenMessage>;

const command = 'sendMessage';

function writtenFrom({ id, name, body }: QueuedCommand): WrittenMessage | null {
  const { to, words } = (body ?? {}) as { readonly to?: unknown; readonly words?: unknown };
  const party = parties.find((one) => one === to);
  return name !== command || party === undefined || typeof words !== 'string' ? null : { id, to: party, words };
}

/** What a reader wrote and the host has not taken. Messages keep their order, whatever the case that they are about. */
export function createMessageOutbox(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly now: () => number;
}): MessageOutbox {
  const { host, mirror, now } = parts;
  return createPressOutbox<WrittenMessage>({
    mirror,
    now,
    idOf: ({ id }) => id,
    matterOf: () => command,
    nameOf: () => command,
    pressFrom: writtenFrom,
    ask: async (task, { id, to, words }) =>
      answerOf(await host.call(command, { params: { taskId: task as TaskId }, input: { commandId: id, to, words } })),
  });
}
