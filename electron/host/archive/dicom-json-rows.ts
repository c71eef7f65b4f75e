import type {
  AccessionNumber,
  InstanceUid,
  SeriesUid,
  Sex,
  Study,
  StudyUid,
} from '../../../shared/domain/study/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { DicomJson, InstanceSummary } from './types.ts';
import { isUid } from './uid.ts';

export type RowTrouble = { readonly code: 'not-dicom-json'; readonly message: string };
type Element = DicomJson[string];

/** Deeper nesting than any real object has; a hostile answer must not exhaust the stack. */
const deepest = 32;

/** DICOM JSON (PS3.18 F.2) with a null prototype and nothing but elements: other keys, `__proto__` among them, are dropped. */
export function cleanDicomJson(json: unknown, depth = 0): Result<DicomJson, RowTrouble> {
  if (depth > deepest) return err({ code: 'not-dicom-json', message: 'sequences are nested too deeply' });
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return err({ code: 'not-dicom-json', message: 'an object of elements was expected' });
  }
  const clean: { [tag: string]: Element } = Object.create(null);
  for (const [tag, raw] of Object.entries(json as { [tag: string]: unknown })) {
    if (!/^[0-9A-Fa-f]{8}$/.test(tag)) continue;
    if (typeof raw !== 'object' || raw === null)
      return err({ code: 'not-dicom-json', message: `element ${tag} is no object` });
    const element = raw as { vr?: unknown; Value?: unknown; InlineBinary?: unknown; BulkDataURI?: unknown };
    if (typeof element.vr !== 'string' || !/^[A-Z]{2}$/.test(element.vr)) {
      return err({ code: 'not-dicom-json', message: `element ${tag} has no value representation` });
    }
    const value = cleanValue(element.vr, element.Value, depth);
    if (!value.ok) return value;
    clean[tag.toUpperCase()] = {
      vr: element.vr,
      ...(value.value === undefined ? {} : { Value: value.value }),
      ...(typeof element.InlineBinary === 'string' ? { InlineBinary: element.InlineBinary } : {}),
      ...(typeof element.BulkDataURI === 'string' ? { BulkDataURI: element.BulkDataURI } : {}),
    };
  }
  return ok(clean);
}

function cleanValue(vr: string, value: unknown, depth: number): Result<readonly unknown[] | undefined, RowTrouble> {
  if (!Array.isArray(value)) return ok(undefined);
  const clean: unknown[] = [];
  for (const one of value as unknown[]) {
    if (vr === 'SQ') {
      const item = cleanDicomJson(one ?? {}, depth + 1);
      if (!item.ok) return item;
      clean.push(item.value);
    } else if (vr === 'PN' && typeof one === 'object' && one !== null) {
      const name = one as { Alphabetic?: unknown; Ideographic?: unknown; Phonetic?: unknown };
      const groups: { [group: string]: string } = Object.create(null);
      for (const group of ['Alphabetic', 'Ideographic', 'Phonetic'] as const) {
        const text = name[group];
        if (typeof text === 'string') groups[group] = text;
      }
      clean.push(groups);
    } else if (typeof one === 'string' || typeof one === 'number' || one === null) clean.push(one);
  }
  return ok(clean);
}

export function firstText(json: DicomJson, tag: string): string | null {
  const value = json[tag]?.Value?.[0];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

function firstCount(json: DicomJson, tag: string): number {
  const count = Number(firstText(json, tag) ?? '0');
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

/** `alphabetic=ideographic=phonetic` (PS3.5 6.2.1.1), with empty groups at the end left out. */
export function personName(json: DicomJson, tag: string): string {
  const value = json[tag]?.Value?.[0];
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const name = value as { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
  return [name.Alphabetic ?? '', name.Ideographic ?? '', name.Phonetic ?? ''].join('=').replace(/=+$/, '');
}

/** One row of a study search (PS3.18 10.6.3.3) in our own words. */
export function studyFromQido(json: DicomJson, archiveName: string): Result<Study, RowTrouble> {
  const studyUid = firstText(json, '0020000D');
  if (!isUid(studyUid)) return err({ code: 'not-dicom-json', message: 'a row names no Study Instance UID' });
  const sex = firstText(json, '00100040');
  const laterality = firstText(json, '00200060');
  const modalities = (json['00080061']?.Value ?? []).filter((one): one is string => typeof one === 'string');
  return ok({
    archive: archiveName,
    studyUid: studyUid as StudyUid,
    patient: {
      id: firstText(json, '00100020'),
      issuer: firstText(json, '00100021'),
      name: personName(json, '00100010'),
      birthDate: firstText(json, '00100030'),
      sex: sex === 'M' || sex === 'F' || sex === 'O' ? (sex satisfies Sex) : null,
    },
    accession: firstText(json, '00080050') as AccessionNumber | null,
    modalities: modalities.filter((one) => !['SR', 'KO', 'PR'].includes(one)),
    description: firstText(json, '00081030') ?? '',
    bodyPart: firstText(json, '00180015'),
    laterality: laterality === 'L' || laterality === 'R' || laterality === 'B' ? laterality : null,
    studyDate: firstText(json, '00080020'),
    studyTime: firstText(json, '00080030'),
    institution: firstText(json, '00080080'),
    seriesCount: firstCount(json, '00201206'),
    instanceCount: firstCount(json, '00201208'),
  });
}

export function instanceFromQido(json: DicomJson): Result<InstanceSummary, RowTrouble> {
  const instanceUid = firstText(json, '00080018');
  const seriesUid = firstText(json, '0020000E');
  if (!isUid(instanceUid) || !isUid(seriesUid)) {
    return err({ code: 'not-dicom-json', message: 'a row names no instance' });
  }
  return ok({
    instanceUid: instanceUid as InstanceUid,
    seriesUid: seriesUid as SeriesUid,
    sopClassUid: firstText(json, '00080016') ?? '',
    modality: firstText(json, '00080060') ?? '',
    frames: Math.max(1, firstCount(json, '00280008')),
  });
}
