import { decodeFrame } from './decode.ts';
import { boundaryOf, MultipartError, type MultipartReader, multipartReader } from './multipart.ts';
import { overlaysOf } from './overlay-planes.ts';
import { type InstancePixels, type InstanceRead, readInstance } from './part10.ts';
import type { FromPixelWorker, SeriesRequest, ToPixelWorker } from './pixel-messages.ts';
import type { ImagingFailure } from './types.ts';

type Send = (message: FromPixelWorker, transfer: Transferable[]) => void;
type Job = { readonly studyUid: string; readonly reader: MultipartReader | null; chunks: Uint8Array[]; parts: number };

/** Asks for a whole series; rejects as `fetch` does. */
export type FetchSeries = (request: SeriesRequest, signal: AbortSignal) => Promise<Response>;

/** What a worker is asked beside its work is answered by its thread. */
export type PixelWork = Exclude<ToPixelWorker, { type: 'graphics' }>;

const maximumPartBytes = 2_000_000_000;
/** Bytes that are read at once: more come seldom. */
const pieceBytes = 256 * 1024;
/** Bytes after which the page is told that they came. */
const toldAfter = 4 * 1024 * 1024;

/**
 * The work of a pixel worker, apart from the thread it runs in: takes messages one after the other, in the order they came, and
 * forgets a dropped job even while it is being decoded.
 */
