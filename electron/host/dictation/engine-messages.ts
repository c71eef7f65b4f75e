import type { RecognisedWord } from '../../../shared/domain/dictation/index.ts';

/** What an engine hears, in its order. `utterance` counts from 1 in each stream. */
export type SpeechEvent =
  | { readonly type: 'began'; readonly utterance: number }
  | { readonly type: 'partial'; readonly utterance: number; readonly text: string }
  | {
      readonly type: 'final';
      readonly utterance: number;
      readonly words: readonly RecognisedWord[];
      /** Milliseconds of silence. */
      readonly pauseBefore: number;
      readonly pauseAfter: number;
    };

export type EngineId = 'pocketsphinx';
/** Where an engine finds what it needs. */
export type EnginePlaces = { readonly vocabulary: string };

/** To the engine's process. Each `sound` is answered by `heard`, so that a stall is noticed. */
export type ToEngine =
  | { readonly type: 'open'; readonly engine: EngineId; readonly places: EnginePlaces }
  | { readonly type: 'sound'; readonly pcm: Int16Array }
  | { readonly type: 'finish' };

/** From it. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'missing'; readonly words: string }
  | { readonly type: 'event'; readonly event: SpeechEvent }
  | { readonly type: 'heard' }
  | { readonly type: 'finished' };
