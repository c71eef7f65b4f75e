import { createHash } from 'node:crypto';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Ports } from '../ports.ts';
import { type DicomwebPath, parseDicomwebPath } from './dicomweb-path.ts';
import type { CachedAnswer, FrameCache } from './frame-cache.ts';
import { boundaryOf, closingBoundary, parseContentType } from './multipart.ts';
import { passThrough } from './pass-through.ts';
import { type RestOptions, restOfSeries } from './rest-of-series.ts';
import { type SeriesStanding, samplePrint, seriesStanding } from './series-standing.ts';
import type { ArchiveClient, ArchiveFailure } from './types.ts';
import type { Upstream } from './upstream.ts';

/** A series may grow while it is being sent; for this long (milliseconds) a count that was checked is believed. */
const countBelieved = 30_000;
/** How whole series are asked for by pages and ahead of them: only what is asked for alike is found in the cache. */
export const acceptObjects = 'multipart/related; type="application/dicom"; transfer-syntax=*';
/** As pages ask for one frame, and as it is asked for ahead of them. */
export const acceptFrames = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
/** Metadata of a series of so few images is cheap to ask for, and then every correction of any of them is seen: it is not kept ahead. */
export const fewImages = 12;
/** The cached series waits no longer than this (milliseconds) to hear whether it has grown. */
const countWait = 2_000;

/** An `ArchiveFailure` as an answer to the page. */
export function failureResponse(failure: ArchiveFailure): Response {
  return Response.json(failure, { status: statusOf(failure.code) });
}

/** Never 401: the page would take it for the end of its own session. */
function statusOf(code: ArchiveFailure['code']): number {
  switch (code) {
    case 'not-found':
      return 404;
    case 'ambiguous-patient':
      return 409;
    case 'timeout':
      return 504;
    case 'refused':
    case 'unauthorised':
    case 'unreachable':
    case 'not-dicomweb':
    case 'too-large':
      return 502;
    default:
      return assertNever(code);
  }
}

/** How the archive listed a series, and told of one of its instances, when its metadata was kept. */
export type KeptPrint = { readonly print: string; readonly instance: string };

