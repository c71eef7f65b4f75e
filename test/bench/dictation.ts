import type { SpeechEvent } from '../../electron/host/dictation/engine-messages.ts';
import { createListener } from '../../electron/host/dictation/listener.ts';
import { modelInFolder } from '../../electron/host/dictation/models/model-in-folder.ts';
import { shippedModels } from '../../electron/host/dictation/models/model-list.ts';
import { openPocketSphinx } from '../../electron/host/dictation/pocketsphinx.ts';
import type { Recogniser } from '../../electron/host/dictation/recogniser.ts';
import { openSherpa } from '../../electron/host/dictation/sherpa.ts';
import { vocabularyFolder } from '../../electron/host/dictation/vocabulary-folder.ts';
import { languageModelSentences } from '../../scripts/vocabulary/drawn.ts';
import { caseVocabulary, interpret } from '../../shared/domain/dictation/index.ts';
import { joined, pieces, silence, spoken, type Voice, withNoise } from '../speech/spoken.ts';
import { caseSentences, commandTraps, testCommands, testSentences } from './dictation-sentences.ts';
import { wordErrors } from './word-errors.ts';

/**
 * `npm run bench:dictation`: each engine that is here on sentences that are in no language model, spoken by two synthetic voices, clean
 * and in noise. Synthetic voices speak more evenly than people do, so these are no figures of the product: they tell engines and versions
 * apart. Needs Debian's flite and espeak-ng.
 */
const signalToNoise = 15;
const voices: readonly Voice[] = ['flite', 'espeak-ng'];
const names = { windows: ['lung', 'bone', 'brain', 'soft tissue'], macros: [], templates: [] };
type Engine = { readonly name: string; readonly open: (words?: readonly string[]) => Recogniser };
const modelFolder = process.env.OVERREAD_TEST_SPEECH_MODEL ?? '';
const model = modelFolder === '' ? null : await modelInFolder(modelFolder, shippedModels());
if (model !== null && !model.ok) throw new Error(model.error);
const engines: readonly Engine[] = [
  { name: 'pocketsphinx', open: (words) => openPocketSphinx(vocabularyFolder(), words) },
  ...(model === null
    ? []
    : [{ name: 'sherpa', open: (words = []) => openSherpa(model.value, words) } satisfies Engine]),
];
if (model === null)
  console.log('sherpa is not measured: name a folder with a streaming model in OVERREAD_TEST_SPEECH_MODEL.');

const given = new Set(languageModelSentences());
for (const sentence of [...testSentences, ...caseSentences.map((one) => one.sentence)])
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
  // With the words of its case, and without: each case in an engine of its own, as in the program.
  for (const voice of voices) {
    const figures = { without: 0, with: 0, of: 0, other: 0, words: 0 };
    const errorsOf = (now: Recogniser, sentence: string): number =>
      wordErrors(
        sentence.split(' '),
        hear(now, say(sentence, voice)).said.map((one) => one.word),
      );
    for (const [at, { texts, sentence }] of caseSentences.entries()) {
      const prepared = open(caseVocabulary(texts));
      figures.of += sentence.split(' ').length;
      figures.without += errorsOf(engine, sentence);
      figures.with += errorsOf(prepared, sentence);
      // What the added words do to sentences that hold none of them.
      for (const other of testSentences.filter((_, index) => index % caseSentences.length === at)) {
        figures.words += other.split(' ').length;
        figures.other += errorsOf(prepared, other);
      }
      prepared.close();
    }
    console.log(
      JSON.stringify({
        engine: name,
        voice,
        case_sentences: caseSentences.length,
        wer_without_case_words: rounded(figures.without / figures.of),
        wer_with_case_words: rounded(figures.with / figures.of),
        wer_other_with_case_words: rounded(figures.other / figures.words),
      }),
    );
  }
  console.log(JSON.stringify({ engine: name, rtf: rounded(seconds / length), seconds_of_speech: Math.round(length) }));
  engine.close();
}
