import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRate } from '../../electron/host/dictation/recogniser.ts';

export type Voice = 'flite' | 'espeak-ng';

/** The samples of a WAV file of 16-bit mono sound, and how many a second. */
export function readWave(bytes: Buffer): { readonly pcm: Int16Array; readonly rate: number } {
  const rate = bytes.readUInt32LE(24);
  const start = bytes.indexOf('data') + 8;
  const pcm = new Int16Array(Math.floor((bytes.length - start) / 2));
  for (let at = 0; at < pcm.length; at += 1) pcm[at] = bytes.readInt16LE(start + at * 2);
  return { pcm, rate };
}

/** A WAV file of 16-bit mono sound. */
export function waveOf(pcm: Int16Array, rate: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + pcm.length * 2, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(pcm.length * 2, 40);
  return Buffer.concat([head, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

/** The same sound at another rate, between samples by straight lines: enough for speech. */
export function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm;
  const out = new Int16Array(Math.floor((pcm.length * to) / from));
  for (let at = 0; at < out.length; at += 1) {
    const place = (at * from) / to;
    const left = Math.floor(place);
    const before = pcm[left] ?? 0;
    out[at] = Math.round(before + ((pcm[left + 1] ?? before) - before) * (place - left));
  }
  return out;
}

/** A sentence spoken by a Debian program, at 16 kHz. Throws when the program is missing. */
export function spoken(sentence: string, voice: Voice = 'flite'): Int16Array {
  const folder = mkdtempSync(join(tmpdir(), 'overread-speech-'));
  try {
    const file = join(folder, 'said.wav');
    const parameters =
      voice === 'flite'
        ? ['-voice', 'slt', '-t', sentence, '-o', file]
        : ['-v', 'en-us', '-s', '140', '-w', file, sentence];
    const run = spawnSync(voice, parameters);
    if (run.status !== 0) throw new Error(`${voice} is missing: apt-get install ${voice}`);
    const { pcm, rate } = readWave(readFileSync(file));
    return resampled(pcm, rate, sampleRate);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const silence = (milliseconds: number): Int16Array => new Int16Array((sampleRate / 1_000) * milliseconds);

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Pieces of 100 ms, as the page sends them. */
export function pieces(pcm: Int16Array): readonly Int16Array[] {
  const size = sampleRate / 10;
  return Array.from({ length: Math.ceil(pcm.length / size) }, (_, index) =>
    pcm.slice(index * size, (index + 1) * size),
  );
}

/** White noise over the sound, so many decibels below its mean loudness; the same at every run. */
export function withNoise(pcm: Int16Array, decibels: number): Int16Array {
  let sum = 0;
  let count = 0;
  for (const sample of pcm)
    if (Math.abs(sample) > 100) {
      sum += sample * sample;
      count += 1;
    }
  const strength = Math.sqrt(sum / Math.max(1, count)) / 10 ** (decibels / 20);
  let state = 7;
  const dice = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  // Even noise between -1 and 1 has a mean square of a third.
  return pcm.map((sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample + (dice() * 2 - 1) * strength * Math.sqrt(3)))),
  );
}