export function createPass(options: {
  readonly upstream: Upstream;
  readonly ports: Ports;
  readonly cache: FrameCache | null;
  /** By the name of an answer without its print: how the archive listed the series when its metadata was kept. */
  readonly prints: Map<string, KeptPrint>;
  readonly closing: AbortSignal;
  /** SOP Instance UIDs of a series as the archive lists it; null where it does not. */
  readonly listed: (study: string, series: string) => Promise<readonly string[] | null>;
}): ArchiveClient['pass'] {
  const { upstream, ports, cache, prints } = options;
  const checked = new Map<string, { readonly parts: number; readonly at: number }>();

  /** A cached series is whole, but the archive's may have grown since: a few milliseconds against a slice that nobody sees. */
  async function isStillWhole(about: string, target: DicomwebPath, cached: CachedAnswer): Promise<boolean> {
    if (target.kind !== 'series') return true;
    const last = checked.get(about);
    if (last !== undefined && last.parts === cached.parts && ports.now() - last.at < countBelieved) return true;
    const standing = await standingNow(target);
    if (standing === null) return true;
    believe(about, standing.count);
    return standing.count === cached.parts;
  }

  function believe(about: string, parts: number): void {
    if (checked.size > 10_000) checked.clear();
    checked.set(about, { parts, at: ports.now() });
  }

  const standingNow = (target: DicomwebPath): Promise<SeriesStanding | null> =>
    seriesStanding(upstream, target, options.closing, countWait);

  /**
   * Metadata may be corrected where pixels may not: what was kept counts only while the archive lists the series, its patient and its
   * study, and tells of one of its images, word for word as it did then. One row and one object against hundreds that the archive would
   * have to read. A correction of another single image under its old UID is not seen by that.
   */
  async function metadataKey(target: DicomwebPath, accept: string, ahead: boolean): Promise<string | null> {
    if (cache === null || target.kind !== 'metadata' || target.series === null || target.instance !== null) return null;
    const name = keptUnder(upstream.name, target.path, accept);
    const before = prints.get(name);
    if (!ahead && before === undefined) return null;
    const [standing, sample] = await Promise.all([
      standingNow(target),
      samplePrint(upstream, target, ahead ? null : (before?.instance ?? null), options.closing, countWait),
    ]);
    if (standing !== null)
      believe(
        keptUnder(upstream.name, `/studies/${target.study}/series/${target.series}`, acceptObjects),
        standing.count,
      );
    if (standing === null || standing.print === null || sample === null) return null;
    if (standing.count <= fewImages) return null;
    const print = createHash('sha256').update(`${standing.print}|${sample.instance}|${sample.print}`).digest('hex');
    if (!ahead && print !== before?.print) return null;
    if (prints.size > 10_000) prints.clear();
    prints.set(name, { print, instance: sample.instance });
    return `${name}|${print}`;
  }

  /**
   * One object out of its series, where that is kept: what a reader looks at first neither goes over the line again nor waits behind the
   * other hundreds. An object never changes under its UID.
   */
  async function ofKeptSeries(target: DicomwebPath, accept: string): Promise<Response | null> {
    const { kind, study, series, instance } = target;
    if (cache === null || kind !== 'instance' || series === null || instance === null) return null;
    const name = keptUnder(upstream.name, `/studies/${study}/series/${series}`, accept);
    const found = await cache.part(name, instance);
    const boundary = found === null ? null : boundaryOf(parseContentType(found.contentType));
    if (found === null || boundary === null) return null;
    const body = Buffer.concat([found.bytes, closingBoundary(boundary)]);
    return new Response(body, { headers: { 'Content-Type': found.contentType } });
  }

  /** The rest of a series of which something came before; null where it is better asked for as a whole, or cannot be asked for otherwise. */
  async function restOf(
    target: DicomwebPath,
    of: Pick<RestOptions, 'about' | 'accept' | 'begun' | 'signal'> & { readonly ahead: boolean },
  ): Promise<Response | null> {
    const { study, series } = target;
    if (cache === null || study === null || series === null) return null;
    const listed = await options.listed(study, series);
    if (listed === null) return null;
    const here = new Set(of.begun.names);
    const came = listed.filter((name) => here.has(name)).length;
    // Whoever looks at a screen is not made to wait for hundreds of single objects where little of it is here.
    if (came === 0 || (!of.ahead && came < listed.length / 2)) return null;
    return restOfSeries({ ...of, upstream, cache, target, listed });
  }

  return async (path, accept, { signal, range, ahead }) => {
    const target = parseDicomwebPath(path);
    if (!target.ok) {
      const code: ArchiveFailure['code'] = 'refused';
      return Response.json(
        { code, asked: 'GET', cameBack: 'nothing was asked', message: 'That is no DICOMweb address of a study.' },
        { status: 400 },
      );
    }
    if (!/^[\w/+.*;="', -]{1,512}$/.test(accept) || (range !== undefined && !/^bytes=\d{0,15}-\d{0,15}$/.test(range))) {
      return Response.json(
        {
          code: 'refused',
          asked: 'GET',
          cameBack: 'nothing was asked',
          message: 'The Accept or Range header is malformed.',
        },
        { status: 400 },
      );
    }
    const both = AbortSignal.any([signal, options.closing]);
    const kept = range === undefined ? await ofKeptSeries(target.value, accept) : null;
    if (kept !== null) return kept;
    const about =
      cacheKey(upstream.name, target.value, accept) ?? (await metadataKey(target.value, accept, ahead === true));
    if (cache !== null && about !== null) {
      const cached = await cache.read(about);
      if (cached !== null) {
        if (await isStillWhole(about, target.value, cached)) {
          return new Response(abortable(cached.body, both), { headers: { 'Content-Type': cached.contentType } });
        }
        await cached.body.cancel();
        await cache.drop(about);
      }
    }
    const isSeries = range === undefined && target.value.kind === 'series';
    const begun = isSeries && cache !== null && about !== null ? await cache.begun(about) : null;
    if (begun !== null && about !== null) {
      const rest = await restOf(target.value, { about, accept, begun, ahead: ahead === true, signal: both });
      if (rest !== null) return rest;
    }
    const writer =
      cache === null || about === null || range !== undefined
        ? null
        : cache.writer(about, { afterwards: ahead !== true });
    const passed = await passThrough({
      upstream,
      target: target.value,
      accept,
      signal: both,
      range,
      writer,
      ahead,
      begun: begun?.names.length ?? 0,
      boundary: `overread-${ports.newId()}`,
    });
    return passed.ok ? passed.value : failureResponse(passed.error);
  };
}

/** The name under which the cache keeps an answer to `path`, which begins at `/studies`. */
export function keptUnder(archive: string, path: string, accept: string): string {
  return `${archive}|${path}|${accept.toLowerCase().replaceAll(/\s+/g, '')}`;
}

/** The beginning that the names of all kept answers of a study have. */
export function studyKeptUnder(archive: string, studyUid: string): string {
  return `${archive}|/studies/${studyUid}`;
}

/** What never changes may be kept: a whole series as it was counted, an instance, its frames, its bulk data. */
function cacheKey(archive: string, target: DicomwebPath, accept: string): string | null {
  switch (target.kind) {
    case 'series':
    case 'instance':
    case 'frames':
    case 'bulk':
      return keptUnder(archive, target.path, accept);
    case 'search':
    case 'metadata':
    case 'study':
    case 'rendered':
      return null;
    default:
      return assertNever(target.kind);
  }
}

function abortable(body: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          if (signal.aborted) throw new Error('The request was ended.');
          const next = await reader.read();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        } catch (reason) {
          void reader.cancel().catch(() => undefined);
          controller.error(reason);
        }
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
}
