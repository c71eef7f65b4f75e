import { createHash } from 'node:crypto';
import { cleanDicomJson, text as firstText } from '../../../shared/interop/dicom-json/index.ts';
import type { DicomwebPath } from './dicomweb-path.ts';
import type { Asking, Upstream } from './upstream.ts';

/** How an archive lists a series at this moment (PS3.18 10.6). */
export type SeriesStanding = {
  /** Its instances. */
  readonly count: number;
  /** Stands for all that the archive says of the series and whose it is; null where it does not say whose. */
  readonly print: string | null;
};

/** The patient's and the study's identity beside the count: a correction of any of them is another print. */
const asked = [
  '00201209', // Number of Series Related Instances
  '00100010', // Patient's Name
  '00100020', // Patient ID
  '00100021', // Issuer of Patient ID
  '00100030', // Patient's Birth Date
  '00100040', // Patient's Sex
  '00080050', // Accession Number
  '00080020', // Study Date
  '00080030', // Study Time
  '00081030', // Study Description
  '00080060', // Modality
  '0008103E', // Series Description
  '00200011', // Series Number
];

/** Null where the archive cannot be asked within `patience` milliseconds, or does not count. */
export async function seriesStanding(
  upstream: Upstream,
  target: Pick<DicomwebPath, 'study' | 'series'>,
  closing: AbortSignal,
  patience: number,
): Promise<SeriesStanding | null> {
  const fields = asked.map((tag) => `&includefield=${tag}`).join('');
  const path = `/studies/${target.study}/series?SeriesInstanceUID=${target.series}${fields}`;
  const signal = AbortSignal.any([closing, AbortSignal.timeout(patience)]);
  const asking: Asking = { method: 'GET', path, accept: 'application/dicom+json', signal };
  const answered = await upstream.ask(asking);
  if (!answered.ok) return null;
  const bytes = await upstream.readAll(answered.value, asking);
  if (!bytes.ok) return null;
  try {
    const rows: unknown = JSON.parse(Buffer.from(bytes.value).toString('utf8'));
    for (const one of Array.isArray(rows) ? (rows as unknown[]) : []) {
      const row = cleanDicomJson(one);
      if (!row.ok || firstText(row.value, '0020000E') !== target.series) continue;
      const count = Number(firstText(row.value, '00201209') ?? 'none');
      if (!Number.isSafeInteger(count)) continue;
      const saysWhose = (firstText(row.value, '00100020') ?? '') !== '' && row.value['00100010'] !== undefined;
      const parts = Object.entries(row.value).sort(([left], [right]) => (left < right ? -1 : 1));
      const print = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
      return { count, print: saysWhose ? print : null };
    }
  } catch {
    // An archive that answers nonsense is as good as one that cannot be asked: what was proven whole once is shown.
  }
  return null;
}

/**
 * Stands for all that the archive says now of one instance, of any where none is named; null where it does not say. An attribute that a site
 * corrects in every image of a series (view, laterality, orientation) is another print.
 */
export async function samplePrint(
  upstream: Upstream,
  target: Pick<DicomwebPath, 'study' | 'series'>,
  instance: string | null,
  closing: AbortSignal,
  patience: number,
): Promise<{ readonly instance: string; readonly print: string } | null> {
  const path = `/studies/${target.study}/series/${target.series}/instances`;
  const signal = AbortSignal.any([closing, AbortSignal.timeout(patience)]);
  const first = async (asked: string): Promise<Record<string, unknown> | null> => {
    const asking: Asking = { method: 'GET', path: asked, accept: 'application/dicom+json', signal };
    const answered = await upstream.ask(asking);
    const bytes = answered.ok ? await upstream.readAll(answered.value, asking) : null;
    if (bytes === null || !bytes.ok) return null;
    try {
      const rows: unknown = JSON.parse(Buffer.from(bytes.value).toString('utf8'));
      const row = cleanDicomJson(Array.isArray(rows) ? (rows as unknown[])[0] : null);
      return row.ok ? { ...row.value } : null;
    } catch {
      return null;
    }
  };
  let uid = instance;
  if (uid === null) {
    const row = await first(`${path}?limit=1`);
    uid = row === null ? null : firstText(row as never, '00080018');
  }
  if (uid === null || !/^[0-9.]{1,64}$/.test(uid)) return null;
  const row = await first(`${path}/${uid}/metadata`);
  if (row === null || firstText(row as never, '00080018') !== uid) return null;
  const parts = Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1));
  // Where its bulk data lies is the archive's own matter, and may be another address each time.
  const text = JSON.stringify(parts, (key, value: unknown) => (key === 'BulkDataURI' ? undefined : value));
  return { instance: uid, print: createHash('sha256').update(text).digest('hex') };
}
