import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, test } from 'vitest';
import { type CriticalResult, ladderOf, usualLimits } from '../../../shared/domain/critical/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { millis } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { type Mirror, openMirror } from '../../data/index.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';
import { type CriticalOutbox, type CriticalPress, createCriticalOutbox } from './critical-outbox.ts';
import { withUnsent } from './with-unsent.ts';

const key = btoa('0123456789abcdef0123456789abcdef');
const taskId = 'task-1' as TaskId;
const me = { id: 'reader-1', name: 'Dr M. Tandewright' };
const start: CriticalPress = {
  name: 'startCritical',
  resultId: 'critical-1',
  start: { id: 'critical-1', level: 1, finding: 'Tension pneumothorax.', origin: 'key' },
};
const voiceMail: CriticalPress = {
  name: 'moveCritical',
  resultId: 'critical-1',
  move: {
    ...{ id: 'press-1', kind: 'attempt', rung: 'ordering', whom: 'Dr O. Fenwick', way: 'voice-mail' },
    ...{ words: 'Call back.', before: 60_000 },
  },
};
const unreachable: CallFailure = {
  code: 'upstream-unreachable',
  message: 'The group host does not answer.',
  from: 'host',
};

type Store = { readonly indexedDB: IDBFactory; readonly IDBKeyRange: typeof IDBKeyRange };
type Asked = {
  readonly name: string;
  readonly input: { id?: string; ago?: number; move?: { id: string; ago: number } };
};

/** A host that takes presses, or answers `failure` instead of taking any. */
function hostOf() {
  const asked: Asked[] = [];
  const standing: { failure: CallFailure | null } = { failure: null };
  const call = async (name: string, { input }: { readonly input: Asked['input'] }) => {
    asked.push({ name, input });
    return standing.failure === null ? ok({}) : err(standing.failure);
  };
  return { asked, standing, host: { call } as unknown as Pick<HostClient, 'call'> };
}

describe('what a reader did about a critical result while nobody answers', () => {
  const open: (CriticalOutbox | Mirror)[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) 'stop' in one ? one.stop() : one.close();
  });
  let now = 1_000_000;
  const begin = async (store: Store | null, host: Pick<HostClient, 'call'>) => {
    const mirror = store === null ? null : await openMirror({ user: 'ann', key, indexedDb: store });
    const outbox = createCriticalOutbox({ host, mirror, now: () => now });
    if (mirror !== null) open.push(mirror);
    open.push(outbox);
    return outbox;
  };
  const freshStore = (): Store => ({ indexedDB: new IDBFactory(), IDBKeyRange });
  const until = async (fits: () => boolean): Promise<void> => {
    for (let round = 0; round < 2_000 && !fits(); round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(fits()).toBe(true);
  };

  test('is kept over a restart, and sent in its order with its own ids and the time that has passed since', async () => {
    const store = freshStore();
    const offline = hostOf();
    offline.standing.failure = unreachable;
    const before = await begin(store, offline.host);
    expect(await before.send(taskId, start)).toEqual({ kind: 'waiting' });
    now += 5_000;
    expect(await before.send(taskId, voiceMail)).toEqual({ kind: 'waiting' });
    expect(before.state.getState().map((one) => one.id)).toEqual(['critical-1', 'press-1']);
    for (const one of open.splice(0)) 'stop' in one ? one.stop() : one.close();

    now += 3_600_000;
    const back = hostOf();
    const after = await begin(store, back.host);
    await until(() => back.asked.length === 2 && after.state.getState().length === 0);
    expect(back.asked.map(({ name }) => name)).toEqual(['startCritical', 'moveCritical']);
    expect(back.asked[0]?.input).toMatchObject({ id: 'critical-1', ago: 3_605_000 });
    expect(back.asked[1]?.input.move).toMatchObject({ id: 'press-1', ago: 3_660_000 });
  });

  test('stands on the screen meanwhile as if it were taken, so that she goes on calling', async () => {
    const { standing, host } = hostOf();
    standing.failure = unreachable;
    const outbox = await begin(freshStore(), host);
    await outbox.send(taskId, start);
    await outbox.send(taskId, voiceMail);
    const ladder = ladderOf({ orderedBy: 'Dr O. Fenwick', site: null, contacts: [] });
    const [shown, ...others] = withUnsent(null, outbox.state.getState(), me, ladder);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({
      level: 1,
      limit: usualLimits[1],
      attempts: [{ way: 'voice-mail', by: me }],
      ending: null,
    });
    // What the host knows already is not begun a second time.
    const known = { ...(shown as CriticalResult), attempts: [] };
    const limits = { 1: millis(1), 2: millis(2), 3: millis(3) };
    expect(
      withUnsent({ results: [known], limits, agreedBy: '' } as never, outbox.state.getState(), me, ladder),
    ).toEqual([shown]);
  });

  test('is not said to be kept where this machine keeps nothing: the words stay in the form', async () => {
    const { standing, host } = hostOf();
    standing.failure = unreachable;
    const outbox = await begin(null, host);
    expect(await outbox.send(taskId, start)).toMatchObject({ kind: 'not-kept' });
    expect(outbox.state.getState()).toEqual([]);
  });

  test('that the rule refuses is told at once and not tried again', async () => {
    const { asked, standing, host } = hostOf();
    standing.failure = { code: 'not-a-legal-move', message: 'It is with N. Harrow already.', from: 'host' };
    const outbox = await begin(freshStore(), host);
    expect(await outbox.send(taskId, voiceMail)).toEqual({ kind: 'refused', why: 'It is with N. Harrow already.' });
    outbox.tryAgain();
    expect([asked.length, outbox.state.getState().length]).toEqual([1, 0]);
  });
});
