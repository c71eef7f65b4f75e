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
