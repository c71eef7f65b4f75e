import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FromPixelWorker, ToPixelWorker } from './pixel-messages.ts';
import { pixelPool } from './pixel-pool.ts';

type FakeWorker = Worker & {
  readonly sent: ToPixelWorker[];
  ended: boolean;
  answers: boolean;
  say(message: FromPixelWorker): void;
};

function fakeWorker(): FakeWorker {
  const worker = {
    sent: [] as ToPixelWorker[],
    ended: false,
    answers: true,
    onmessage: null as ((event: { data: FromPixelWorker }) => void) | null,
    onerror: null,
    postMessage(message: ToPixelWorker) {
      worker.sent.push(message);
      if (message.type === 'ping' && worker.answers) worker.say({ type: 'pong' });
    },
    terminate() {
      worker.ended = true;
    },
    say(message: FromPixelWorker) {
      worker.onmessage?.({ data: message });
    },
  };
  return worker as unknown as FakeWorker;
}

describe('a worker that decodes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const heard = () => {
    const words: string[] = [];
    return {
      words,
      events: {
        onImage: () => words.push('image'),
        onFailed: ({ failure }: { failure: { code: string } }) => words.push(failure.code),
        onDone: ({ closed }: { closed: boolean }) => words.push(`done ${closed}`),
      },
    };
  };

  test('is stopped when it is caught, what it was at is told as failed, and another takes its place', () => {
    const made: FakeWorker[] = [];
    const make = () => {
      const worker = fakeWorker();
      made.push(worker);
      return worker;
    };
    const pool = pixelPool(2, make, { every: 100, parsing: 300, decoding: () => 300 });
    const { words, events } = heard();
    pool.open('single', events);
    const caught = made.at(-1);
    if (caught === undefined) throw new Error('no worker');
    vi.advanceTimersByTime(2_000);
    expect([caught.ended, words]).toEqual([false, []]);
    caught.answers = false;
    vi.advanceTimersByTime(299);
    expect(caught.ended).toBe(false);
    vi.advanceTimersByTime(101);
    expect([caught.ended, words]).toEqual([true, ['undecodable', 'done false']]);
    const count = made.length;
    const next = heard();
    const job = pool.open('single', next.events);
    expect(made.length).toBe(count + 1);
    made.at(-1)?.say({ type: 'done', job: job.job, parts: 1, closed: true });
    expect(next.words).toEqual(['done true']);
    pool.close();
  });

  test('has the time that its frame needs: under two seconds for a CT slice, longer for a mammogram, and then the usual again', () => {
    const made: FakeWorker[] = [];
    const pool = pixelPool(2, () => {
      const worker = fakeWorker();
      made.push(worker);
      return worker;
    });
    /** Milliseconds until a worker that falls silent in a frame of so many samples is stopped. */
    const stoppedAfter = (samples: number | null): number => {
      const job = pool.open('single', heard().events);
      const worker = made.at(-1);
      if (worker === undefined) throw new Error('no worker');
      if (samples !== null) worker.say({ type: 'decoding', job: job.job, samples });
      worker.answers = false;
      let waited = 0;
      for (; !worker.ended && waited < 60_000; waited += 50) vi.advanceTimersByTime(50);
      return waited;
    };
    expect(stoppedAfter(512 * 512)).toBeLessThanOrEqual(2_000);
    expect(stoppedAfter(64 * 64)).toBeGreaterThan(1_000);
    const mammogram = stoppedAfter(4_096 * 5_632);
    expect(mammogram).toBeGreaterThan(12_000);
    expect(mammogram).toBeLessThan(20_000);
    expect(stoppedAfter(null)).toBeGreaterThan(3_000);
    pool.close();
  });

  test('is left alone while it says anything, and asked nothing while it has no work', () => {
    const made: FakeWorker[] = [];
    const pool = pixelPool(
      2,
      () => {
        const worker = fakeWorker();
        worker.answers = false;
        made.push(worker);
        return worker;
      },
      { every: 100, parsing: 300, decoding: () => 300 },
    );
    const { events } = heard();
    const job = pool.open('single', events);
    const busy = made.at(-1);
    for (let turn = 0; turn < 20; turn += 1) {
      vi.advanceTimersByTime(200);
      busy?.say({ type: 'image', job: job.job, instanceUid: '1.2', frame: 1, image: {} as never });
    }
    expect(busy?.ended).toBe(false);
    busy?.say({ type: 'done', job: job.job, parts: 1, closed: true });
    const asked = busy?.sent.length;
    vi.advanceTimersByTime(5_000);
    expect([busy?.ended, busy?.sent.length]).toEqual([false, asked]);
    pool.close();
  });

  test('is started before it has work where that is wanted, once, and then asked nothing', () => {
    const made: FakeWorker[] = [];
    const pool = pixelPool(3, () => {
      const worker = fakeWorker();
      made.push(worker);
      return worker;
    });
    pool.warm();
    pool.warm();
    expect(made).toHaveLength(3);
    vi.advanceTimersByTime(5_000);
    expect(made.flatMap((one) => one.sent)).toEqual([]);
    pool.open('single', heard().events);
    pool.open('series', heard().events);
    expect(made).toHaveLength(3);
    pool.close();
  });

  test('tries what draws here, and says that it does not know where it does not come up in time', async () => {
    const made: FakeWorker[] = [];
    const pool = pixelPool(2, () => {
      const worker = fakeWorker();
      made.push(worker);
      return worker;
    });
    const none = pool.hasNoGraphics();
    expect(made[0]?.sent).toEqual([{ type: 'graphics' }]);
    made[0]?.say({ type: 'graphics', none: true });
    expect(await none).toBe(true);
    const silent = pool.hasNoGraphics();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await silent).toBeNull();
    pool.close();
  });
});
