import { err, ok, type Result } from '../../../shared/lib/result.ts';
import captureWorklet from './capture-worklet.ts?worker&url';

export type Microphone = { close(): void };
/** Opens the microphone; `onPiece` gets 16 kHz sound, 100 ms at a time. `onLost`: it was unplugged or taken away. */
export type OpenMicrophone = (
  onPiece: (pcm: Int16Array) => void,
  onLost: () => void,
) => Promise<Result<Microphone, string>>;

const sampleRate = 16_000;

function whyNot(reason: unknown): string {
  const name = reason instanceof DOMException ? reason.name : '';
  if (name === 'NotAllowedError')
    return 'The microphone was not allowed. Allow it for Overread in the browser or the system, then press Dictate again.';
  if (name === 'NotFoundError') return 'No microphone was found. Plug one in, then press Dictate again.';
  if (name === 'NotReadableError')
    return 'The microphone is in use by another program. Close that, then press Dictate again.';
  return 'The microphone could not be opened. Check it in the system’s sound settings, then press Dictate again.';
}

/** The system's own microphone, unprocessed: engines are made for that. */
export const openMicrophone: OpenMicrophone = async (onPiece, onLost) => {
  let stream: MediaStream | null = null;
  let context: AudioContext | null = null;
  const close = (): void => {
    for (const track of stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    void context?.close().catch(() => undefined);
  };
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 },
    });
    context = new AudioContext({ sampleRate });
    await context.audioWorklet.addModule(captureWorklet);
    const capture = new AudioWorkletNode(context, 'overread-capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }: MessageEvent<Int16Array>) => onPiece(data);
    context.createMediaStreamSource(stream).connect(capture);
    await context.resume();
    for (const track of stream.getTracks()) track.onended = onLost;
    return ok({ close });
  } catch (reason) {
    close();
    return err(whyNot(reason));
  }
};
