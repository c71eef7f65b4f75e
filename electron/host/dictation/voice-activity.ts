import { sampleRate } from './recogniser.ts';

/** What happens in a stream of sound, in its order. */
export type VoiceEvent =
  | { readonly type: 'began'; readonly pauseBefore: number }
  | { readonly type: 'sound'; readonly pcm: Int16Array }
  | { readonly type: 'ended'; readonly pauseAfter: number };

const frame = sampleRate / 50;
const frameMilliseconds = 20;
/** Speech stands this far above the noise of the room, in decibels, and above silence itself. */
const aboveNoise = 9;
const quietest = -52;
/** Frames in a row that begin speech, silence that ends an utterance, sound kept from before its beginning, and the longest one. */
const beginningFrames = 4;
export const endingSilence = 600;
const keptBefore = 300;
/** A judge of speech decides later than loudness does. */
const keptBeforeJudged = 500;
const longest = 30_000;
/** How fast the noise floor follows a room that grows louder, in decibels a frame; downward it follows at once. */
const floorRise = 0.03;

/** Loudness of a frame in decibels below full scale. */
export function loudness(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  const mean = sum / Math.max(1, pcm.length) / 32_768 ** 2;
  return mean <= 1e-10 ? -100 : 10 * Math.log10(mean);
}

/**
 * Cuts sound into utterances: by `isSpeech` where the engine has a judge of its own (Silero's model, which has to be downloaded), else by
 * its loudness over the noise of the room. The start of a stream counts as a pause: the reader pressed a button there.
 */
export function createVoiceActivity(emit: (event: VoiceEvent) => void, isSpeech?: (pcm: Int16Array) => boolean) {
  const keptLength = isSpeech === undefined ? keptBefore : keptBeforeJudged;
  let rest = new Int16Array(0);
  let floor = -60;
  let before: Int16Array[] = [];
  let loudFrames = 0;
  let silence = 10_000;
  /** Length of the utterance under way in milliseconds; null between utterances. */
  let said: number | null = null;
  let pauseBefore = silence;

  const take = (pcm: Int16Array): void => {
    const level = loudness(pcm);
    const isLoud = isSpeech === undefined ? level > Math.max(quietest, floor + aboveNoise) : isSpeech(pcm);
    floor = level < floor ? level : Math.min(-20, floor + (isLoud && said !== null ? floorRise / 10 : floorRise));
    loudFrames = isLoud ? loudFrames + 1 : 0;
    if (said === null) {
      before.push(pcm);
      if (before.length > keptLength / frameMilliseconds) before.shift();
      silence += frameMilliseconds;
      if (loudFrames < beginningFrames) return;
      pauseBefore = Math.max(0, silence - beginningFrames * frameMilliseconds);
      emit({ type: 'began', pauseBefore });
      for (const one of before) emit({ type: 'sound', pcm: one });
      before = [];
      said = 0;
      silence = 0;
      return;
    }
    emit({ type: 'sound', pcm });
    said += frameMilliseconds;
    silence = isLoud ? 0 : silence + frameMilliseconds;
    if (silence >= endingSilence) end(silence);
    // Cut without a pause: nothing that was said there may be taken for a command.
    else if (said >= longest) {
      end(0);
      silence = 0;
    }
  };
  const end = (pauseAfter: number): void => {
    said = null;
    emit({ type: 'ended', pauseAfter });
  };
  return {
    push: (pcm: Int16Array): void => {
      const all = new Int16Array(rest.length + pcm.length);
      all.set(rest);
      all.set(pcm, rest.length);
      let at = 0;
      for (; at + frame <= all.length; at += frame) take(all.slice(at, at + frame));
      rest = all.slice(at);
    },
    /** The reader let go of the button: what is under way ends, and that counts as a pause. */
    finish: (): void => {
      if (said !== null) end(10_000);
      rest = new Int16Array(0);
      before = [];
      loudFrames = 0;
      silence = 10_000;
    },
  };
}
