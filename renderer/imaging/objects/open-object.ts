import { err, type Result } from '../../../shared/lib/result.ts';
import type { ArchiveRequests } from '../archive-requests.ts';
import type { ImagingFailure, SeriesImages } from '../types.ts';
import { mostObjectBytes } from './object-limit.ts';
import type { ToObjectWorker } from './object-worker.ts';
import type { ObjectAsked, ObjectRead } from './read-object.ts';

/** Milliseconds that a worker may take to read one object. */
const longestRead = 20_000;

const cancelled = err<ImagingFailure>({ code: 'cancelled', words: 'The case was closed.' });

/** Brings one object that is no image and reads it in a worker of its own, which ends with it. */
export async function openObject(
  requests: ArchiveRequests,
  series: SeriesImages,
  asked: ObjectAsked,
  signal: AbortSignal,
): Promise<Result<ObjectRead, ImagingFailure>> {
  const answer = await requests.instance(asked.studyUid, series.seriesUid, asked.instanceUid, signal);
  if (signal.aborted) return cancelled;
  if (!answer.ok) return answer;
  const bytes = await within(answer.value, mostObjectBytes);
  if (signal.aborted) return cancelled;
  if (bytes === 'too-large')
    return err({ code: 'over-budget', words: 'This object is larger than what is opened (256 MB).' });
  if (bytes === 'cut') return err({ code: 'truncated', words: 'The answer for this object was cut short.' });
  return inWorker({ bytes, contentType: answer.value.headers.get('Content-Type') ?? '', asked }, signal);
}

/** The body, as long as it is no larger than allowed. */
async function within(response: Response, most: number): Promise<Uint8Array | 'too-large' | 'cut'> {
  const reader = response.body?.getReader();
  if (reader === undefined) return 'cut';
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > most) {
        await reader.cancel().catch(() => undefined);
        return 'too-large';
      }
      chunks.push(value);
    }
  } catch {
    return 'cut';
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function inWorker(message: ToObjectWorker, signal: AbortSignal): Promise<Result<ObjectRead, ImagingFailure>> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./object-worker.ts', import.meta.url), { type: 'module' });
    const end = (result: Result<ObjectRead, ImagingFailure>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      worker.terminate();
      resolve(result);
    };
    const stop = (): void => end(cancelled);
    const timer = setTimeout(
      () =>
        end(err({ code: 'over-budget', words: 'Reading this object took longer than is allowed: it was given up.' })),
      longestRead,
    );
    signal.addEventListener('abort', stop, { once: true });
    worker.onmessage = ({ data }: MessageEvent<Result<ObjectRead, ImagingFailure>>) => end(data);
    worker.onerror = () => end(err({ code: 'undecodable', words: 'This object could not be read.' }));
    worker.postMessage(message, [message.bytes.buffer as ArrayBuffer]);
  });
}
