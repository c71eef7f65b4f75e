import { isUid } from '../../../shared/domain/study/index.ts';
import { cleanDicomJson, text as firstText } from '../../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { DicomJson } from './types.ts';

/** Reads the SOP Instance UID from the file meta information (0002,0003) of a Part 10 object (PS3.10 7.1), within its first 4 KiB. */
export function sopInstanceOf(part10: Uint8Array): string | null {
  const view = new DataView(part10.buffer, part10.byteOffset, Math.min(part10.byteLength, 4096));
  if (view.byteLength < 140 || view.getUint32(128, false) !== 0x4449434d) return null;
  let at = 132;
  while (at + 8 <= view.byteLength) {
    const group = view.getUint16(at, true);
    const element = view.getUint16(at + 2, true);
    const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    if (group !== 2) return null;
    const long = vr === 'OB' || vr === 'UN';
    if (long && at + 12 > view.byteLength) return null;
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const start = at + (long ? 12 : 8);
    if (start + length > view.byteLength) return null;
    if (element === 3) {
      const text = Buffer.from(part10.subarray(start, start + length))
        .toString('latin1')
        .replace(/[\0 ]+$/, '');
      return isUid(text) ? text : null;
    }
    at = start + length;
  }
  return null;
}

export type StowVerdict =
  | { readonly kind: 'stored'; readonly warning: string | null }
  | { readonly kind: 'refused'; readonly reason: string };

/** Failure and warning reasons of the Store service (PS3.18 table 10.5.3-1, PS3.4 B.2.3), in words. */
export function reasonWords(code: number): string {
  const hex = `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code === 0x0110) return `processing failure (${hex})`;
  if (code === 0x0111) return `an instance with this UID and other content is there already (${hex})`;
  if (code === 0x0122) return `the SOP class is not supported (${hex})`;
  if (code >= 0xa700 && code <= 0xa7ff) return `the archive is out of space (${hex})`;
  if (code >= 0xa900 && code <= 0xa9ff) return `the object does not fit its SOP class (${hex})`;
  if (code >= 0xc000 && code <= 0xcfff) return `the archive cannot read the object (${hex})`;
  if (code === 0xb000) return `the archive changed elements (${hex})`;
  if (code === 0xb006) return `the archive dropped elements (${hex})`;
  if (code === 0xb007) return `the object does not fit its SOP class (${hex})`;
  return hex;
}

function rows(answer: DicomJson, tag: string): DicomJson[] {
  return (answer[tag]?.Value ?? []).filter((one): one is DicomJson => typeof one === 'object' && one !== null);
}

/**
 * What a STOW-RS answer (PS3.18 10.5.3.2) says of one instance. 200 alone is no success: the instance must be named among the stored
 * and not among the failed.
 */
export function judgeStowAnswer(json: unknown, sopInstance: string): Result<StowVerdict, 'not-dicom-json'> {
  const cleaned = cleanDicomJson(json);
  if (!cleaned.ok) return err('not-dicom-json');
  const answer = cleaned.value;
  const failed = rows(answer, '00081198').concat(rows(answer, '0008119A'));
  const mine = failed.find((row) => firstText(row, '00081155') === sopInstance) ?? failed[0];
  if (mine !== undefined) {
    return ok({ kind: 'refused', reason: reasonWords(Number(firstText(mine, '00081197') ?? '272')) });
  }
  const all = rows(answer, '00081199');
  // One instance was sent: a single one named is that one, even where its file meta information names another UID than its data set.
  const stored =
    all.find((row) => firstText(row, '00081155') === sopInstance) ?? (all.length === 1 ? all[0] : undefined);
  if (stored === undefined) return ok({ kind: 'refused', reason: 'the archive does not name the instance as stored' });
  const warning = firstText(stored, '00081196');
  return ok({ kind: 'stored', warning: warning === null ? null : reasonWords(Number(warning)) });
}
