import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import dicomParser from 'dicom-parser';
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

/** A folder's DICOM files, or one file. */
async function dicomFiles(folder: string): Promise<readonly string[]> {
  if ((await stat(folder)).isFile()) return [folder];
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

/** The file without its pixels: dcm2json cannot write compressed ones. */
async function withoutPixels(file: string, folder: string): Promise<string> {
  const bytes = new Uint8Array(await readFile(file));
  const element = dicomParser.parseDicom(bytes).elements.x7fe00010;
  if (element === undefined) return file;
  const header = element.hadUndefinedLength === true || element.vr !== undefined ? 12 : 8;
  const cut = join(folder, 'cut.dcm');
  await writeFile(cut, bytes.subarray(0, element.dataOffset - header));
  return cut;
}

/** What a viewer needs, read plainly: for files with compressed pixels inside private sequences, which dcm2json refuses. */
async function plainMetadata(file: string): Promise<Json> {
  const data = dicomParser.parseDicom(new Uint8Array(await readFile(file)));
  const json: Json = {};
  const put = (tag: string, vr: string, Value: readonly unknown[]): void => {
    if (Value.every((value) => value !== undefined)) json[tag] = { vr, Value: [...Value] };
  };
  for (const [tag, vr] of [
    ['00080016', 'UI'],
    ['00080018', 'UI'],
    ['0020000D', 'UI'],
    ['0020000E', 'UI'],
    ['00080060', 'CS'],
    ['00080020', 'DA'],
    ['00080030', 'TM'],
    ['0008103E', 'LO'],
    ['00280004', 'CS'],
    ['00200062', 'CS'],
    ['00100020', 'LO'],
  ] as const) {
    const text = data.string(`x${tag.toLowerCase()}`);
    if (text !== undefined) put(tag, vr, [text]);
  }
  for (const tag of ['00280002', '00280006', '00280010', '00280011', '00280100', '00280101', '00280102', '00280103']) {
    const value = data.uint16(`x${tag}`);
    if (value !== undefined) put(tag, 'US', [value]);
  }
  for (const tag of [
    '00281050',
    '00281051',
    '00281052',
    '00281053',
    '00181164',
    '00280030',
    '00200013',
    '00200011',
    '00200032',
    '00200037',
    '00280008',
  ]) {
    const value = data.string(`x${tag}`);
    if (value !== undefined) put(tag, 'DS', value.split('\\').map(Number));
  }
  const orientation = data.string('x00200020');
  if (orientation !== undefined) put('00200020', 'CS', orientation.split('\\'));
  for (const [tag, vr] of [
    ['00281056', 'CS'],
    ['20500020', 'CS'],
    ['00282110', 'CS'],
  ] as const) {
    const text = data.string(`x${tag}`);
    if (text !== undefined) put(tag, vr, [text]);
  }
  // Their tables stay in the file; that they are there says that the whole object is needed.
  for (const tag of ['00283000', '00283010']) {
    if (data.elements[`x${tag}`] !== undefined) json[tag] = { vr: 'SQ', Value: [{}] };
  }
  const name = data.string('x00100010');
  if (name !== undefined) put('00100010', 'PN', [{ Alphabetic: name }]);
  return json;
}

async function metadataOf(file: string): Promise<Json | null> {
  const folder = await mkdtemp(join(tmpdir(), 'static-dicomweb-'));
  try {
    const { stdout } = await run('dcm2json', ['-fc', await withoutPixels(file, folder).catch(() => file)], {
      maxBuffer: 200_000_000,
    });
    const json = JSON.parse(stdout) as Json;
    delete json['7FE00010'];
    return json;
  } catch {
    return plainMetadata(file).catch(() => null);
  } finally {
    await rm(folder, { recursive: true, force: true });
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
