import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readInstance } from '../../../renderer/imaging/part10.ts';

type Json = Record<string, { vr: string; Value?: unknown[] }>;
type Held = { readonly file: string; readonly metadata: Json };

/** A folder of DICOM files answered as DICOMweb (PS3.18): metadata by dcmtk's dcm2json, pixels as the files hold them. */
export type StaticDicomweb = {
  readonly studies: readonly string[];
  /** Files of a study, for tests that ask other tools about them. */
  files(studyUid: string): readonly { readonly file: string; readonly metadata: Json }[];
  /** `path` begins with /studies. Null when it is none of ours. */
  answer(path: string): Promise<Response | null>;
};

const run = promisify(execFile);

async function dicomFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const name of names.sort()) {
    if (/\.(txt|md|json)$/i.test(name)) continue;
    const head = (await readFile(name)).subarray(128, 132).toString('latin1');
    if (head === 'DICM') found.push(name);
  }
  return found;
}

async function metadataOf(file: string): Promise<Json | null> {
  try {
    const { stdout } = await run('dcm2json', ['+b', 'http://bulk.invalid', file], { maxBuffer: 500_000_000 }).catch(
      () => run('dcm2json', [file], { maxBuffer: 500_000_000 }),
    );
    const json = JSON.parse(stdout) as Json;
    for (const tag of ['7FE00010', '7FE00008', '7FE00009']) delete json[tag];
    return json;
  } catch {
    return null;
  }
}

function first(json: Json, tag: string): string {
  const value = json[tag]?.Value?.[0];
  return typeof value === 'string' ? value : '';
}

const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/dicom+json' } });

function multipart(type: string, parts: readonly { readonly type: string; readonly body: Uint8Array }[]): Response {
  const boundary = 'static-dicomweb-boundary';
  const chunks = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${part.type}\r\nContent-Length: ${part.body.length}\r\n\r\n`),
    part.body,
    Buffer.from('\r\n'),
  ]);
  return new Response(Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]), {
    headers: { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}` },
  });
}

export async function staticDicomweb(folders: readonly string[]): Promise<StaticDicomweb> {
  const byStudy = new Map<string, Held[]>();
  for (const folder of folders) {
    const files = await dicomFiles(folder);
    for (let at = 0; at < files.length; at += 4) {
      const some = files.slice(at, at + 4);
      const all = await Promise.all(some.map(metadataOf));
      some.forEach((file, index) => {
        const metadata = all[index];
        if (!metadata) return;
        const study = first(metadata, '0020000D');
        if (study === '') return;
        byStudy.set(study, [...(byStudy.get(study) ?? []), { file, metadata }]);
      });
    }
  }

  async function answer(path: string): Promise<Response | null> {
    const found =
      /^\/studies\/([^/]+)\/series(?:\/([^/]+)(?:\/(metadata)|\/instances\/([^/]+)(?:\/frames\/(\d+))?)?)?$/.exec(path);
    if (found === null) return null;
    const [, study = '', series, wantsMetadata, instance, frame] = found;
    const held = byStudy.get(study) ?? [];
    if (series === undefined) {
      const seen = new Map(held.map((one) => [first(one.metadata, '0020000E'), one.metadata]));
      return json(
        [...seen.values()].map((one) =>
          Object.fromEntries(
            ['00080060', '0008103E', '0020000D', '0020000E', '00200011'].flatMap((tag) =>
              one[tag] === undefined ? [] : [[tag, one[tag]]],
            ),
          ),
        ),
      );
    }
    const own = held.filter((one) => first(one.metadata, '0020000E') === series);
    if (own.length === 0) return new Response('no such series', { status: 404 });
    if (wantsMetadata !== undefined) return json(own.map((one) => one.metadata));
    const chosen = instance === undefined ? own : own.filter((one) => first(one.metadata, '00080018') === instance);
    if (chosen.length === 0) return new Response('no such instance', { status: 404 });
    if (frame === undefined) {
      const parts = await Promise.all(
        chosen.map(async (one) => ({ type: 'application/dicom', body: new Uint8Array(await readFile(one.file)) })),
      );
      return multipart('application/dicom', parts);
    }
    const read = readInstance(new Uint8Array(await readFile(chosen[0]?.file ?? '')));
    if (!read.ok) return new Response(read.failure.words, { status: 500 });
    const bytes = read.value.frames[Number(frame) - 1];
    if (bytes === undefined) return new Response('no such frame', { status: 404 });
    const syntax =
      read.value.transferSyntax === '1.2.840.10008.1.2.1.99' ? '1.2.840.10008.1.2.1' : read.value.transferSyntax;
    return multipart('application/octet-stream', [
      { type: `application/octet-stream; transfer-syntax=${syntax}`, body: bytes },
    ]);
  }

  return {
    studies: [...byStudy.keys()],
    files: (studyUid) => byStudy.get(studyUid) ?? [],
    answer,
  };
}
