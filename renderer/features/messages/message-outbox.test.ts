import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, test } from 'vitest';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { type Mirror, openMirror } from '../../data/index.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';
import { createMessageOutbox, type MessageOutbox } from './message-outbox.ts';

const key = btoa('0123456789abcdef0123456789abcdef');
const taskId = 'task-1' as TaskId;
const written = { id: 'c0ffee00-0000-4000-8000-000000000001', to: 'site', words: 'Hold her, please.' } as const;
const later = { ...written, id: 'c0ffee00-0000-4000-8000-000000000002', words: 'She may go.' };
const unreachable: CallFailure = {
  code: 'upstream-unreachable',
  message: 'The group host does not answer.',
  from: 'host',
};

type Store = { readonly indexedDB: IDBFactory; readonly IDBKeyRange: typeof IDBKeyRange };

/** A host that remembers messages by id, as the record does; `failure` is what it answers instead, `lost` takes and answers nothing. */
function hostOf() {
  const taken = new Map<string, string>();
  const asked: string[] = [];
  const standing: { failure: CallFailure | null; lost: boolean } = { failure: null, lost: false };
  const call = async (
    _name: string,
    request: { readonly input: { readonly commandId: string; readonly words: string } },
  ) => {
    asked.push(request.input.commandId);
    if (standing.failure !== null) return err(standing.failure);
    taken.set(request.input.commandId, request.input.words);
    return standing.lost ? err({ ...unreachable, from: 'page' as const }) : ok({ messages: [], to: [], waiting: [] });
  };
  return { taken, asked, standing, host: { call } as unknown as Pick<HostClient, 'call'> };
}

describe('what a reader wrote while nobody answers', () => {
  const open: (MessageOutbox | Mirror)[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) 'stop' in one ? one.stop() : one.close();
  });
  const start = async (store: Store | null, host: Pick<HostClient, 'call'>) => {
    const mirror = store === null ? null : await openMirror({ user: 'ann', key, indexedDb: store });
    const outbox = createMessageOutbox({ host, mirror, now: () => 1_000 });
    if (mirror !== null) open.push(mirror);
    open.push(outbox);
    return { outbox, mirror };
  };
  const freshStore = (): Store => ({ indexedDB: new IDBFactory(), IDBKeyRange });
  const until = async (fits: () => boolean): Promise<void> => {
    for (let round = 0; round < 2_000 && !fits(); round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(fits()).toBe(true);
  };

  test('is kept, said to be not sent, and sent with the same id when the host is back', async () => {
    const { taken, asked, standing, host } = hostOf();
    standing.failure = unreachable;
    const { outbox, mirror } = await start(freshStore(), host);
    expect(await outbox.send(taskId, written)).toEqual({ kind: 'waiting' });
    expect(outbox.state.getState()).toMatchObject([{ press: written, why: unreachable.message, refused: false }]);
    standing.failure = null;
    outbox.tryAgain();
    await until(() => outbox.state.getState().length === 0);
    expect([...taken]).toEqual([[written.id, written.words]]);
    expect(new Set(asked)).toEqual(new Set([written.id]));
    expect(await mirror?.listCommands()).toEqual({ ok: true, value: [] });
  });

  test('survives a restart of the page, and goes out once although the first answer was lost', async () => {
    const store = freshStore();
    const first = hostOf();
    first.standing.lost = true;
    const before = await start(store, first.host);
    expect(await before.outbox.send(taskId, written)).toEqual({ kind: 'waiting' });
    before.outbox.stop();
    before.mirror?.close();
    first.standing.lost = false;
    const after = await start(store, first.host);
    await until(() => first.asked.length >= 2 && after.outbox.state.getState().length === 0);
    expect(first.taken.size).toBe(1);
  });

  test('goes out in the order of writing, whatever the case: a later message waits for an earlier one', async () => {
    const { taken, asked, standing, host } = hostOf();
    standing.failure = unreachable;
    const { outbox } = await start(freshStore(), host);
    await outbox.send(taskId, written);
    standing.failure = null;
    expect(await outbox.send('task-2', later)).toEqual({ kind: 'waiting' });
    expect(asked).not.toContain(later.id);
    outbox.tryAgain();
    await until(() => outbox.state.getState().length === 0);
    expect([...taken.values()]).toEqual([written.words, later.words]);
  });

  test('is refused for good where the host says so: the words stay in the form and nothing is kept', async () => {
    const { standing, host } = hostOf();
    standing.failure = { code: 'forbidden', message: 'You cannot write to them about this study.', from: 'host' };
    const { outbox, mirror } = await start(freshStore(), host);
    expect(await outbox.send(taskId, written)).toEqual({ kind: 'refused', why: standing.failure.message });
    expect(outbox.state.getState()).toEqual([]);
    expect(await mirror?.listCommands()).toEqual({ ok: true, value: [] });
  });

  test('is not said to be kept where this machine has no store', async () => {
    const { standing, host } = hostOf();
    standing.failure = unreachable;
    const { outbox } = await start(null, host);
    expect((await outbox.send(taskId, written)).kind).toBe('not-kept');
    expect(outbox.state.getState()).toEqual([]);
  });

  test('can be taken back by its author before it is sent', async () => {
    const { taken, standing, host } = hostOf();
    standing.failure = unreachable;
    const { outbox, mirror } = await start(freshStore(), host);
    await outbox.send(taskId, written);
    await outbox.discard(written.id);
    standing.failure = null;
    outbox.tryAgain();
    expect([outbox.state.getState(), taken.size]).toEqual([[], 0]);
    expect(await mirror?.listCommands()).toEqual({ ok: true, value: [] });
  });
});
