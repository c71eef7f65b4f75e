import type { DicomwebPath } from './dicomweb-path.ts';
import type { CacheWriter, FrameCache } from './frame-cache.ts';
import { keepBegun } from './keep-begun.ts';
import { boundaryOf, closingBoundary, createMultipartReader, parseContentType } from './multipart.ts';
import { brokenAnswer, coalesced, streamOf } from './pass-through.ts';
import { createResumedParts, type ResumedParts } from './resumed-parts.ts';
import { type Answer, type Asking, chunksOf, type Upstream } from './upstream.ts';

/** What of a series came before its answer broke off. */
export type Begun = { readonly contentType: string; readonly names: readonly string[] };

export type RestOptions = {
  readonly upstream: Upstream;
  readonly cache: FrameCache;
  readonly target: DicomwebPath;
  readonly accept: string;
  readonly about: string;
  readonly signal: AbortSignal;
  readonly begun: Begun;
  /** SOP Instance UIDs of all objects of the series, as the archive lists them now. */
  readonly listed: readonly string[];
};

/**
 * A series whose answer broke off once: what came whole is read from the sealed cache, what is missing is asked for object by object, one
 * after another, since a group host lets a desktop fetch few things at once. Only when all of it is here does the series count as kept.
 * Null where the archive does not give single objects so.
 */
export async function restOfSeries(options: RestOptions): Promise<Response | null> {
  const { begun, target, upstream } = options;
  const boundary = boundaryOf(parseContentType(begun.contentType));
  if (boundary === null) return null;
  const listed = new Set(options.listed);
  // An object that the archive does not list any more is not part of the series.
  const kept = begun.names.filter((name) => listed.delete(name));
  const missing = [...listed];
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const release = (): void => options.signal.removeEventListener('abort', stop);
  const askFor = (name: string): Single => {
    const asking: Asking = {
      method: 'GET',
      path: `${target.path}/instances/${encodeURIComponent(name)}`,
      accept: options.accept,
      pixels: true,
      signal: controller.signal,
    };
    return { name, asking, answer: upstream.ask(asking) };
  };
  const next = missing.shift();
  const asked = next === undefined ? null : askFor(next);
  const first = await asked?.answer;
  if (first !== undefined && (!first.ok || boundaryOfAnswer(first.value) === null)) {
    stop();
    release();
    return null;
  }
  const writer = options.cache.writer(options.about);
  const pieces = joined({ ...options, boundary, kept, asked, missing, askFor, writer });
  const body = streamOf(coalesced(pieces), { signal: controller.signal, cancelled: stop, over: release });
  return new Response(body, { headers: { 'Content-Type': begun.contentType } });
}

type Single = { readonly name: string; readonly asking: Asking; readonly answer: ReturnType<Upstream['ask']> };

function boundaryOfAnswer(answer: Answer): string | null {
  return boundaryOf(parseContentType(answer.headers.get('content-type')));
}

async function* joined(
  options: RestOptions & {
    readonly boundary: string;
    readonly kept: readonly string[];
    /** The first of the missing ones. */
    readonly asked: Single | null;
    readonly missing: string[];
    readonly askFor: (name: string) => Single;
    readonly writer: CacheWriter;
  },
): AsyncGenerator<Uint8Array, void, void> {
  const { cache, about, begun, boundary, kept, asked, missing, askFor, writer, upstream } = options;
  const resumed = createResumedParts(boundary);
  let current: Asking = { method: 'GET', path: options.target.path, accept: options.accept };
  let size = 0;
  const given = (piece: Uint8Array): Uint8Array => {
    size += piece.length;
    writer.write(piece);
    return piece;
  };
  try {
    for (const name of kept) {
      const part = await cache.part(about, name);
      // Altered on disk or let go meanwhile: it is one of the missing ones.
      if (part === null) missing.push(name);
      else {
        resumed.again(name, part.bytes);
        for (const piece of resumed.take()) yield given(piece);
        await cache.caughtUp();
      }
    }
    for (let next = asked ?? fresh(missing, askFor); next !== null; next = fresh(missing, askFor)) {
      current = next.asking;
      yield* single(next, resumed, upstream, given);
    }
    const closing = closingBoundary(boundary);
    writer.write(closing);
    writer.commit({ contentType: begun.contentType, parts: resumed.parts(), places: resumed.places() });
    yield closing;
  } catch (reason) {
    throw brokenAnswer(upstream, current, reason, `${resumed.parts()} whole parts (${size} bytes)`);
  } finally {
    keepBegun(writer, begun.contentType, resumed, begun.names.length);
  }
}

function fresh(missing: string[], askFor: (name: string) => Single): Single | null {
  const name = missing.shift();
  return name === undefined ? null : askFor(name);
}

/** One object of its own answer, as the next part of the series. */
async function* single(
  { name, asking, answer }: Single,
  resumed: ResumedParts,
  upstream: Upstream,
  given: (piece: Uint8Array) => Uint8Array,
): AsyncGenerator<Uint8Array, void, void> {
  const came = await answer;
  if (!came.ok) throw brokenBy(came.error.message);
  const boundary = boundaryOfAnswer(came.value);
  if (boundary === null) {
    came.value.stop();
    throw brokenBy('an object did not come as DICOMweb sends it');
  }
  const before = resumed.parts();
  const reader = createMultipartReader(boundary, resumed.attempt({ behind: true }), { parts: 1 });
  for await (const chunk of chunksOf(came.value, upstream.limits, asking.signal)) {
    const read = reader.push(chunk);
    for (const piece of resumed.take()) yield given(piece);
    if (!read.ok) throw brokenBy(read.error.message);
  }
  const finished = reader.finish();
  if (!finished.ok) throw brokenBy(finished.error.message);
  // Another object under this address would be counted as the one that is missing.
  if (resumed.parts() !== before + 1 || resumed.places().at(-1)?.name !== name)
    throw brokenBy('another object came than the one asked for');
}

const brokenBy = (words: string): Error => new Error(words);
