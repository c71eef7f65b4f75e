import { join } from 'node:path';
import { hasSharedData, part10FilesOf, sharedData } from '../../servers/shared-data.ts';
import {
  accessionOf,
  dateOfStudy,
  filesOf,
  instanceUidOf,
  type MadeStudy,
  seriesUidOf,
  studyUidOf,
} from './made-studies.ts';

/** A study in the archive, as it is opened and checked. */
export type BenchStudy = {
  readonly name: string;
  readonly studyUid: string;
  /** What finds its row in either list. */
  readonly accession: string;
  readonly family: string;
  /** Case of the marks in its images; null where it was not made for the bench. */
  readonly mark: number | null;
  /** Instances by series. */
  readonly series: ReadonlyMap<string, readonly string[]>;
};

/** All instances of a study. */
export const instancesOf = (study: BenchStudy): readonly string[] => [...study.series.values()].flat();

/** The series that an instance is of; a page that shows another study's image ends the bench. */
export function seriesOf(study: BenchStudy, instanceUid: string | null): readonly string[] {
  const found = [...study.series.values()].find((one) => instanceUid !== null && one.includes(instanceUid));
  if (found === undefined) throw new Error(`${instanceUid} is no image of ${study.name}`);
  return found;
}

async function put(restUrl: string, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(`${restUrl}/instances`, { method: 'POST', body: Buffer.from(bytes) });
  if (!answer.ok) throw new Error(`the archive did not take an image: ${answer.status}`);
  await answer.arrayBuffer();
}

export async function storeMade(restUrl: string, one: MadeStudy): Promise<BenchStudy> {
  for await (const bytes of filesOf(one)) await put(restUrl, bytes);
  const instances = Array.from({ length: one.slices }, (_, index) => instanceUidOf(one, index + 1));
  return {
    name: one.description,
    studyUid: studyUidOf(one),
    accession: accessionOf(one),
    family: 'Bench',
    mark: one.number,
    series: new Map([[seriesUidOf(one), instances]]),
  };
}

type Row = { readonly [tag: string]: { readonly Value?: readonly unknown[] } | undefined };
const textOf = (row: Row | undefined, tag: string): string => {
  const [value] = row?.[tag]?.Value ?? [];
  return typeof value === 'string' ? value : ((value as { Alphabetic?: string } | undefined)?.Alphabetic ?? '');
};

/** A real study of the shared data; null on a machine that was not given them. */
export async function storeReal(
  archive: { readonly url: string; readonly restUrl: string },
  name: string,
  folder: string,
): Promise<BenchStudy | null> {
  if (!hasSharedData) return null;
  for await (const bytes of part10FilesOf(join(sharedData, 'dicom', 'studies', folder)))
    await put(archive.restUrl, datedToday(bytes));
  const studyUid = await studyIn(archive.url, folder);
  const asked = await fetch(`${archive.url}/studies/${studyUid}/instances?includefield=00080050`, {
    headers: { Accept: 'application/dicom+json' },
  });
  const rows = (await asked.json()) as readonly Row[];
  const series = new Map<string, string[]>();
  for (const row of rows) {
    const uid = textOf(row, '0020000E');
    series.set(uid, [...(series.get(uid) ?? []), textOf(row, '00080018')]);
  }
  const [first] = await list(archive.url, `StudyInstanceUID=${studyUid}`);
  return {
    name,
    studyUid,
    accession: textOf(first, '00080050'),
    family: textOf(first, '00100010').split('^')[0] ?? '',
    mark: null,
    series,
  };
}

/** The file with the day of today in its Study Date (0008,0020), which has the same length; nothing else of it is touched. */
function datedToday(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  for (const head of ['0800200044410800', '0800200008000000']) {
    const at = file.indexOf(Buffer.from(head, 'hex'));
    if (at < 0 || !/^\d{8}$/.test(file.toString('latin1', at + 8, at + 16))) continue;
    file.write(dateOfStudy, at + 8, 'latin1');
    return file;
  }
  throw new Error('a file of the shared data has no study date');
}

async function list(url: string, query: string): Promise<readonly Row[]> {
  const asked = await fetch(`${url}/studies?${query}`, { headers: { Accept: 'application/dicom+json' } });
  return asked.status === 204 ? [] : ((await asked.json()) as readonly Row[]);
}

/** The study of the folder: the one in the archive that was not made here and carries the folder's subject in its patient's name. */
async function studyIn(url: string, folder: string): Promise<string> {
  const subject = /(\d+)$/.exec(folder)?.[1] ?? folder;
  const rows = await list(url, '');
  const found = rows.filter(
    (row) => textOf(row, '00100010').includes(subject) && !textOf(row, '00100020').startsWith('BENCH-'),
  );
  const [only] = found;
  if (found.length !== 1 || only === undefined) throw new Error(`${found.length} studies of ${folder} in the archive`);
  return textOf(only, '0020000D');
}
