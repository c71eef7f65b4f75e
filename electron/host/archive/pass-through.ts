import type { Result } from '../../../shared/lib/result.ts';
import type { DicomwebPath } from './dicomweb-path.ts';
import type { CacheWriter } from './frame-cache.ts';
import { keepBegun } from './keep-begun.ts';
import { boundaryOf, closingBoundary, createMultipartReader, parseContentType } from './multipart.ts';
import { createResumedParts } from './resumed-parts.ts';
import type { ArchiveFailure } from './types.ts';
import { type Answer, type Asking, causeOf, chunksOf, IdleError, SlowError, type Upstream } from './upstream.ts';
import { jsonEnds } from './whole-json.ts';

const largeChunk = 1024 * 1024;
const smallChunk = 64 * 1024;
/** A slow line gives what it has after this long (milliseconds), instead of waiting for a chunk to fill. */
const longestHold = 50;

/** Types of a single-part answer that are images or DICOM; HTML, FHIR and plain text are somebody else's answer. */
const singleTypes =
  /^(application\/(dicom|dicom\+json|json|octet-stream|pdf)|image\/(jpeg|png|gif|jls|jp2|jpx|jphc|jph|dicom-rle|x-dicom-rle|x-jls)|video\/(mp4|mpeg2|mpeg))$/;

export type PassOptions = {
  readonly upstream: Upstream;
  readonly target: DicomwebPath;
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly range: string | undefined;
  readonly writer: CacheWriter | null;
  /** True where nobody waits for it. */
  readonly ahead?: boolean | undefined;
  /** Objects of it that are kept from before. */
  readonly begun: number;
  /** Boundary of our own making for the body that goes out. */
  readonly boundary: string;
};