export function pixelJobs(send: Send, fetchSeries: FetchSeries): (message: PixelWork) => Promise<void> {
  const jobs = new Map<number, Job>();
  const asking = new Map<number, AbortController>();
  const dropped = new Set<number>();
  let queue: Promise<void> = Promise.resolve();
  /** Memory for the next piece of a series, while none is being read. */
  let spare: ArrayBuffer | null = null;

  function fail(job: number, instanceUid: string | null, frame: number | null, failure: ImagingFailure): void {
    if (!dropped.has(job)) send({ type: 'failed', job, instanceUid, frame, failure }, []);
  }

  /** Compressed frames alone may take long: what is stored plainly is only copied (PS3.5 A.4). */
  function announce(
    job: number,
    of: Pick<InstancePixels, 'transferSyntax' | 'description'> & { readonly bytes: Uint8Array },
  ): void {
    if (!of.transferSyntax.startsWith('1.2.840.10008.1.2.4.')) return;
    const { rows, columns, samplesPerPixel } = of.description;
    // A few bytes that claim to be a huge picture get no more time than they can be worth.
    const samples = Math.min(rows * columns * samplesPerPixel, of.bytes.length * 100);
    send({ type: 'decoding', job, samples }, []);
  }

  async function emitInstance(job: number, studyUid: string, read: InstanceRead, only: number | null): Promise<void> {
    if (!read.ok) return fail(job, read.instanceUid, only, read.failure);
    const { instanceUid, frames } = read.value;
    if (read.value.studyUid !== studyUid) {
      return fail(job, null, only, {
        code: 'not-the-image-asked-for',
        words: 'The archive sent an image of another study in answer. It was thrown away.',
      });
    }
    // A part of the answer is a copy of its own (`multipartReader`): where it holds one picture and no overlay, its memory becomes that picture's.
    const own = frames.length === 1 && read.value.overlays.length === 0;
    for (const [index, bytes] of frames.entries()) {
      if (dropped.has(job)) return;
      if (only !== null && index + 1 !== only) continue;
      announce(job, { ...read.value, bytes });
      const decoded = await decodeFrame({ ...read.value, bytes, own });
      if (dropped.has(job)) return;
      if (!decoded.ok) fail(job, instanceUid, index + 1, decoded.failure);
      else {
        const overlays = overlaysOf(read.value.overlays, index + 1);
        const image = overlays.length === 0 ? decoded.frame : { ...decoded.frame, overlays };
        send({ type: 'image', job, instanceUid, frame: index + 1, image }, [image.pixels.buffer as ArrayBuffer]);
      }
    }
  }

  /**
   * Piece by piece, null at the end; each is taken before the next is asked for, because all come in the same memory: what a thread that
   * then rests would keep is one piece, not all of the last study. A stream that cannot do that (WHATWG Streams 4.5) gives memory of its own.
   */
  function pieces(body: ReadableStream<Uint8Array<ArrayBuffer>>): () => Promise<Uint8Array | null> {
    let reader: ReadableStreamBYOBReader;
    try {
      reader = body.getReader({ mode: 'byob' });
    } catch {
      const usual = body.getReader();
      return async () => (await usual.read()).value ?? null;
    }
    let memory = spare ?? new ArrayBuffer(pieceBytes);
    spare = null;
    return async () => {
      const { done, value } = await reader.read(new Uint8Array(memory));
      if (value !== undefined) memory = value.buffer;
      if (!done && value !== undefined) return value;
      spare = memory;
      return null;
    };
  }

  /** Asks for a series and takes each piece before the next is read, so that no more of it lies in memory than a piece. */
  async function takeSeries({ job, studyUid, request }: Extract<ToPixelWorker, { type: 'fetch' }>): Promise<void> {
    const aborter = new AbortController();
    asking.set(job, aborter);
    let untold = 0;
    const tell = (): void => {
      if (untold > 0 && !dropped.has(job)) send({ type: 'bytes', job, bytes: untold }, []);
      untold = 0;
    };
    try {
      const answer = await fetchSeries(request, aborter.signal);
      const read = answer.ok && answer.body !== null ? pieces(answer.body) : null;
      if (read === null) {
        aborter.abort();
        if (!dropped.has(job)) send({ type: 'done', job, parts: 0, closed: false }, []);
        return;
      }
      await inTurn({ type: 'open', job, studyUid, contentType: answer.headers.get('Content-Type') ?? '' });
      for (;;) {
        const bytes = await read();
        if (bytes === null || dropped.has(job)) break;
        untold += bytes.length;
        if (untold >= toldAfter) tell();
        await inTurn({ type: 'chunk', job, bytes });
        // What could not be read was told as done already.
        if (!jobs.has(job)) return aborter.abort();
      }
    } catch {
      // The other side closed before the end: the parts that came whole are good, the rest is asked for again.
    } finally {
      asking.delete(job);
    }
    tell();
    if (jobs.has(job)) await inTurn({ type: 'end', job });
    else if (!dropped.has(job)) send({ type: 'done', job, parts: 0, closed: false }, []);
  }

  async function take(message: Exclude<PixelWork, { type: 'ping' | 'fetch' }>): Promise<void> {
    if (message.type !== 'drop' && dropped.has(message.job)) return;
    switch (message.type) {
      case 'drop':
        return;
      case 'open': {
        const boundary = boundaryOf(message.contentType);
        const reader = boundary === null ? null : multipartReader(boundary, maximumPartBytes);
        jobs.set(message.job, { studyUid: message.studyUid, reader, chunks: [], parts: 0 });
        return;
      }
      case 'chunk': {
        const job = jobs.get(message.job);
        if (job === undefined) return;
        if (job.reader === null) {
          job.chunks.push(message.bytes.slice());
          return;
        }
        for (const part of job.reader.push(message.bytes)) {
          job.parts += 1;
          await emitInstance(message.job, job.studyUid, readInstance(part.body), null);
        }
        return;
      }
      case 'end': {
        const job = jobs.get(message.job);
        jobs.delete(message.job);
        if (job === undefined) return;
        if (job.reader === null) {
          // One object alone may come without multipart (application/dicom).
          job.parts += 1;
          await emitInstance(message.job, job.studyUid, readInstance(joined(job.chunks)), null);
        }
        send({ type: 'done', job: message.job, parts: job.parts, closed: job.reader?.closed() ?? true }, []);
        return;
      }
      case 'frame':
        return takeFrame(message);
    }
  }

  async function takeFrame(message: Extract<ToPixelWorker, { type: 'frame' }>): Promise<void> {
    const { job, instanceUid, frame } = message;
    const part = singlePart(message.contentType, message.bytes);
    if (part === null) {
      fail(job, instanceUid, frame, { code: 'truncated', words: 'The answer for this image was cut short.' });
    } else if (part.type.startsWith('application/dicom')) {
      const read = readInstance(part.body);
      if (read.ok && read.value.instanceUid !== instanceUid) {
        fail(job, instanceUid, frame, {
          code: 'not-the-image-asked-for',
          words: 'The archive sent another image than the one asked for. It was thrown away.',
        });
      } else await emitInstance(job, message.studyUid, read, frame);
    } else {
      const transferSyntax = syntaxOf(part.type);
      announce(job, { transferSyntax, description: message.description, bytes: part.body });
      const decoded = await decodeFrame({
        bytes: part.body,
        transferSyntax,
        description: message.description,
        palette: null,
        modalityTable: null,
        voiTables: [],
        float: false,
        own: true,
      });
      if (dropped.has(job)) return;
      if (decoded.ok) {
        send({ type: 'image', job, instanceUid, frame, image: decoded.frame }, [
          decoded.frame.pixels.buffer as ArrayBuffer,
        ]);
      } else fail(job, instanceUid, frame, decoded.failure);
    }
    send({ type: 'done', job, parts: part === null ? 0 : 1, closed: part !== null }, []);
  }

  function inTurn(message: Exclude<PixelWork, { type: 'ping' | 'fetch' }>): Promise<void> {
    queue = queue.then(() =>
      take(message).catch((error: unknown) => {
        jobs.delete(message.job);
        fail(message.job, null, null, {
          code: 'not-dicomweb',
          words:
            error instanceof MultipartError
              ? `The archive's answer could not be read: ${error.message}.`
              : 'The archive’s answer could not be read.',
        });
        send({ type: 'done', job: message.job, parts: 0, closed: false }, []);
      }),
    );
    return queue;
  }

  return (message) => {
    switch (message.type) {
      case 'ping':
        send({ type: 'pong' }, []);
        return Promise.resolve();
      case 'drop':
        // At once, not in turn: what is being decoded for it must not be sent any more.
        dropped.add(message.job);
        jobs.delete(message.job);
        asking.get(message.job)?.abort();
        return Promise.resolve();
      case 'fetch':
        return takeSeries(message);
      default:
        return inTurn(message);
    }
  };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function singlePart(
  contentType: string,
  bytes: Uint8Array,
): { readonly type: string; readonly body: Uint8Array } | null {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return { type: contentType, body: bytes };
  const reader = multipartReader(boundary, maximumPartBytes);
  const [part] = reader.push(bytes);
  return part === undefined || !reader.closed()
    ? null
    : { type: part.headers.get('content-type') ?? 'application/octet-stream', body: part.body };
}

/** Transfer syntax of a frame by its media type (PS3.18 8.7.3, table 8.7.3-5). */
export function syntaxOf(type: string): string {
  const named = /transfer-syntax\s*=\s*"?([0-9.]+)"?/i.exec(type)?.[1];
  if (named !== undefined) return named;
  const media = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return mediaSyntaxes[media] ?? '1.2.840.10008.1.2.1';
}

const mediaSyntaxes: Readonly<Record<string, string>> = {
  'image/jpeg': '1.2.840.10008.1.2.4.50',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
  'image/x-dicom-rle': '1.2.840.10008.1.2.5',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/x-jls': '1.2.840.10008.1.2.4.80',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jphc': '1.2.840.10008.1.2.4.201',
};
