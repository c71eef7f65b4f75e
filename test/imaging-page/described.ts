import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectAsked } from '../../renderer/imaging/objects/read-object.ts';
import { staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { madeColumns, madeRows, madeStudyUid } from './made-study.ts';

export type Json = Record<string, unknown>;

/** Metadata as an archive would give it, by dcmtk. */
export async function described(files: readonly Uint8Array[]): Promise<readonly Json[]> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-objects-'));
  try {
    for (const [at, bytes] of files.entries()) await writeFile(join(folder, `${at}.dcm`), bytes);
    const archive = await staticDicomweb([folder]);
    return archive.studies.flatMap((uid) => archive.files(uid).map((one) => one.metadata as Json));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const asked = (what: ObjectAsked['what'], at: string, more: Partial<ObjectAsked> = {}): ObjectAsked => ({
  what,
  studyUid: madeStudyUid,
  instanceUid: `${madeStudyUid}.${at}`,
  frames: 3,
  rows: madeRows,
  columns: madeColumns,
  bits: 1,
  ...more,
});
