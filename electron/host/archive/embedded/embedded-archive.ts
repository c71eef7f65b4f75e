import { join } from 'node:path';
import type { FetchHandler, Ports } from '../../ports.ts';
import { startThread, threadEntry } from '../../threads/rpc.ts';
import { type DicomwebPath, parseDicomwebPath } from '../dicomweb-path.ts';
import { boundaryOf, closingBoundary, createMultipartReader, parseContentType, partHeader } from '../multipart.ts';
import { openSealedFile, type SealingKey, sealingKey } from '../sealed-file.ts';
import type { ArchiveThread, ArchiveThreadData, Place, StoredFile } from './archive-thread.ts';
import type { Level } from './instance-index.ts';
import { objectAbout, objectPath, type ReadTrouble, type StoreOutcome } from './object-store.ts';
import { tagOfKey } from './query-attributes.ts';
import type { MatchKey } from './query-match.ts';

/** Where the embedded archive is for who asks it through its fetch handler: a name that no network knows. */
export const embeddedArchiveUrl = 'http://archive.embedded.invalid/dicom-web';

const largestObject = 2 * 1024 * 1024 * 1024 - 1;
const largestRows = 100_000;
/** Until a thread that does not come back from one object is ended and started anew (milliseconds). */
const storeTime = 60_000;

export type EmbeddedArchive = { readonly fetch: FetchHandler; close(): Promise<void> };

