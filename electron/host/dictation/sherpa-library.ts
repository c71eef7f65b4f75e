import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';

export type SherpaStream = {
  acceptWaveform(sound: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  inputFinished(): void;
};
export type SherpaResult = {
  readonly text: string;
  /** Word pieces: the first of a word begins with a space or with U+2581. */
  readonly tokens?: readonly string[];
  /** Natural logarithm of the probability of each token, where the decoder gives it. */
  readonly ys_probs?: readonly number[];
};
export type SherpaRecognizer = {
  createStream(): SherpaStream;
  isReady(stream: SherpaStream): boolean;
  decode(stream: SherpaStream): void;
  getResult(stream: SherpaStream): SherpaResult;
};
export type SherpaVad = {
  acceptWaveform(samples: Float32Array): void;
  isDetected(): boolean;
  isEmpty(): boolean;
  pop(): void;
  reset(): void;
};
/** What is used of the package sherpa-onnx-node. */
export type SherpaLibrary = {
  readonly version: string;
  readonly OnlineRecognizer: new (settings: unknown) => SherpaRecognizer;
  readonly Vad: new (settings: unknown, seconds: number) => SherpaVad;
};

const require = createRequire(import.meta.url);

/** Whether the native library for this kind of computer was installed. It is not loaded: that is for the engine's own process. */
export function isSherpaInstalled(): boolean {
  const system = platform() === 'win32' ? 'win' : platform();
  try {
    require.resolve('sherpa-onnx-node');
    require.resolve(`sherpa-onnx-${system}-${arch()}/sherpa-onnx.node`);
    return true;
  } catch {
    return false;
  }
}

/** Loads the native library into this process. Throws where there is none for this kind of computer. */
export function loadSherpa(): SherpaLibrary {
  return require('sherpa-onnx-node') as SherpaLibrary;
}
