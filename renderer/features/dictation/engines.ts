import type { SpeechEngineId } from '../../../shared/api/index.ts';

/** What turns speech into words; `none` for typing and for dictation software of the reader's own, which types into the fields. */
export type EngineChoice = SpeechEngineId | 'none';

/** What is said where an engine is chosen. The figures are those of `npm run bench:dictation`. */
export const engineChoices: readonly { readonly id: EngineChoice; readonly name: string; readonly words: string }[] = [
  {
    id: 'pocketsphinx',
    name: 'PocketSphinx',
    words:
      'On this computer, Linux only, American English, a vocabulary of some 750 words of ours. Measured on synthetic voices alone: of every 100 words of sentences that it was not given, it got 3 wrong with one voice and 21 with the other in silence, 28 to 68 in noise (npm run bench:dictation). Words of the open case are added to it: of 100 words of sentences with such words 23 were wrong instead of 40 with one voice, 56 instead of 47 with the other. It has not been measured on people. For commands, macros and trials; not for a day’s reports.',
  },
  {
    id: 'sherpa',
    name: 'sherpa-onnx',
    words:
      'On this computer, Linux, Windows and macOS, with a speech model that you download or have in a folder. Its library has been loaded and its voice detector has run where Overread was made; how well it recognises was NOT measured there, since no model could be had. Read every word that it writes.',
  },
  {
    id: 'none',
    name: 'None',
    words: 'Type, or use the system’s dictation or a device that types: both write into every field.',
  },
];

const name = 'overread.speech-engine';

/** Nothing about patients: which engine this computer uses. */
export function readEngine(): EngineChoice {
  try {
    const kept = localStorage.getItem(name);
    return engineChoices.find((one) => one.id === kept)?.id ?? 'pocketsphinx';
  } catch {
    return 'pocketsphinx';
  }
}

export function keepEngine(engine: EngineChoice): void {
  try {
    localStorage.setItem(name, engine);
  } catch {
    // Storage refused: the choice holds until the window is closed.
  }
}
