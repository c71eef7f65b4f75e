import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HeardEvent, SpeechEngineId } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import type { Microphone, OpenMicrophone } from './microphone.ts';

/** How dictation stands, as it is shown. */
export type DictationState = {
  readonly phase: 'off' | 'starting' | 'listening' | 'ending';
  /** Loudness from 0 to 1, for the meter. */
  readonly level: number;
  /** What is heard so far of the utterance under way. */
  readonly partial: string;
  /** What the reader has to know: why it does not go on, or what was lost. */
  readonly trouble: string | null;
};

export type DictationSession = {
  readonly state: StoreApi<DictationState>;
  /** `words`: of this case, for the engine to prefer. */
  start(engine: SpeechEngineId, words?: readonly string[]): Promise<void>;
  /** Ends the utterance under way and gives its words. `trouble`: why it ended without the reader's wish. */
  stop(trouble?: string): Promise<void>;
  /** The case was left: what is still heard is nobody's. */
  abandon(): void;
};

/** Sound that waits for the host, in pieces of 100 ms. More than this is no delay any more but a host that cannot follow. */
const mostWaiting = 100;
/** Pieces in one request. */
const mostAtOnce = 15;

/** The page's side of dictation for one opening of a case: microphone in, what was heard out. It keeps no sound that was sent. */
export function createDictationSession(options: {
  readonly host: Pick<HostClient, 'call'>;
  readonly openMicrophone: OpenMicrophone;
  readonly onHeard: (event: Extract<HeardEvent, { type: 'began' | 'final' }>) => void;
}): DictationSession {
  const { host, openMicrophone, onHeard } = options;
  const off: DictationState = { phase: 'off', level: 0, partial: '', trouble: null };
  const state = createStore<DictationState>(() => off);
  /** Grows with each start and end: an answer to an earlier one is dropped. */
  let turn = 0;
  let microphone: Microphone | null = null;
  let stream: string | null = null;
  let waiting: Int16Array[] = [];
  let sequence = 0;
  let pump: Promise<void> | null = null;
  let starting: Promise<void> = Promise.resolve();
  /** The reader let go: what the microphone still gives is not hers to be heard. */
  let isLetGo = false;

  const set = (change: Partial<DictationState>): void => state.setState(change);
  const release = (): void => {
    microphone?.close();
    microphone = null;
    waiting = [];
    stream = null;
  };
  const giveUp = (words: string): void => {
    turn += 1;
    release();
    state.setState({ ...off, trouble: words }, true);
  };
  const take = (events: readonly HeardEvent[]): void => {
    for (const event of events) {
      if (event.type === 'trouble') {
        if (event.isOver) giveUp(event.words);
        else set({ trouble: event.words, partial: '' });
      } else if (event.type === 'partial') set({ partial: event.text });
      else {
        set({ partial: '' });
        onHeard(event);
      }
    }
  };
  /** Sends what waits, one request after the other, so that sound arrives in its order. */
  const send = async (mine: number): Promise<void> => {
    while (mine === turn && stream !== null && waiting.length > 0) {
      const pieces = waiting.splice(0, mostAtOnce);
      const input = { sequence, pcm: asBase64(pieces) };
      sequence += 1;
      const answered = await host.call('dictate', { params: { stream }, input });
      if (mine !== turn) return;
      if (!answered.ok) return giveUp(`Dictation stopped: ${answered.error.message}`);
      take(answered.value.events);
    }
  };
  const nudge = (): void => {
    if (pump !== null || stream === null) return;
    pump = send(turn).finally(() => {
      pump = null;
      if (waiting.length > 0) nudge();
    });
  };
  const hear = (pcm: Int16Array): void => {
    waiting.push(pcm);
    set({ level: loudnessOf(pcm) });
    if (waiting.length > mostWaiting)
      giveUp('The host could not follow what was said; the last seconds are missing. Look, and say them again.');
    else nudge();
  };

  const begin = async (engine: SpeechEngineId, words: readonly string[]): Promise<void> => {
    turn += 1;
    const mine = turn;
    sequence = 0;
    waiting = [];
    isLetGo = false;
    state.setState({ ...off, phase: 'starting' }, true);
    const [opened, begun] = await Promise.all([
      openMicrophone(
        (pcm) => mine === turn && !isLetGo && hear(pcm),
        () => mine === turn && void stop('The microphone is gone. Plug it in, then press Dictate again.'),
      ),
      host.call('startDictation', { input: { engine, words } }),
    ]);
    if (mine !== turn) {
      if (opened.ok) opened.value.close();
      return;
    }
    if (opened.ok) microphone = opened.value;
    else return giveUp(opened.error);
    if (!begun.ok) return giveUp(`Dictation could not begin: ${begun.error.message}`);
    if (begun.value.kind === 'refused') return giveUp(begun.value.words);
    ({ stream } = begun.value);
    set({ phase: 'listening' });
    nudge();
  };
  const stop = async (trouble?: string): Promise<void> => {
    if (state.getState().phase === 'off') return;
    const mine = turn;
    isLetGo = true;
    if (trouble !== undefined) set({ trouble });
    // What was said while the engine was still opening is heard all the same.
    if (state.getState().phase === 'starting') await starting;
    if (mine !== turn || state.getState().phase !== 'listening' || stream === null) return;
    set({ phase: 'ending', level: 0 });
    microphone?.close();
    microphone = null;
    while (mine === turn && (pump !== null || waiting.length > 0)) {
      nudge();
      await pump;
    }
    if (mine !== turn || stream === null) return;
    const answered = await host.call('stopDictation', { params: { stream } });
    if (mine !== turn) return;
    if (answered.ok) take(answered.value.events);
    else return giveUp(`The last words may be missing: ${answered.error.message}`);
    if (mine !== turn) return;
    turn += 1;
    release();
    state.setState({ ...off, trouble: trouble ?? state.getState().trouble }, true);
  };

  return {
    state,
    start: async (engine, words = []) => {
      if (state.getState().phase !== 'off') return;
      starting = begin(engine, words);
      await starting;
    },
    stop,
    abandon: () => {
      turn += 1;
      if (stream !== null) void host.call('stopDictation', { params: { stream } });
      release();
      state.setState(off, true);
    },
  };
}

/** From silence (0) to as loud as can be (1), over 60 decibels. */
function loudnessOf(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  const decibels = 10 * Math.log10(Math.max(1e-10, sum / Math.max(1, pcm.length) / 32_768 ** 2));
  return Math.max(0, Math.min(1, (decibels + 60) / 60));
}

function asBase64(pieces: readonly Int16Array[]): string {
  let binary = '';
  for (const piece of pieces) {
    const view = new DataView(new ArrayBuffer(piece.length * 2));
    for (const [index, sample] of piece.entries()) view.setInt16(index * 2, sample, true);
    binary += String.fromCharCode(...new Uint8Array(view.buffer));
  }
  return btoa(binary);
}
