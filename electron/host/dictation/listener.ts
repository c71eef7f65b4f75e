import type { SpeechEvent } from './engine-messages.ts';
import type { Recogniser } from './recogniser.ts';
import { createVoiceActivity } from './voice-activity.ts';

/** An engine behind the cutting into utterances: sound in, events out. */
export function createListener(recogniser: Recogniser, emit: (event: SpeechEvent) => void) {
  let utterance = 0;
  let pauseBefore = 0;
  let shown = '';
  const voice = createVoiceActivity((event) => {
    if (event.type === 'began') {
      utterance += 1;
      shown = '';
      ({ pauseBefore } = event);
      recogniser.begin();
      emit({ type: 'began', utterance });
    } else if (event.type === 'sound') {
      const text = recogniser.push(event.pcm);
      if (text === shown) return;
      shown = text;
      emit({ type: 'partial', utterance, text });
    } else emit({ type: 'final', utterance, words: recogniser.end(), pauseBefore, pauseAfter: event.pauseAfter });
  }, recogniser.isSpeech);
  return { push: voice.push, finish: voice.finish, close: () => recogniser.close() };
}
