import type { RecognisedWord } from '../../../shared/domain/dictation/index.ts';

/** Samples a second of all sound here: mono, 16 bit. */
export const sampleRate = 16_000;

/**
 * One speech engine, synchronous and in a process of its own. `begin`, then `push` as the sound comes (it answers what it hears so far, a
 * guess that may change), then `end`, which answers the words. Throws when the engine fails; the process then ends and is started again.
 */
export type Recogniser = {
  begin(): void;
  push(pcm: Int16Array): string;
  end(): readonly RecognisedWord[];
  /** Whether this sound is speech, where the engine has a judge of its own; it hears every piece, between utterances too. */
  readonly isSpeech?: (pcm: Int16Array) => boolean;
  close(): void;
};

/** Why an engine cannot be opened, in words for the reader: what is missing, and what to do. */
export class EngineMissing extends Error {}
