import { afterEach, expect, it } from 'vitest';
import { createDictationRoom, type DictationEvent } from '../../electron/host/dictation/dictation-room.ts';
import { type EngineChild, forkEngine } from '../../electron/host/dictation/engine-child.ts';
import { vocabularyFolder } from '../../electron/host/dictation/vocabulary-folder.ts';
import type { LiveSession } from '../../electron/host/identity/types.ts';
import { createLog } from '../../electron/host/log/index.ts';
import { joined, pieces, silence, spoken } from '../speech/spoken.ts';

const sentence = joined(silence(300), spoken('the lungs are clear period'), silence(900));
const session = (token: string) => ({ token }) as LiveSession;

function openRoom(vocabulary = vocabularyFolder()) {
  const children: EngineChild[] = [];
  const told: ((token: string, change: 'locked' | 'ended') => void)[] = [];
  const room = createDictationRoom({
    sessions: {
      onChange: (listener) => {
        told.push(listener);
        return () => undefined;
      },
    },
    ports: {
      now: () => Date.now() as never,
      newId: () => crypto.randomUUID(),
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      log: createLog({ write: () => undefined }),
    },
    places: { vocabulary },
    startProcess: (entry) => {
      const child = forkEngine(entry);
      children.push(child);
      return child;
    },
  });
  const change = (token: string, how: 'locked' | 'ended'): void => {
    for (const listener of told) listener(token, how);
  };
  return { room, children, change };
}
let opened: ReturnType<typeof openRoom>;
afterEach(() => opened.room.close());

async function started(token: string): Promise<string> {
  const answer = await opened.room.start(session(token), 'pocketsphinx');
  if (answer.kind === 'refused') throw new Error(answer.words);
  return answer.stream;
}
const wordsOf = (events: readonly DictationEvent[]): string =>
  events.flatMap((event) => (event.type === 'final' ? event.words.map((one) => one.word) : [])).join(' ');

async function say(token: string, stream: string, from = 0): Promise<readonly DictationEvent[]> {
  const events: DictationEvent[] = [];
  for (const [index, piece] of pieces(sentence).entries()) {
    const heard = opened.room.push(session(token), stream, from + index, piece);
    if (heard.kind === 'heard') events.push(...heard.events);
  }
  const end = await opened.room.stop(session(token), stream);
  return end.kind === 'heard' ? [...events, ...end.events] : events;
}

it('what a reader says in an engine’s own process comes back as words', async () => {
  opened = openRoom();
  const stream = await started('alice');
  expect(wordsOf(await say('alice', stream))).toBe('the lungs are clear period');
});

it('another session, or one that was locked, hears nothing of it', async () => {
  opened = openRoom();
  const stream = await started('alice');
  expect(opened.room.push(session('mallory'), stream, 0, silence(100))).toEqual({ kind: 'no-stream' });
  opened.change('alice', 'locked');
  expect(opened.room.push(session('alice'), stream, 0, silence(100))).toEqual({ kind: 'no-stream' });
});

it('a piece of sound that comes twice is heard once', async () => {
  opened = openRoom();
  const stream = await started('alice');
  for (const [index, piece] of pieces(sentence).entries())
    for (const _twice of [1, 2]) opened.room.push(session('alice'), stream, index, piece);
  const end = await opened.room.stop(session('alice'), stream);
  expect(end.kind === 'heard' ? wordsOf(end.events) : end).toBe('the lungs are clear period');
});

it('a killed engine is told of and started again; the stream goes on', async () => {
  opened = openRoom();
  const stream = await started('alice');
  opened.children[0]?.kill();
  const events: DictationEvent[] = [];
  let sequence = 0;
  const isThereAgain = (): boolean => wordsOf(events) !== '';
  for (const until = Date.now() + 20_000; !isThereAgain() && Date.now() < until; ) {
    for (const piece of pieces(sentence)) {
      const heard = opened.room.push(session('alice'), stream, sequence, piece);
      sequence += 1;
      if (heard.kind === 'heard') events.push(...heard.events);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(events.find((event) => event.type === 'trouble')).toMatchObject({ isOver: false });
  expect(wordsOf(events)).toMatch(/^the lungs are clear period/);
  expect(opened.children).toHaveLength(2);
});

it('the fifth reader at once is refused in words', async () => {
  opened = openRoom();
  for (const name of ['a', 'b', 'c', 'd']) await started(name);
  expect(await opened.room.start(session('e'), 'pocketsphinx')).toMatchObject({ kind: 'refused' });
  // One who begins anew takes nobody's place.
  expect(await opened.room.start(session('a'), 'pocketsphinx')).toMatchObject({ kind: 'started' });
});

it('an engine that lacks its files is refused in words, and its process ended', async () => {
  opened = openRoom('/nowhere');
  expect(await opened.room.start(session('a'), 'pocketsphinx')).toEqual({
    kind: 'refused',
    words: expect.stringMatching(/radiology\.arpa is missing/),
  });
});
