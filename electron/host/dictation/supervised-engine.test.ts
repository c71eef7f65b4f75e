import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../log/index.ts';
import type { EngineChild } from './engine-child.ts';
import type { FromEngine, SpeechEvent, ToEngine } from './engine-messages.ts';
import { type EngineTrouble, superviseEngine } from './supervised-engine.ts';

/** An engine's process as the supervisor sees it: a test decides what it answers and when it dies. */
class FakeChild implements EngineChild {
  readonly sent: ToEngine[] = [];
  isKilled = false;
  private hear: (message: FromEngine) => void = () => undefined;
  private end: () => void = () => undefined;
  send(message: ToEngine): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: FromEngine) => void): void {
    this.hear = listener;
  }
  onEnd(listener: () => void): void {
    this.end = listener;
  }
  kill(): void {
    this.isKilled = true;
  }
  answer(message: FromEngine): void {
    this.hear(message);
  }
  die(): void {
    this.end();
  }
}

const piece = new Int16Array(1_600);
const log = createLog({ write: () => undefined });

function supervised() {
  const children: FakeChild[] = [];
  const told: (SpeechEvent | EngineTrouble)[] = [];
  const engine = superviseEngine({
    start: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    wish: { engine: 'pocketsphinx', folder: '/v', words: [] },
    ports: { now: () => Date.now() as never, log },
    emit: (event) => told.push(event),
  });
  return { engine, children, told, last: () => children.at(-1) as FakeChild };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a speech engine in a process of its own', () => {
  it('is ready when its process says so, and gives its events on', async () => {
    const { engine, last, told } = supervised();
    last().answer({ type: 'ready' });
    expect(await engine.opened).toBeNull();
    engine.push(piece);
    last().answer({ type: 'event', event: { type: 'began', utterance: 1 } });
    expect(told).toEqual([{ type: 'began', utterance: 1 }]);
    expect(last().sent.map((one) => one.type)).toEqual(['open', 'sound']);
    engine.close();
  });

  it('says in words what it lacks, and its process is ended', async () => {
    const { engine, last, told, children } = supervised();
    last().answer({ type: 'missing', words: 'PocketSphinx is not on this computer.' });
    expect(await engine.opened).toBe('PocketSphinx is not on this computer.');
    expect(last().isKilled).toBe(true);
    expect(told).toEqual([]);
    expect(children).toHaveLength(1);
  });

  it('that crashes is started again, and the reader is told to look', async () => {
    const { engine, children, told, last } = supervised();
    last().answer({ type: 'ready' });
    children[0]?.die();
    expect(told).toMatchObject([{ type: 'trouble', isOver: false, words: expect.stringMatching(/say it again/) }]);
    expect(children).toHaveLength(2);
    last().answer({ type: 'ready' });
    engine.push(piece);
    expect(last().sent.map((one) => one.type)).toEqual(['open', 'sound']);
    // What the dead one still said is nobody's.
    children[0]?.answer({ type: 'event', event: { type: 'began', utterance: 9 } });
    expect(told).toHaveLength(1);
    engine.close();
  });

  it('that hangs is killed after four seconds and started again', () => {
    const { engine, children, told, last } = supervised();
    last().answer({ type: 'ready' });
    engine.push(piece);
    vi.advanceTimersByTime(3_900);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(children[0]?.isKilled).toBe(true);
    expect(told).toMatchObject([{ type: 'trouble', words: expect.stringMatching(/did not answer/) }]);
    expect(children).toHaveLength(2);
    engine.close();
  });

  it('that answers in time is left alone, however long it is silent', () => {
    const { engine, children, last } = supervised();
    last().answer({ type: 'ready' });
    engine.push(piece);
    last().answer({ type: 'heard' });
    vi.advanceTimersByTime(60_000);
    expect(children).toHaveLength(1);
    engine.close();
  });

  it('that fails again and again is left alone, and said to be', () => {
    const { children, told } = supervised();
    for (let times = 0; times < 4; times += 1) children.at(-1)?.die();
    expect(children).toHaveLength(4);
    expect(told.at(-1)).toMatchObject({ type: 'trouble', isOver: true });
  });

  it('that dies while it finishes does not keep the reader waiting', async () => {
    const { engine, last } = supervised();
    last().answer({ type: 'ready' });
    const finished = engine.finish();
    last().die();
    await finished;
    engine.close();
  });
});
