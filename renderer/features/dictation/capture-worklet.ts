/** What the audio thread knows; the page's own types do not name it. */
declare const registerProcessor: (name: string, make: new () => AudioWorkletPart) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
type AudioWorkletPart = AudioWorkletProcessor & { process(inputs: readonly (readonly Float32Array[])[]): boolean };

/** Pieces of 100 ms at 16 kHz: short enough for words to appear as they are said. */
const pieceLength = 1_600;

/** Turns what the microphone gives into 16-bit samples and hands them to the page, piece by piece. */
class Capture extends AudioWorkletProcessor {
  private piece = new Int16Array(pieceLength);
  private filled = 0;

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const samples = inputs[0]?.[0];
    if (samples === undefined) return true;
    for (const sample of samples) {
      this.piece[this.filled] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767)));
      this.filled += 1;
      if (this.filled < pieceLength) continue;
      this.port.postMessage(this.piece, [this.piece.buffer]);
      this.piece = new Int16Array(pieceLength);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('overread-capture', Capture);
