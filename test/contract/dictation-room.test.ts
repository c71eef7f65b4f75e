import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { createDictationRoom, type DictationEvent } from '../../electron/host/dictation/dictation-room.ts';
import { type EngineChild, forkEngine } from '../../electron/host/dictation/engine-child.ts';
import { createModelShelf } from '../../electron/host/dictation/models/model-shelf.ts';
import { vocabularyFolder } from '../../electron/host/dictation/vocabulary-folder.ts';
import type { LiveSession } from '../../electron/host/identity/types.ts';
import { createLog } from '../../electron/host/log/index.ts';
import { joined, pieces, silence, spoken } from '../speech/spoken.ts';

const sentence = joined(silence(300), spoken('the lungs are clear period'), silence(900));
const place = mkdtempSync(join(tmpdir(), 'overread-room-'));
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
    vocabulary,
    models: createModelShelf({
      directory: join(place, 'data'),
      models: [],
      fetch: () => Promise.reject(new Error('no test of this file goes to the network')),
    }),
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
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function started(token: string, words: readonly string[] = []): Promise<string> {
  const answer = await opened.room.start(session(token), 'pocketsphinx', words);
  if (answer.kind === 'refused') throw new Error(answer.words);
  return answer.stream;
}
const wordsOf = (events: readonly DictationEvent[]): string =>
  events.flatMap((event) => (event.type === 'final' ? event.words.map((one) => one.word) : [])).join(' ');

/** Words that a general dictionary holds, spread over it. */
function generalWords(count: number): readonly string[] {
  const all = readFileSync('/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((word) => /^[a-z]{6,9}$/.test(word));
  return all.filter((_, at) => at % Math.floor(all.length / count) === 7).slice(0, count);
}

async function say(token: string, stream: string, sound = sentence): Promise<readonly DictationEvent[]> {
  const events: DictationEvent[] = [];
  for (const [index, piece] of pieces(sound).entries()) {
    const heard = opened.room.push(session(token), stream, index, piece);
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
  expect(await opened.room.start(session('e'), 'pocketsphinx', [])).toMatchObject({ kind: 'refused' });
  // One who begins anew takes nobody's place.
  expect(await opened.room.start(session('a'), 'pocketsphinx', [])).toMatchObject({ kind: 'started' });
});

it('an engine that lacks its files is refused in words, and its process ended', async () => {
  opened = openRoom('/nowhere');
  expect(await opened.room.start(session('a'), 'pocketsphinx', [])).toEqual({
    kind: 'refused',
    words: expect.stringMatching(/radiology\.arpa is missing/),
  });
});

it('words of one case are heard while it is open, and no word of it is carried to the next', async () => {
  opened = openRoom();
  const named = joined(silence(300), spoken('cirrhosis of the liver'), silence(900));
  const heardIn = async (words: readonly string[]): Promise<string> =>
    wordsOf(await say('alice', await started('alice', words), named));
  expect(await heardIn(['cirrhosis'])).toMatch(/cirrhosis/);
  expect(await heardIn([])).not.toMatch(/cirrhosis/);
  // Each stream had a process of its own, and the first one is gone with what it was told.
  expect(opened.children).toHaveLength(2);
  expect(await heardIn(['meningioma'])).not.toMatch(/cirrhosis/);
});

it('as many words as a case brings at most do the engine no harm', async () => {
  opened = openRoom();
  // Added to the library one by one, that many end its process (measured with Debian’s 0.8).
  const stream = await started('alice', generalWords(400));
  const events = await say('alice', stream);
  expect(events.filter((event) => event.type === 'trouble')).toEqual([]);
  expect(wordsOf(events)).toBe('the lungs are clear period');
});

it('sherpa-onnx without a model is refused in words, and one with a broken model ends its own process alone', async () => {
  opened = openRoom();
  expect(await opened.room.start(session('a'), 'sherpa', [])).toEqual({
    kind: 'refused',
    words: expect.stringMatching(/no speech model yet\. Download one/),
  });
  const folder = join(place, 'broken');
  mkdirSync(folder);
  // Long enough and of the right beginning, so that only the library itself can tell: it ends its process.
  for (const part of ['encoder', 'decoder', 'joiner'])
    writeFileSync(join(folder, `${part}.onnx`), Buffer.concat([Buffer.from([8]), Buffer.alloc(5_000, 1)]));
  writeFileSync(
    join(folder, 'tokens.txt'),
    ['<blk> 0', ...[...'ABCDEFGHIJKL'].map((one, at) => `${one} ${at + 1}`)].join('\n'),
  );
  expect((await opened.room.models.takeFolder(folder)).ok).toBe(true);
  expect(await opened.room.start(session('a'), 'sherpa', [])).toEqual({
    kind: 'refused',
    words: expect.stringMatching(/each time it opened its model: a file of the model is damaged/),
  });
  expect(await opened.room.start(session('a'), 'pocketsphinx', [])).toMatchObject({ kind: 'started' });
}, 30_000);
