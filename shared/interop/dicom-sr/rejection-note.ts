import { type RejectionCode, type RejectionNote, rejectionCodes } from '../../domain/rejection/index.ts';
import { displayName } from '../../domain/study/index.ts';
import { type DicomJson, items, tags, text } from '../dicom-json/index.ts';
import { keyObjectClass } from './key-images.ts';

/** More than these no note names; what is beyond is another's mistake or malice. */
const mostNamed = 20_000;
const institutionName = '00080080';
const manufacturer = '00080070';
const personName = '0040A123';

/**
 * A Key Object Selection that rejects (PS3.3 A.35.4, title by CID 7011), read from DICOM JSON; null for anything else. It rejects what its
 * evidence names (PS3.3 C.17.6.2) and, for writers that leave that out, what its content names.
 */
export function readRejectionNote(document: DicomJson): RejectionNote | null {
  if (text(document, tags.SOPClassUID) !== keyObjectClass) return null;
  const noteUid = text(document, tags.SOPInstanceUID);
  const studyUid = text(document, tags.StudyInstanceUID);
  const title = items(document, tags.ConceptNameCodeSequence)[0] ?? {};
  const code = codeOf(title);
  if (noteUid === null || studyUid === null || code === null) return null;
  const evidence = items(document, tags.CurrentRequestedProcedureEvidenceSequence)
    // Evidence of another study is another study's matter (PS3.3 C.17.6.2.1).
    .filter((study) => (text(study, tags.StudyInstanceUID) ?? studyUid) === studyUid)
    .flatMap((study) =>
      items(study, tags.ReferencedSeriesSequence).flatMap((series) => items(series, tags.ReferencedSOPSequence)),
    );
  const content = items(document, tags.ContentSequence).flatMap((item) => items(item, tags.ReferencedSOPSequence));
  const named = [...evidence, ...content].slice(0, mostNamed).flatMap((one) => {
    const uid = text(one, tags.ReferencedSOPInstanceUID);
    return uid === null ? [] : [uid];
  });
  return { noteUid, studyUid, code, instances: [...new Set(named)].sort(), sentBy: senderOf(document) };
}

function codeOf(title: DicomJson): RejectionCode | null {
  if (text(title, tags.CodingSchemeDesignator) !== 'DCM') return null;
  const value = text(title, tags.CodeValue);
  return rejectionCodes.find((code) => code === value) ?? null;
}

function senderOf(document: DicomJson): string | null {
  const observer = items(document, tags.ContentSequence).find(
    (item) =>
      text(item, tags.ValueType) === 'PNAME' &&
      text(items(item, tags.ConceptNameCodeSequence)[0] ?? {}, tags.CodeValue) === '121008',
  );
  const name = observer === undefined ? null : personIn(observer);
  const place = text(document, institutionName) ?? text(document, manufacturer);
  const said = [name, place].filter((one) => one !== null && one !== '');
  return said.length === 0 ? null : said.join(', ').slice(0, 200);
}

function personIn(item: DicomJson): string | null {
  const value: unknown = item[personName]?.Value?.[0];
  const written =
    typeof value === 'string'
      ? value
      : typeof value === 'object' && value !== null && 'Alphabetic' in value && typeof value.Alphabetic === 'string'
        ? value.Alphabetic
        : null;
  return written === null ? null : displayName(written);
}