/** DICOMweb (PS3.18) over a folder of sealed Part 10 objects, behind the same fetch interface as a server on the network. */
export async function createEmbeddedArchive(options: {
  /** The data folder; the archive keeps to `archive/` below it. */
  readonly directory: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly ports: Ports;
}): Promise<EmbeddedArchive> {
  const { ports } = options;
  const directory = join(options.directory, 'archive');
  const sealing = await sealingKey(options.key, 'embedded archive');
  const entry = threadEntry(new URL('./archive-thread.ts', import.meta.url), 'archive-thread');
  const start = () =>
    startThread<ArchiveThread>(entry, { directory, key: options.key, now: ports.now() } satisfies ArchiveThreadData);
  let thread = start();
  let closed = false;
  await thread.ready();
  /** Another thread where this one is still the present one: of two that write one index, and after the end, there must be none. */
  const renew = (dead: typeof thread): void => {
    if (!closed && thread === dead) thread = start();
  };

  async function storeOne(part10: Uint8Array): Promise<StoreOutcome> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), storeTime);
    });
    const mine = thread;
    const outcome = await Promise.race([mine.store(part10), late]).finally(() => clearTimeout(timer));
    if (outcome !== 'late') return outcome;
    ports.log.error('an object held up the archive; its thread was started anew');
    await mine.stop();
    renew(mine);
    return {
      kind: 'refused',
      sopClass: '',
      sopInstance: '',
      code: 0x0110,
      message: 'reading the object takes too long',
    };
  }

  async function store(request: Request): Promise<Response> {
    const contentType = parseContentType(request.headers.get('content-type'));
    const boundary = boundaryOf(contentType);
    if (boundary === null || contentType.parameters.get('type') !== 'application/dicom') {
      return text(415, 'STOW-RS here takes multipart/related; type="application/dicom".');
    }
    const outcomes: StoreOutcome[] = [];
    let part: Uint8Array[] = [];
    let length = 0;
    let ready: Uint8Array[] = [];
    const reader = createMultipartReader(boundary, {
      partStart: () => {
        part = [];
        length = 0;
      },
      partData: (bytes) => {
        length += bytes.length;
        if (length <= largestObject) part.push(Uint8Array.from(bytes));
      },
      partEnd: () => {
        ready.push(length <= largestObject ? Buffer.concat(part) : new Uint8Array(0));
        part = [];
      },
    });
    for await (const chunk of request.body ?? []) {
      const read = reader.push(chunk);
      const whole = ready;
      ready = [];
      for (const one of whole) outcomes.push(await storeOne(one));
      if (!read.ok) return text(400, read.error.message);
    }
    const finished = reader.finish();
    if (!finished.ok && outcomes.length === 0) return text(400, finished.error.message);
    return stowAnswer(outcomes, finished.ok ? null : finished.error.message);
  }

  function stream(files: readonly StoredFile[], ended: () => boolean): AsyncGenerator<Uint8Array, void, void> {
    return objectBytes(directory, sealing, files, ended);
  }
  async function retrieve(place: Place, accept: string): Promise<Response> {
    const files = await thread.files(place);
    if (files.length === 0) return text(404, 'The archive does not have it.');
    const wanted = /transfer-syntax="?([\d.*]+)"?/.exec(accept)?.[1] ?? '*';
    if (wanted !== '*' && files.some((one) => one.transferSyntax !== wanted)) {
      return text(406, 'The archive hands objects out in the transfer syntax in which they came.');
    }
    const only = files[0];
    const single =
      place.instance !== null && only !== undefined && parseContentType(accept).type === 'application/dicom';
    let ended = false;
    const boundary = `overread-${ports.newId()}`;
    const pieces = single
      ? stream([only], () => ended)
      : multipartOf(files, boundary, (one) => stream([one], () => ended));
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const next = await pieces.next();
            if (next.done) controller.close();
            else controller.enqueue(next.value);
          } catch (reason) {
            controller.error(reason);
          }
        },
        cancel: async () => {
          ended = true;
          await pieces.return();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = new Headers({
      'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    });
    if (single) {
      headers.set('Content-Type', 'application/dicom');
      headers.set('Content-Length', String(only.length));
    }
    return new Response(body, { headers });
  }
  async function frames(target: DicomwebPath, place: Place): Promise<Response> {
    const found = await thread.frames(place, target.frames);
    if (!found.ok) return trouble(found.error);
    const boundary = `overread-${ports.newId()}`;
    const contentType = `application/octet-stream; transfer-syntax=${found.value.transferSyntax}`;
    const body: Uint8Array[] = [];
    for (const [at, frame] of found.value.frames.entries()) {
      body.push(partHeader(boundary, { contentType, contentLength: frame.length }, at === 0), frame);
    }
    body.push(closingBoundary(boundary));
    return new Response(Buffer.concat(body), {
      headers: { 'Content-Type': `multipart/related; type="application/octet-stream"; boundary=${boundary}` },
    });
  }
  async function get(asked: string, base: string, accept: string): Promise<Response> {
    const target = parseDicomwebPath(asked);
    if (!target.ok) return text(400, 'That is no DICOMweb address of this archive.');
    const { study, series, instance, kind } = target.value;
    if (kind === 'search') return search(target.value);
    if (study === null) return text(404, 'The archive does not have it.');
    const place: Place = { study, series, instance };
    switch (kind) {
      case 'study':
      case 'series':
      case 'instance':
        return retrieve(place, accept);
      case 'metadata': {
        const found = await thread.metadata(place, base);
        if (!found.ok) return trouble(found.error);
        return found.value === null ? text(404, 'The archive does not have it.') : json(found.value);
      }
      case 'frames':
        return frames(target.value, place);
      case 'bulk': {
        const tag = target.value.path.split('/').at(-1) ?? '';
        const found = await thread.bulk(place, tag);
        if (!found.ok) return trouble(found.error);
        return new Response(found.value as Uint8Array<ArrayBuffer>, {
          headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(found.value.length) },
        });
      }
      case 'rendered':
        return text(406, 'The embedded archive draws no images.');
    }
  }
  async function search(target: DicomwebPath): Promise<Response> {
    const last = target.path.split('?')[0]?.split('/').at(-1);
    const level: Level = last === 'series' ? 'series' : last === 'instances' ? 'instance' : 'study';
    const keys: MatchKey[] = [];
    let limit = largestRows;
    let offset = 0;
    for (const [name, value] of new URLSearchParams(target.path.split('?')[1] ?? '')) {
      const key = name.toLowerCase();
      if (key === 'includefield' || key === 'fuzzymatching') continue;
      if (key === 'limit' || key === 'offset') {
        if (!/^\d{1,9}$/.test(value)) return text(400, `${key} must be a number.`);
        if (key === 'limit') limit = Math.min(limit, Number(value));
        else offset = Number(value);
        continue;
      }
      const tag = tagOfKey(name);
      // A key that is ignored finds more than was asked for: other people's studies.
      if (tag === null) return text(400, `This archive cannot search by ${name}.`);
      keys.push({ tag, wanted: value });
    }
    if (limit === 0) return json(Buffer.from('[]'));
    return json(await thread.search({ level, study: target.study, series: target.series, keys, limit, offset }));
  }

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const found = /^(\/dicom-web)(\/studies.*)$/.exec(url.pathname);
    if (found === null) return text(404, 'There is no such resource in this archive.');
    const asked = `${decodedPath(found[2] ?? '')}${url.search}`;
    if (request.method === 'POST') return found[2] === '/studies' ? store(request) : text(405, 'Store to /studies.');
    if (request.method !== 'GET') return text(405, 'The archive reads and stores; it changes and deletes nothing.');
    return get(asked, `${url.origin}${found[1]}`, request.headers.get('accept') ?? '*/*');
  }

  return {
    fetch: async (request) => {
      if (closed) return text(503, 'The embedded archive is closed.');
      const mine = thread;
      try {
        return await handle(request);
      } catch (reason) {
        const ended = reason instanceof Error && /^(the thread ended|Worker terminated)/.test(reason.message);
        ports.log.error('the embedded archive failed', { threadEnded: ended });
        // A thread that died (out of memory) must not take the archive with it: the next request finds a new one.
        if (ended) renew(mine);
        return text(500, 'The embedded archive failed.');
      }
    },
    close: async () => {
      closed = true;
      await thread.stop();
    },
  };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/';
  }
}

