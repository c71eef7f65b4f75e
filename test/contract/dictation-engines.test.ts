import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpeechEvent } from '../../electron/host/dictation/engine-messages.ts';
import { createListener } from '../../electron/host/dictation/listener.ts';
import { modelInFolder } from '../../electron/host/dictation/models/model-in-folder.ts';
import { shippedModels } from '../../electron/host/dictation/models/model-list.ts';
import { openPocketSphinx } from '../../electron/host/dictation/pocketsphinx.ts';
import { EngineMissing, type Recogniser } from '../../electron/host/dictation/recogniser.ts';
import { openSherpa } from '../../electron/host/dictation/sherpa.ts';
import { vocabularyFolder } from '../../electron/host/dictation/vocabulary-folder.ts';
import { joined, pieces, silence, spoken } from '../speech/spoken.ts';

/** An engine that hears what was recorded of one, word by word at the times at which it heard them. */
function recordedEngine(): Recogniser {
  const takes = [
    { words: ['no', 'pneumothorax', 'period'], at: [400, 900, 1_300], confidence: [0.98, 0.91, 0.99] },
    { words: ['next', 'field'], at: [300, 600], confidence: [0.97, 0.96] },
  ];
  let take = -1;
  let heard = 0;
  const now = () => takes[Math.max(0, take) % takes.length];
  return {
    begin: () => {
      take += 1;
      heard = 0;
    },
    push: (pcm) => {
      heard += pcm.length / 16;
      return (now()?.words ?? []).filter((_, index) => (now()?.at[index] ?? 0) <= heard).join(' ');
    },
    end: () => (now()?.words ?? []).map((word, index) => ({ word, confidence: now()?.confidence[index] ?? null })),
    close: () => undefined,
  };
}

/** A folder with a streaming model: none can be had where this was written, so that sherpa-onnx runs this only where one is named. */
const modelFolder = process.env.OVERREAD_TEST_SPEECH_MODEL ?? '';
const model = modelFolder === '' ? null : await modelInFolder(modelFolder, shippedModels());
if (model === null)
  console.log('sherpa-onnx: skipped. Name a folder with a streaming model in OVERREAD_TEST_SPEECH_MODEL to run it.');
else if (!model.ok) throw new Error(model.error);

const engines: readonly { readonly name: string; readonly open: () => Recogniser }[] = [
  { name: 'an engine with recorded timings', open: recordedEngine },
  { name: 'PocketSphinx', open: () => openPocketSphinx(vocabularyFolder()) },
  ...(model === null ? [] : [{ name: 'sherpa-onnx', open: () => openSherpa(model.value, ['pneumothorax']) }]),
];

const sentence = spoken('no pneumothorax period');
const command = spoken('next field');

describe.each(engines)('$name', ({ open }) => {
  let engine: Recogniser;
  let events: SpeechEvent[] = [];
  let listener: ReturnType<typeof createListener>;
  beforeAll(() => {
    engine = open();
    listener = createListener(engine, (event) => events.push(event));
  });
  afterAll(() => engine.close());
  const hear = (pcm: Int16Array): readonly SpeechEvent[] => {
    events = [];
    for (const piece of pieces(pcm)) listener.push(piece);
    listener.finish();
    return events;
  };
  const finals = (all: readonly SpeechEvent[]) => all.filter((event) => event.type === 'final');

  it('hears a sentence and a command apart: begun, guessed at, and final with a confidence for each word', () => {
    const heard = hear(joined(silence(400), sentence, silence(900), command, silence(900)));
    expect(heard.filter((event) => event.type === 'began').map((event) => event.utterance)).toEqual([1, 2]);
    const [first, second] = finals(heard);
    expect(first?.words.map((one) => one.word).join(' ')).toBe('no pneumothorax period');
    expect(second?.words.map((one) => one.word).join(' ')).toBe('next field');
    for (const one of finals(heard).flatMap((event) => event.words)) {
      expect(one.confidence).toBeGreaterThanOrEqual(0);
      expect(one.confidence).toBeLessThanOrEqual(1);
    }
    expect(second?.pauseBefore).toBeGreaterThanOrEqual(400);
    expect(second?.pauseAfter).toBeGreaterThanOrEqual(400);
    const order = heard.map((event) => `${event.type} ${event.utterance}`);
    expect(order.indexOf('final 1')).toBeLessThan(order.indexOf('began 2'));
    expect(order.indexOf('partial 1')).toBeGreaterThan(order.indexOf('began 1'));
  });

  it('hears nothing in silence', () => {
    expect(hear(silence(2_000))).toEqual([]);
  });

  it('ends what is under way when the reader lets go', () => {
    const heard = hear(joined(silence(300), sentence));
    expect(finals(heard)).toHaveLength(1);
    expect(finals(heard)[0]?.words.length).toBeGreaterThan(0);
  });
});

it('an engine without its files says what is missing and what to do', () => {
  expect(() => openPocketSphinx('/nowhere')).toThrow(EngineMissing);
  expect(() => openPocketSphinx('/nowhere')).toThrow(/radiology\.arpa is missing/);
});
