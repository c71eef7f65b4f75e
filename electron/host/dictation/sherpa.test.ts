import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pieceScores } from './sentence-pieces.ts';
import { sherpaWords } from './sherpa.ts';
import { isSherpaInstalled } from './sherpa-library.ts';

describe('sherpa-onnx', () => {
  it('its native library is installed for this kind of computer and loads, in a process of its own', () => {
    expect(isSherpaInstalled()).toBe(true);
    const library = new URL('./sherpa-library.ts', import.meta.url).href;
    const run = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { loadSherpa } = await import(${JSON.stringify(library)});
         const { version, OnlineRecognizer, Vad } = loadSherpa();
         console.log(JSON.stringify([version, typeof OnlineRecognizer, typeof Vad]));`,
      ],
      { encoding: 'utf8' },
    );
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual([expect.stringMatching(/^1\.13\.\d+$/), 'function', 'function']);
  });

  it('each word is as sure as the least sure of its pieces', () => {
    const heard = {
      text: ' NO PNEUMOTHORAX',
      tokens: [' NO', ' P', 'NE', 'U', 'MO', 'THORAX'],
      ys_probs: [Math.log(0.98), Math.log(0.9), Math.log(0.6), Math.log(0.95), Math.log(0.99), Math.log(0.97)],
    };
    expect(sherpaWords(heard)).toEqual([
      { word: 'no', confidence: 0.98 },
      { word: 'pneumothorax', confidence: 0.6 },
    ]);
    expect(sherpaWords({ ...heard, tokens: heard.tokens.map((one) => one.replace(' ', '\u2581')) })).toEqual(
      sherpaWords(heard),
    );
  });

  it('gives no confidence where the decoder gave none, or where its pieces are of other words', () => {
    const unsure = [
      { word: 'no', confidence: null },
      { word: 'mass', confidence: null },
    ];
    expect(sherpaWords({ text: 'NO MASS', tokens: [' NO', ' MASS'] })).toEqual(unsure);
    expect(sherpaWords({ text: 'NO MASS', tokens: [' NO', ' MAP'], ys_probs: [0, 0] })).toEqual(unsure);
    expect(sherpaWords({ text: '' })).toEqual([]);
  });
});

describe('word pieces of a SentencePiece model', () => {
  const piece = (text: string, score: number): Buffer => {
    const words = Buffer.from(text);
    const number = Buffer.alloc(4);
    number.writeFloatLE(score);
    const inner = Buffer.concat([
      Buffer.from([0x0a, words.length]),
      words,
      Buffer.from([0x15]),
      number,
      Buffer.from([0x18, 2]),
    ]);
    return Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
  };
  it('are read with their scores; what else the model holds is passed over', () => {
    const trainer = Buffer.concat([Buffer.from([0x12, 3]), Buffer.from('abc')]);
    expect(pieceScores(Buffer.concat([piece('\u2581THE', -3.5), piece('S', -2.25), trainer]))).toBe(
      '\u2581THE\t-3.5\nS\t-2.25\n',
    );
  });
  it('of a file that is none are none', () => {
    expect(pieceScores(Buffer.from('version https://git-lfs'))).toBeNull();
    expect(pieceScores(piece('THE', -1).subarray(0, 7))).toBeNull();
    expect(pieceScores(Buffer.alloc(0))).toBeNull();
  });
});
