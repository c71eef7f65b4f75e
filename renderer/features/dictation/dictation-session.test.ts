import { describe, expect, it } from 'vitest';
import type { HeardEvent } from '../../../shared/api/index.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { HostClient } from '../../host/index.ts';
import { createDictationSession } from './dictation-session.ts';

const piece = (value: number): Int16Array => new Int16Array(1_600).fill(value);
const final = (utterance: number, word: string): HeardEvent => ({
  type: 'final',
  utterance,
  words: [{ word, confidence: 0.9 }],
  pauseBefore: 1_000,
  pauseAfter: 1_000,
});

/** A host that a test scripts, and a microphone that a test speaks into. */
function opened(options: { readonly microphone?: string; readonly refused?: string } = {}) {
  const calls: { name: string; input?: { sequence: number; pcm: string } }[] = [];
  const heard: HeardEvent[] = [];
  const answers: HeardEvent[][] = [];
  const last: HeardEvent[] = [];
  let fails = false;
  let gate: Promise<void> = Promise.resolve();
  const call = async (name: string, request?: { readonly input?: { sequence: number; pcm: string } }) => {
    calls.push({ name, ...(request?.input === undefined ? {} : { input: request.input }) });
    await gate;
    if (name === 'startDictation')
      return ok(
        options.refused === undefined
          ? { kind: 'started', stream: crypto.randomUUID() }
          : { kind: 'refused', words: options.refused },
      );
    if (fails) return err({ code: 'not-found', message: 'Dictation has ended.', from: 'host' });
    return ok({ events: name === 'dictate' ? (answers.shift() ?? []) : last });
  };
  let speak: (pcm: Int16Array) => void = () => undefined;
  let unplug: () => void = () => undefined;
  const microphones = { open: 0 };
  const session = createDictationSession({
    host: { call: call as unknown as HostClient['call'] },
    openMicrophone: async (onPiece, onLost) => {
      if (options.microphone !== undefined) return err(options.microphone);
      speak = onPiece;
      unplug = onLost;
      microphones.open += 1;
      const close = (): void => {
        microphones.open -= 1;
      };
      return ok({ close });
    },
    onHeard: (event) => heard.push(event),
  });
  return {
    ...{ session, calls, heard, answers, last, microphones },
    speak: (value: number) => speak(piece(value)),
    unplug: () => unplug(),
    fail: () => {
      fails = true;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    settle: async () => {
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
    },
  };
}

describe('dictation of one case', () => {
  it('sends what is said in its order, also what was said before the engine was ready', async () => {
    const { session, calls, hold, speak, settle } = opened();
    const release = hold();
    const started = session.start('pocketsphinx');
    await settle();
    speak(1);
    speak(2);
    release();
    await started;
    speak(3);
    await settle();
    const sound = calls.filter((one) => one.name === 'dictate').map((one) => atob(one.input?.pcm ?? ''));
    expect(sound.map((one) => one.length).reduce((sum, length) => sum + length, 0)).toBe(3 * 3_200);
    expect([...sound.join('')].filter((_, at) => at % 3_200 === 0).map((one) => one.charCodeAt(0))).toEqual([1, 2, 3]);
    expect(calls.flatMap((one) => one.input?.sequence ?? [])).toEqual(sound.map((_, index) => index));
  });

  it('gives the last words when it is ended, and closes the microphone', async () => {
    const { session, heard, last, speak, microphones, calls } = opened();
    last.push(final(1, 'clear'));
    await session.start('pocketsphinx');
    speak(1);
    await session.stop();
    expect(heard).toEqual([final(1, 'clear')]);
    expect(microphones.open).toBe(0);
    expect(session.state.getState()).toMatchObject({ phase: 'off', trouble: null });
    expect(calls.at(-1)?.name).toBe('stopDictation');
  });

  it('hears what was said while the engine was still opening, though the key was let go of by then; nothing after it', async () => {
    const { session, calls, hold, speak, settle, last, heard, microphones } = opened();
    last.push(final(1, 'clear'));
    const release = hold();
    void session.start('sherpa', ['sarcoidosis']);
    await settle();
    speak(1);
    const stopped = session.stop();
    speak(2);
    release();
    await stopped;
    const sound = calls.filter((one) => one.name === 'dictate').map((one) => atob(one.input?.pcm ?? ''));
    expect(sound.join('').length).toBe(3_200);
    expect(heard).toEqual([final(1, 'clear')]);
    expect(microphones.open).toBe(0);
    expect(calls[0]).toMatchObject({ name: 'startDictation', input: { engine: 'sherpa', words: ['sarcoidosis'] } });
  });

  it('keeps the words when the microphone is unplugged while it is spoken, and says that it has stopped', async () => {
    const { session, heard, last, speak, unplug, settle, microphones } = opened();
    last.push(final(1, 'clear'));
    await session.start('pocketsphinx');
    speak(1);
    unplug();
    await settle();
    expect(heard).toEqual([final(1, 'clear')]);
    expect(session.state.getState()).toMatchObject({
      phase: 'off',
      trouble: expect.stringMatching(/microphone is gone/),
    });
    expect(microphones.open).toBe(0);
  });

  it('gives no word once the case was left, whatever the host still answers', async () => {
    const { session, heard, answers, hold, speak, settle, microphones } = opened();
    await session.start('pocketsphinx');
    const release = hold();
    answers.push([final(1, 'late')]);
    speak(1);
    await settle();
    session.abandon();
    release();
    await settle();
    expect(heard).toEqual([]);
    expect(microphones.open).toBe(0);
  });

  it.each([
    ['a microphone that is not allowed', { microphone: 'Not allowed.' }, 'Not allowed.'],
    [
      'an engine that is not here',
      { refused: 'PocketSphinx is not on this computer.' },
      'PocketSphinx is not on this computer.',
    ],
  ])('says why it does not begin: %s', async (_name, options, words) => {
    const { session, microphones } = opened(options);
    await session.start('pocketsphinx');
    expect(session.state.getState()).toMatchObject({ phase: 'off', trouble: words });
    expect(microphones.open).toBe(0);
  });

  it('stops and says so when the host does not take more, or the microphone is unplugged', async () => {
    const first = opened();
    await first.session.start('pocketsphinx');
    first.fail();
    first.speak(1);
    await first.settle();
    expect(first.session.state.getState()).toMatchObject({ phase: 'off', trouble: expect.stringMatching(/has ended/) });
    const second = opened();
    await second.session.start('pocketsphinx');
    second.unplug();
    expect(second.session.state.getState().trouble).toMatch(/microphone is gone/);
    expect(first.microphones.open + second.microphones.open).toBe(0);
  });

  it('does not fill its memory for a host that hangs: after ten seconds of speech it stops and says so', async () => {
    const { session, hold, speak } = opened();
    await session.start('pocketsphinx');
    hold();
    for (let count = 0; count < 110; count += 1) speak(1);
    expect(session.state.getState()).toMatchObject({
      phase: 'off',
      trouble: expect.stringMatching(/could not follow/),
    });
  });

  it('shows what is heard so far, and an engine that was started again as trouble while it goes on', async () => {
    const { session, answers, speak, settle } = opened();
    await session.start('pocketsphinx');
    answers.push([{ type: 'partial', utterance: 1, text: 'the lungs' }]);
    speak(20_000);
    await settle();
    expect(session.state.getState()).toMatchObject({ partial: 'the lungs', phase: 'listening' });
    expect(session.state.getState().level).toBeGreaterThan(0.8);
    answers.push([{ type: 'trouble', words: 'Started again.', isOver: false }]);
    speak(0);
    await settle();
    expect(session.state.getState()).toMatchObject({ trouble: 'Started again.', phase: 'listening' });
  });
});
