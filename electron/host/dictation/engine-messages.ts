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

export type EngineId = 'pocketsphinx' | 'sherpa';
/** Files of a streaming transducer, whole paths. */
export type SherpaModel = {
  readonly encoder: string;
  readonly decoder: string;
  readonly joiner: string;
  readonly tokens: string;
  /** Word pieces (a SentencePiece model), with which words can be looked for; null without. */
  readonly pieces: string | null;
  /** Silero’s voice detector; null without. */
  readonly voice: string | null;
};
/** What an engine opens. */
export type EngineWish =
  | { readonly engine: 'pocketsphinx'; readonly folder: string; readonly words: readonly string[] }
  | { readonly engine: 'sherpa'; readonly model: SherpaModel; readonly words: readonly string[] };

/** To the engine's process. `words` of a wish are those of the open case: they live in its memory, and end with it. Each `sound` is answered by `heard`, so that a stall is noticed. */
export type ToEngine =
  | { readonly type: 'open'; readonly wish: EngineWish }
  | { readonly type: 'sound'; readonly pcm: Int16Array }
  | { readonly type: 'finish' };

/** From it. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'missing'; readonly words: string }
  | { readonly type: 'event'; readonly event: SpeechEvent }
  | { readonly type: 'heard' }
  | { readonly type: 'finished' };