/** What went wrong after the header had gone out; the page sees its stream end in an error. */
export class BrokenAnswer extends Error {
  readonly failure: ArchiveFailure;
  constructor(failure: ArchiveFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Asks the archive and streams its answer through; an answer that is no DICOMweb is a failure before anything goes out. */
export async function passThrough(options: PassOptions): Promise<Result<Response, ArchiveFailure>> {
  const { upstream, target } = options;
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const asking: Asking = {
    method: 'GET',
    path: target.path,
    accept: options.accept,
    signal: controller.signal,
    pixels: hasPixels(target),
    ...(options.range === undefined ? {} : { range: options.range }),
  };
  const release = (): void => options.signal.removeEventListener('abort', stop);

  const answered = await upstream.ask(asking);
  if (!answered.ok) {
    options.writer?.abandon();
    release();
    return answered;
  }
  const answer = answered.value;
  const contentType = parseContentType(answer.headers.get('content-type'));
  const multipart = boundaryOf(contentType);
  if (answer.status !== 204 && multipart === null && !singleTypes.test(contentType.type)) {
    options.writer?.abandon();
    void answer.body?.cancel().catch(() => undefined);
    answer.stop();
    release();
    const cameBack = `${answer.status} ${contentType.type === '' ? 'without a content type' : contentType.type}`;
    const failed = upstream.failure(
      'not-dicomweb',
      asking,
      cameBack,
      `The archive ${upstream.name} answered with something that is not DICOMweb.`,
    );
    return { ok: false, error: failed };
  }
  const headers = new Headers();
  let pieces: AsyncGenerator<Uint8Array, void, void>;
  if (multipart === null) {
    const type = answer.headers.get('content-type');
    if (type !== null) headers.set('Content-Type', type);
    const range = answer.headers.get('content-range');
    if (answer.status === 206 && range !== null) headers.set('Content-Range', range);
    pieces = singlePart(options, asking, answer, type ?? '');
  } else {
    const inner =
      contentType.parameters.get('type') ??
      (target.kind === 'frames' ? 'application/octet-stream' : 'application/dicom');
    const type = `multipart/related; type="${inner.replaceAll(/[^\w/+.-]/g, '')}"; boundary=${options.boundary}`;
    headers.set('Content-Type', type);
    pieces = manyParts(options, asking, answer, multipart, type);
  }
  if (answer.status === 204) {
    release();
    answer.stop();
    options.writer?.abandon();
    return { ok: true, value: new Response(null, { status: 204 }) };
  }
  const body = streamOf(coalesced(pieces), {
    signal: controller.signal,
    cancelled: stop,
    over: release,
  });
  return { ok: true, value: new Response(body, { status: answer.status, headers }) };
}

/** Whether an answer is mostly pixels: those of an object, of some of them, or of one frame. */
function hasPixels({ kind }: DicomwebPath): boolean {
  return kind === 'study' || kind === 'series' || kind === 'instance' || kind === 'frames' || kind === 'bulk';
}

export function brokenAnswer(upstream: Upstream, asking: Asking, reason: unknown, sofar: string): BrokenAnswer {
  if (reason instanceof BrokenAnswer) return reason;
  if (reason instanceof SlowError) {
    return new BrokenAnswer(
      upstream.failure(
        'timeout',
        asking,
        `${sofar}, ${reason.message}`,
        `The archive ${upstream.name} sends too slowly; what came is shown.`,
      ),
    );
  }
  if (reason instanceof IdleError) {
    return new BrokenAnswer(
      upstream.failure(
        'timeout',
        asking,
        `${sofar}, then nothing`,
        `The archive ${upstream.name} stopped in the middle of its answer.`,
      ),
    );
  }
  return new BrokenAnswer(
    upstream.failure(
      'unreachable',
      asking,
      `${sofar}, then ${causeOf(reason)}`,
      `The archive ${upstream.name} broke off its answer.`,
    ),
  );
}

async function* singlePart(
  options: PassOptions,
  asking: Asking,
  answer: Answer,
  type: string,
): AsyncGenerator<Uint8Array, void, void> {
  const { upstream, writer } = options;
  const declared = answer.headers.get('content-encoding') === null ? answer.headers.get('content-length') : null;
  const expected = declared === null ? null : Number(declared);
  // Some servers compress what is JSON: then its own end is the proof.
  const ends =
    expected === null && writer !== null && /^application\/(dicom\+)?json$/.test(parseContentType(type).type)
      ? jsonEnds()
      : null;
  let size = 0;
  let isRead = false;
  try {
    for await (const chunk of chunksOf(answer, upstream.limits, asking.signal)) {
      size += chunk.length;
      if (size > upstream.limits.streamBytes) {
        throw new BrokenAnswer(
          upstream.failure(
            'too-large',
            asking,
            `more than ${upstream.limits.streamBytes} bytes`,
            'The answer is larger than we pass on.',
          ),
        );
      }
      writer?.write(chunk);
      ends?.push(chunk);
      yield chunk;
    }
    if (expected !== null && size !== expected) throw new Error(`${size} of ${expected} bytes`);
    isRead = true;
  } catch (reason) {
    throw brokenAnswer(upstream, asking, reason, `${size} bytes`);
  } finally {
    // Left early (the page went away) or broken off: nothing half-read is kept.
    if (!isRead) writer?.abandon();
  }
  // Without a declared length or an end of its own nothing proves that this is all of it: passed on, but not kept.
  const isWhole = expected !== null || ends?.isWhole() === true;
  if (isWhole && size > 0 && answer.status === 200) writer?.commit({ contentType: type, parts: 0 });
  else writer?.abandon();
}

async function* manyParts(
  options: PassOptions,
  asking: Asking,
  firstAnswer: Answer,
  firstBoundary: string,
  type: string,
): AsyncGenerator<Uint8Array, void, void> {
  const { upstream, writer, boundary } = options;
  const resumed = createResumedParts(boundary);
  let size = 0;
  const sofar = (): string => `${resumed.parts()} whole parts (${size} bytes)`;
  async function* attempt(answer: Answer, theirBoundary: string): AsyncGenerator<Uint8Array, void, void> {
    const reader = createMultipartReader(theirBoundary, resumed.attempt(), { parts: upstream.limits.parts });
    for await (const chunk of chunksOf(answer, upstream.limits, asking.signal)) {
      const read = reader.push(chunk);
      for (const piece of resumed.take()) {
        size += piece.length;
        writer?.write(piece);
        yield piece;
      }
      if (!read.ok) throw new Error(read.error.message);
      if (resumed.mismatch()) break;
      if (size > upstream.limits.streamBytes) {
        throw new BrokenAnswer(
          upstream.failure(
            'too-large',
            asking,
            `more than ${upstream.limits.streamBytes} bytes`,
            'The answer is larger than we pass on.',
          ),
        );
      }
    }
    const finished = reader.finish();
    if (resumed.mismatch() || !resumed.caughtUp()) {
      throw new BrokenAnswer(
        upstream.failure(
          'refused',
          asking,
          'a second answer that differs from the first',
          `The archive ${upstream.name} broke off its answer and then gave another one.`,
        ),
      );
    }
    if (!finished.ok) throw new Error(finished.error.message);
  }
  try {
    try {
      yield* attempt(firstAnswer, firstBoundary);
    } catch (reason) {
      // A whole series or study costs much to lose at its end; a frame is asked for again by the page.
      // Ahead of a reader nobody waits: what is missing is asked for by itself.
      const worthwhile =
        options.ahead !== true && (options.target.kind === 'series' || options.target.kind === 'study');
      if (
        !worthwhile ||
        reason instanceof BrokenAnswer ||
        reason instanceof IdleError ||
        reason instanceof SlowError ||
        asking.signal?.aborted
      )
        throw reason;
      const again = await upstream.ask(asking);
      if (!again.ok) throw new BrokenAnswer(again.error);
      const theirBoundary = boundaryOf(parseContentType(again.value.headers.get('content-type')));
      if (theirBoundary === null) {
        again.value.stop();
        throw reason;
      }
      yield* attempt(again.value, theirBoundary);
    }
    if (resumed.parts() === 0) throw new Error('an answer without parts');
    const closing = closingBoundary(boundary);
    writer?.write(closing);
    writer?.commit({ contentType: type, parts: resumed.parts(), places: resumed.places() });
    yield closing;
  } catch (reason) {
    throw brokenAnswer(upstream, asking, reason, sofar());
  } finally {
    // Left early, or broken off: the whole objects of a series that came need not be asked for again.
    if (writer !== null && options.target.kind === 'series') keepBegun(writer, type, resumed, options.begun);
    else writer?.abandon();
  }
}

/** Memory that is written to its end before any of it goes out: not filled with nought before. Of its own, since the shell may hand it on. */
const room = (size: number): Uint8Array => Buffer.allocUnsafeSlow(size);

/** Fewer, larger chunks: a page pays for each one. The first goes out small, so that the first image comes soon. */
export async function* coalesced(
  pieces: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  let held = room(smallChunk);
  let length = 0;
  let since = performance.now();
  for await (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const count = Math.min(piece.length - at, held.length - length);
      held.set(piece.subarray(at, at + count), length);
      length += count;
      at += count;
      const full = length === held.length;
      if (full || (at === piece.length && performance.now() - since > longestHold)) {
        yield held.subarray(0, length);
        held = room(full ? largeChunk : held.length);
        length = 0;
        since = performance.now();
      }
    }
  }
  if (length > 0) yield held.subarray(0, length);
}

/** A body that ends its source when it is cancelled or when the signal fires, whether or not the shell tells the request. */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  hooks: { readonly signal: AbortSignal; cancelled(): void; over(): void },
): ReadableStream<Uint8Array> {
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    hooks.over();
  };
  /** Resolves when the source has settled what it does with what came. */
  const abandon = async (): Promise<void> => {
    if (over) return;
    hooks.cancelled();
    end();
    await pieces.return().catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        hooks.signal.addEventListener(
          'abort',
          () => {
            if (over) return;
            void abandon().finally(() => controller.error(new Error('The request was ended.')));
          },
          { once: true },
        );
      },
      pull: async (controller) => {
        try {
          const next = await pieces.next();
          if (over) return;
          if (next.done) {
            end();
            controller.close();
          } else controller.enqueue(next.value);
        } catch (reason) {
          if (over) return;
          end();
          controller.error(reason);
        }
      },
      cancel: abandon,
    },
    { highWaterMark: 1 },
  );
}
