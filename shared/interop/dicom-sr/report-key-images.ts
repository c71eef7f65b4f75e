import { type DicomJson, tags } from '../dicom-json/index.ts';
import { codeItem, container, dcm, loinc } from './content-item.ts';
import { sequence, strings } from './element.ts';

/** An image of the reported exams that the reader marked as key. */
export type KeyImageReference = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
  /** 1-based; null where the instance has but one frame. */
  readonly frame: number | null;
};

/**
 * TID 2000: the section 55113-5 (CID 7001) with a reference to each key image, for the purpose 121080 (CID 7003); none where there is no key
 * image. A reference is kept only to an image that the document lists as evidence: PS3.3 C.17.2.1 wants it there.
 */
export function keyImagesSection(
  keyImages: readonly KeyImageReference[],
  evidence: readonly { readonly instanceUid: string }[],
): readonly DicomJson[] {
  const known = new Set(evidence.map((one) => one.instanceUid));
  const images = keyImages
    .filter((one) => known.has(one.instanceUid))
    .map(
      ({ sopClassUid, instanceUid, frame }): DicomJson => ({
        [tags.RelationshipType]: strings('CS', 'CONTAINS'),
        [tags.ValueType]: strings('CS', 'IMAGE'),
        [tags.ConceptNameCodeSequence]: sequence(codeItem(dcm('121080', 'Best illustration of finding'))),
        [tags.ReferencedSOPSequence]: sequence({
          [tags.ReferencedSOPClassUID]: strings('UI', sopClassUid),
          [tags.ReferencedSOPInstanceUID]: strings('UI', instanceUid),
          ...(frame === null ? {} : { [tags.ReferencedFrameNumber]: { vr: 'IS', Value: [frame] } }),
        }),
      }),
    );
  return images.length === 0 ? [] : [container(loinc(keyImagesCode, 'Key Images'), images)];
}

/** LOINC, CID 7001. */
export const keyImagesCode = '55113-5';
