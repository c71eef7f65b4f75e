import { closeSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RecognisedWord } from '../../../shared/domain/dictation/index.ts';
import { withCaseWords } from './case-language-model.ts';
import { pronunciationsOf, unknownWords } from './pronunciations.ts';
import { EngineMissing, type Recogniser } from './recogniser.ts';

/** Where Debian's packages put the acoustic model. */
const acousticModel = '/usr/share/pocketsphinx/model/en-us/en-us';
/** Carnegie Mellon's dictionary, in the same package: pronunciations of words that ours lacks. */
const generalDictionary = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict';
const howToInstall =
  'Install Debian’s packages libpocketsphinx3 and pocketsphinx-en-us (apt-get install), or choose another engine.';

type Decoder = { readonly kind: 'decoder' };
type Segment = { readonly kind: 'segment' };
type Library = { func(signature: string): (...parameters: never[]) => unknown };

/** The calls of Debian's PocketSphinx (0.8 with the interface of 5prealpha) that are used here. */
function bind() {
  // Loaded when an engine is opened: on a system for which it has no binary everything else goes on.
  const koffi = createRequire(import.meta.url)('koffi') as { load(name: string): Library };
  const sphinx = koffi.load('libpocketsphinx.so.3');
  const base = koffi.load('libsphinxbase.so.3');
  const of = <Call>(library: Library, signature: string): Call => library.func(signature) as Call;
  return {
    definitions: of<() => unknown>(sphinx, 'void *ps_args()'),
    parse: of<(into: null, definitions: unknown, count: number, words: readonly string[], strict: number) => unknown>(
      base,
      'void *cmd_ln_parse_r(void *inout, void *defn, int argc, char **argv, int strict)',
    ),
    open: of<(settings: unknown) => Decoder | null>(sphinx, 'void *ps_init(void *cfg)'),
    free: of<(decoder: Decoder) => number>(sphinx, 'int ps_free(void *ps)'),
    // Linux: a file that is nowhere but in the memory of this process (memfd_create(2)).
    memoryFile: of<(name: string, flags: number) => number>(
      koffi.load('libc.so.6'),
      'int memfd_create(const char *name, unsigned int flags)',
    ),
    begin: of<(decoder: Decoder) => number>(sphinx, 'int ps_start_utt(void *ps)'),
    end: of<(decoder: Decoder) => number>(sphinx, 'int ps_end_utt(void *ps)'),
    sound: of<(decoder: Decoder, pcm: Int16Array, count: number, noSearch: number, isWhole: number) => number>(
      sphinx,
      'int ps_process_raw(void *ps, const int16_t *data, size_t n, int no_search, int full)',
    ),
    guess: of<(decoder: Decoder, score: [number]) => string | null>(
      sphinx,
      'const char *ps_get_hyp(void *ps, _Out_ int32_t *score)',
    ),
    logarithms: of<(decoder: Decoder) => unknown>(sphinx, 'void *ps_get_logmath(void *ps)'),
    exponent: of<(logarithms: unknown, value: number) => number>(base, 'double logmath_exp(void *l, int p)'),
    segments: of<(decoder: Decoder) => Segment | null>(sphinx, 'void *ps_seg_iter(void *ps)'),
    next: of<(segment: Segment) => Segment | null>(sphinx, 'void *ps_seg_next(void *seg)'),
    word: of<(segment: Segment) => string>(sphinx, 'const char *ps_seg_word(void *seg)'),
    posterior: of<(segment: Segment, acoustic: [number], language: [number], back: [number]) => number>(
      sphinx,
      'int32_t ps_seg_prob(void *seg, _Out_ int32_t *a, _Out_ int32_t *l, _Out_ int32_t *b)',
    ),
  };
}

/**
 * Opens Debian's PocketSphinx with our language model and dictionary. Of `words` (those of the open case) those that it knows are
 * preferred and others added where their pronunciation is known, all in the memory of this process alone. Throws `EngineMissing`, with the words for the reader.
 */
export function openPocketSphinx(vocabulary: string, words: readonly string[] = []): Recogniser {
  if (!existsSync(acousticModel))
    throw new EngineMissing(`PocketSphinx’s acoustic model is not on this computer. ${howToInstall}`);
  const model = join(vocabulary, 'radiology.arpa');
  const dictionary = join(vocabulary, 'radiology.dict');
  for (const file of [model, dictionary])
    if (!existsSync(file))
      throw new EngineMissing(`Overread’s vocabulary is incomplete: ${file} is missing. Install Overread again.`);
  let calls: ReturnType<typeof bind>;
  try {
    calls = bind();
  } catch {
    throw new EngineMissing(`PocketSphinx is not on this computer. ${howToInstall}`);
  }
  const opened: number[] = [];
  /** The library takes names of files alone: these are names of its own memory, so that words of a case are never on a disk. */
  const inMemory = (text: string): string => {
    const file = calls.memoryFile('overread', 0);
    if (file < 0)
      throw new EngineMissing('This computer gave no memory for the words of the case. Choose another engine.');
    opened.push(file);
    writeFileSync(file, text);
    return `/proc/self/fd/${file}`;
  };
  try {
    const own = readFileSync(dictionary, 'utf8');
    const added = pronunciationsOf(unknownWords(words, own), generalDictionary);
    const places =
      words.length === 0
        ? { model, dictionary }
        : {
            model: inMemory(withCaseWords(readFileSync(model, 'utf8'), words, added)),
            dictionary: inMemory(`${own}${added.map(({ word, phones }) => `${word} ${phones}\n`).join('')}`),
          };
    const line = ['overread', '-hmm', acousticModel, '-dict', places.dictionary, '-lm', places.model];
    line.push('-logfn', '/dev/null');
    const settings = calls.parse(null, calls.definitions(), line.length, line, 1);
    const decoder = settings === null ? null : calls.open(settings);
    if (decoder === null)
      throw new EngineMissing('PocketSphinx did not take Overread’s language model and dictionary.');
    return recogniserOf(calls, decoder);
  } finally {
    for (const file of opened) closeSync(file);
  }
}

function recogniserOf(calls: ReturnType<typeof bind>, decoder: Decoder): Recogniser {
  return {
    begin: () => {
      if (calls.begin(decoder) < 0) throw new Error('PocketSphinx did not begin an utterance');
    },
    push: (pcm) => {
      if (calls.sound(decoder, pcm, pcm.length, 0, 0) < 0) throw new Error('PocketSphinx did not take the sound');
      return calls.guess(decoder, [0]) ?? '';
    },
    end: () => {
      if (calls.end(decoder) < 0) throw new Error('PocketSphinx did not end the utterance');
      // Asked for first: it makes the lattice from which the posteriors of single words come.
      calls.guess(decoder, [0]);
      const logarithms = calls.logarithms(decoder);
      const found: RecognisedWord[] = [];
      for (let segment = calls.segments(decoder); segment !== null; segment = calls.next(segment)) {
        const word = calls.word(segment).replace(/\(\d+\)$/, '');
        // Silence and noises are no words.
        if (/^(?:<.*>|\[.*\]|\+\+.*\+\+)$/.test(word)) continue;
        const posterior = calls.exponent(logarithms, calls.posterior(segment, [0], [0], [0]));
        found.push({ word, confidence: Math.round(Math.min(1, posterior) * 1_000) / 1_000 });
      }
      return found;
    },
    close: () => void calls.free(decoder),
  };
}
