import type { SpeechEvent } from '../../electron/host/dictation/engine-messages.ts';
import { createListener } from '../../electron/host/dictation/listener.ts';
import { openPocketSphinx } from '../../electron/host/dictation/pocketsphinx.ts';
import type { Recogniser } from '../../electron/host/dictation/recogniser.ts';
import { vocabularyFolder } from '../../electron/host/dictation/vocabulary-folder.ts';
import { languageModelSentences } from '../../scripts/vocabulary/drawn.ts';
import { interpret } from '../../shared/domain/dictation/index.ts';
import { joined, pieces, silence, spoken, type Voice, withNoise } from '../speech/spoken.ts';
import { commandTraps, testCommands, testSentences } from './dictation-sentences.ts';
import { wordErrors } from './word-errors.ts';

/**
 * `npm run bench:dictation`: each engine that is here on sentences that are in no language model, spoken by two synthetic voices, clean
 * and in noise. Synthetic voices speak more evenly than people do, so these are no figures of the product: they tell engines and versions
 * apart. Needs Debian's flite and espeak-ng.
 */
const signalToNoise = 15;
const voices: readonly Voice[] = ['flite', 'espeak-ng'];
const names = { windows: ['lung', 'bone', 'brain', 'soft tissue'], macros: [], templates: [] };
const engines: readonly { readonly name: string; readonly open: () => Recogniser }[] = [
  { name: 'pocketsphinx', open: () => openPocketSphinx(vocabularyFolder()) },
];

const given = new Set(languageModelSentences());
for (const sentence of testSentences)
  if (given.has(sentence)) throw new Error(`This sentence is in the language model: ${sentence}`);

const say = (sentence: string, voice: Voice): Int16Array => joined(silence(500), spoken(sentence, voice), silence(900));

function hear(engine: Recogniser, pcm: Int16Array) {
  const finals: Extract<SpeechEvent, { type: 'final' }>[] = [];
  const listener = createListener(engine, (event) => event.type === 'final' && finals.push(event));
  const start = performance.now();
  for (const piece of pieces(pcm)) listener.push(piece);
  listener.finish();
  return { finals, seconds: (performance.now() - start) / 1_000, said: finals.flatMap(({ words }) => words) };
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

for (const { name, open } of engines) {
  const engine = open();
  let seconds = 0;
  let length = 0;
  for (const voice of voices) {
    const wer = (change: (pcm: Int16Array) => Int16Array): number => {
      let errors = 0;
      let words = 0;
      for (const sentence of testSentences) {
        const pcm = change(say(sentence, voice));
        const heard = hear(engine, pcm);
        seconds += heard.seconds;
        length += pcm.length / 16_000;
        errors += wordErrors(
          sentence.split(' '),
          heard.said.map((one) => one.word),
        );
        words += sentence.split(' ').length;
      }
      return rounded(errors / words);
    };
    const commandsOf = (sentences: readonly string[], change: (pcm: Int16Array) => Int16Array): number =>
      sentences.filter((sentence) =>
        hear(engine, change(say(sentence, voice))).finals.some(
          (event) => interpret({ ...event, held: 'nothing' }, names).kind === 'command',
        ),
      ).length;
    const clean = (pcm: Int16Array): Int16Array => pcm;
    const noisy = (pcm: Int16Array): Int16Array => withNoise(pcm, signalToNoise);
    const ordinary = [...testSentences, ...commandTraps];
    console.log(
      JSON.stringify({
        engine: name,
        voice,
        sentences: testSentences.length,
        wer_clean: wer(clean),
        wer_noise: wer(noisy),
        noise_db: signalToNoise,
        command_misses: testCommands.length - commandsOf(testCommands, clean),
        commands: testCommands.length,
        command_false_accepts: commandsOf(ordinary, clean) + commandsOf(ordinary, noisy),
        ordinary: ordinary.length * 2,
      }),
    );
  }
  console.log(JSON.stringify({ engine: name, rtf: rounded(seconds / length), seconds_of_speech: Math.round(length) }));
  engine.close();
}
