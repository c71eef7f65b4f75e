import type { KeyImage } from '../../domain/measurement/index.ts';
import { type DicomJson, items, number, tags, text } from '../dicom-json/index.ts';
import { codedItem, dcm, personItem } from './content-item.ts';
import { sequence, strings } from './element.ts';
import { documentHead, type MarksDocument } from './marks-document.ts';

/** Key Object Selection Document Storage. */
export const keyObjectClass = '1.2.840.10008.5.1.4.1.1.88.59';

/** Key images as Key Object Selection "Of Interest" by TID 2010, as DICOM JSON. */
export function keyImagesToKos(keyImages: readonly KeyImage[], facts: MarksDocument): DicomJson {
  const images = keyImages.map(({ place }) => {
    const evidence = facts.evidence.find((one) => one.instanceUid === place.instanceUid);
    return {
      [tags.RelationshipType]: strings('CS', 'CONTAINS'),
      [tags.ValueType]: strings('CS', 'IMAGE'),
      [tags.ReferencedSOPSequence]: sequence({
        [tags.ReferencedSOPClassUID]: strings('UI', evidence?.sopClassUid ?? ''),
        [tags.ReferencedSOPInstanceUID]: strings('UI', place.instanceUid),
        ...((evidence?.frames ?? 1) > 1 ? { [tags.ReferencedFrameNumber]: { vr: 'IS', Value: [place.frame] } } : {}),
      }),
    };
  });
  return {
    ...documentHead(facts, {
      sopClassUid: keyObjectClass,
      modality: 'KO',
      description: 'Key images',
      number: 9002,
      title: dcm('113000', 'Of Interest'),
      template: '2010',
    }),
    [tags.ContentSequence]: sequence(
      codedItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
      personItem('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), facts.observer),
      ...images,
    ),
  };
}

export type ReadKeyImages = {
  /** `scheme:value` of the title: DCM:113000 Of Interest, DCM:113001 Rejected for Quality Reasons… (CID 7010). */
  readonly title: string;
  readonly meaning: string;
  readonly images: readonly { readonly instanceUid: string; readonly frame: number }[];
};

/** What a KOS, ours or another's, names. Null for what is none. */
export function readKeyImages(document: DicomJson): ReadKeyImages | null {
  if (text(document, tags.SOPClassUID) !== keyObjectClass) return null;
  const code = items(document, tags.ConceptNameCodeSequence)[0] ?? {};
  const images = items(document, tags.ContentSequence).flatMap((item) => {
    const sop = text(item, tags.ValueType) === 'IMAGE' ? items(item, tags.ReferencedSOPSequence)[0] : undefined;
    const instanceUid = sop === undefined ? null : text(sop, tags.ReferencedSOPInstanceUID);
    const frame = sop === undefined ? null : number(sop, tags.ReferencedFrameNumber);
    return instanceUid === null ? [] : [{ instanceUid, frame: frame !== null && frame >= 1 ? frame : 1 }];
  });
  return {
    title: `${text(code, tags.CodingSchemeDesignator) ?? ''}:${text(code, tags.CodeValue) ?? ''}`,
    meaning: text(code, tags.CodeMeaning) ?? '',
    images,
  };
}