async function* objectBytes(
  directory: string,
  sealing: SealingKey,
  files: readonly StoredFile[],
  ended: () => boolean,
): AsyncGenerator<Uint8Array, void, void> {
  for (const one of files) {
    const opened = await openSealedFile(objectPath(directory, one.name), objectAbout(one.name), sealing);
    if (!opened.ok) throw new Error('A stored object is missing or was altered.');
    try {
      for (let index = 0; index < opened.value.chunks && !ended(); index += 1) {
        const chunk = await opened.value.chunk(index);
        if (!chunk.ok) throw new Error('A stored object was altered.');
        yield chunk.value;
      }
    } finally {
      await opened.value.close();
    }
  }
}

async function* multipartOf(
  files: readonly StoredFile[],
  boundary: string,
  bytesOf: (file: StoredFile) => AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  for (const [at, one] of files.entries()) {
    const contentType = `application/dicom; transfer-syntax=${one.transferSyntax}`;
    yield partHeader(boundary, { contentType, contentLength: one.length }, at === 0);
    yield* bytesOf(one);
  }
  yield closingBoundary(boundary);
}

/** The Store Instances response (PS3.18 10.5.3.2): 200 all stored, 202 some, 409 none. */
function stowAnswer(outcomes: readonly StoreOutcome[], cutOff: string | null): Response {
  const reference = (one: StoreOutcome) => ({
    ...(one.sopClass === '' ? {} : { '00081150': { vr: 'UI', Value: [one.sopClass] } }),
    ...(one.sopInstance === '' ? {} : { '00081155': { vr: 'UI', Value: [one.sopInstance] } }),
  });
  const stored = outcomes.filter((one) => one.kind === 'stored').map(reference);
  const failed = outcomes
    .filter((one) => one.kind === 'refused')
    .map((one) => ({
      ...reference(one),
      '00081197': { vr: 'US', Value: [one.code] },
    }));
  const answer = {
    ...(stored.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: stored } }),
    ...(failed.length === 0 ? {} : { '00081198': { vr: 'SQ', Value: failed } }),
    ...(cutOff === null ? {} : { '0008119A': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0x0110] } }] } }),
  };
  const status = stored.length === 0 ? 409 : failed.length === 0 && cutOff === null ? 200 : 202;
  const headers = new Headers({ 'Content-Type': 'application/dicom+json' });
  // In words for people (PS3.18 8.4.3): the codes above are what a program decides on.
  const words = outcomes.flatMap((one) => (one.kind === 'refused' ? [one.message] : [])).concat(cutOff ?? []);
  if (words.length > 0)
    headers.set(
      'Warning',
      `299 overread "${[...new Set(words)]
        .join('; ')
        .replaceAll(/[^ -!#-~]/g, '?')
        .slice(0, 512)}"`,
    );
  return new Response(JSON.stringify(answer), { status, headers });
}

function trouble(reason: ReadTrouble): Response {
  return text(reason.code === 'altered' ? 500 : 404, reason.message);
}

function json(bytes: Uint8Array): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'Content-Type': 'application/dicom+json', 'Content-Length': String(bytes.length) },
  });
}

function text(status: number, message: string): Response {
  return new Response(message, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
