import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecognisedWord } from '../../../shared/domain/dictation/index.ts';
import type { SherpaModel } from './engine-messages.ts';
import { EngineMissing, type Recogniser, sampleRate } from './recogniser.ts';
import { pieceScores } from './sentence-pieces.ts';
import {
  loadSherpa,
  type SherpaLibrary,
  type SherpaResult,
  type SherpaStream,
  type SherpaVad,
} from './sherpa-library.ts';

/** Silence after the last sound, in samples: the model looks ahead, and the last word comes out of what follows it. */
const tail = new Float32Array(sampleRate * 0.66);
/** How much a word of the case is preferred; the library's own default. Not measured here: no model can be had. */
const preference = 1.5;
/** The sound window of Silero's model at 16 kHz, in samples. */
const voiceWindow = 512;

/** Opens sherpa-onnx with a streaming transducer. Throws `EngineMissing`, with the words for the reader. */
export function openSherpa(model: SherpaModel, vocabulary: readonly string[]): Recogniser {
  let library: SherpaLibrary;
  try {
    library = loadSherpa();
  } catch {
    throw new EngineMissing('sherpa-onnx has no library for this kind of computer. Choose another engine.');
  }
  const preferred = preferredWords(model, vocabulary);
  const recogniser = (() => {
    try {
      return new library.OnlineRecognizer({
        featConfig: { sampleRate, featureDim: 80 },
        modelConfig: {
          transducer: { encoder: model.encoder, decoder: model.decoder, joiner: model.joiner },
          tokens: model.tokens,
          // Images are decoded beside it: one thread follows speech.
          numThreads: 1,
          provider: 'cpu',
          debug: 0,
          ...(preferred === null ? {} : { modelingUnit: 'bpe', bpeVocab: preferred.pieces }),
        },
        decodingMethod: 'modified_beam_search',
        maxActivePaths: 4,
        enableEndpoint: false,
        ...(preferred === null
          ? {}
          : {
              hotwordsBuf: preferred.words,
              hotwordsBufSize: Buffer.byteLength(preferred.words),
              hotwordsScore: preference,
            }),
      });
    } catch {
      throw new EngineMissing(
        'sherpa-onnx did not take the speech model. Download it anew, or give another folder where the speech engine is chosen.',
      );
    } finally {
      preferred?.forget();
    }
  })();
  const voice = model.voice === null ? null : openVoice(library, model.voice);
  let stream: SherpaStream | null = null;
  const decode = (now: SherpaStream): SherpaResult => {
    while (recogniser.isReady(now)) recogniser.decode(now);
    return recogniser.getResult(now);
  };
  return {
    begin: () => {
      stream = recogniser.createStream();
    },
    push: (pcm) => {
      if (stream === null) throw new Error('sound came before an utterance began');
      stream.acceptWaveform({ samples: asFloats(pcm), sampleRate });
      return decode(stream).text.trim().toLowerCase();
    },
    end: () => {
      if (stream === null) throw new Error('an utterance ended before it began');
      stream.acceptWaveform({ samples: tail, sampleRate });
      stream.inputFinished();
      const result = decode(stream);
      stream = null;
      return sherpaWords(result);
    },
    ...(voice === null ? {} : { isSpeech: voice }),
    close: () => {
      stream = null;
    },
  };
}

/** Words of a result, each as sure as the least sure of its pieces; without a confidence where the decoder gave none. */
export function sherpaWords(result: SherpaResult): readonly RecognisedWord[] {
  const { tokens = [], ys_probs: sure = [] } = result;
  const said = result.text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const words: { word: string; confidence: number | null }[] = [];
  for (const [index, token] of tokens.entries()) {
    const text = token.replaceAll('\u2581', ' ');
    const least = sure.length === tokens.length ? Math.min(1, Math.exp(sure[index] ?? 0)) : null;
    const last = words.at(-1);
    if (text.startsWith(' ') || last === undefined) {
      words.push({ word: text.trim().toLowerCase(), confidence: least });
      continue;
    }
    last.word += text.trim().toLowerCase();
    last.confidence = last.confidence === null || least === null ? null : Math.min(last.confidence, least);
  }
  const found = words.filter(({ word }) => word !== '');
  // Pieces that do not spell what was heard tell nothing about its words.
  if (found.map(({ word }) => word).join(' ') !== said.join(' '))
    return said.map((word) => ({ word, confidence: null }));
  return found.map(({ word, confidence }) => ({
    word,
    confidence: confidence === null ? null : Math.round(confidence * 1_000) / 1_000,
  }));
}

/**
 * Words of the case as the library takes them: in memory, never in a file. Null where the model came without its word pieces. Only plain
 * letters, which every such model can spell.
 */
function preferredWords(model: SherpaModel, vocabulary: readonly string[]) {
  const plain = [...new Set(vocabulary.map((one) => one.toUpperCase()))].filter((one) => /^[A-Z']+$/.test(one));
  if (model.pieces === null || plain.length === 0) return null;
  let scores: string | null;
  try {
    scores = pieceScores(readFileSync(model.pieces));
  } catch {
    scores = null;
  }
  if (scores === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'overread-pieces-'));
  const pieces = join(folder, 'bpe.vocab');
  // The model's own pieces, the same for everybody: nothing of a patient.
  writeFileSync(pieces, scores);
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  return { words: `${plain.join('\n')}\n`, pieces, forget };
}

/** Silero's judgement of what is speech, for sound in pieces of any length. */
function openVoice(library: SherpaLibrary, file: string): (pcm: Int16Array) => boolean {
  const voice: SherpaVad = new library.Vad(
    {
      sileroVad: {
        model: file,
        threshold: 0.5,
        // The listener counts the silence itself.
        minSilenceDuration: 0.1,
        minSpeechDuration: 0.06,
        windowSize: voiceWindow,
        maxSpeechDuration: 60,
      },
      sampleRate,
      numThreads: 1,
      provider: 'cpu',
      debug: 0,
    },
    60,
  );
  let rest = new Float32Array(0);
  return (pcm) => {
    const all = new Float32Array(rest.length + pcm.length);
    all.set(rest);
    all.set(asFloats(pcm), rest.length);
    let at = 0;
    for (; at + voiceWindow <= all.length; at += voiceWindow) voice.acceptWaveform(all.slice(at, at + voiceWindow));
    rest = all.slice(at);
    // Sound that it keeps for others is let go of.
    while (!voice.isEmpty()) voice.pop();
    return voice.isDetected();
  };
}

function asFloats(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (sample) => sample / 32_768);
}
