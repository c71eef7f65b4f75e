import { type DicomJson, tags, text } from '../../../shared/interop/dicom-json/index.ts';
import { writePart10 } from '../archive/part10/index.ts';

/** A DICOM object as it is stored: Part 10 bytes, base64, with its own names. */
export type StoredObject = {
  readonly bytes: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
};

export function part10Of(dataset: DicomJson): StoredObject {
  return {
    bytes: Buffer.from(writePart10(dataset)).toString('base64'),
    seriesUid: text(dataset, tags.SeriesInstanceUID) ?? '',
    instanceUid: text(dataset, tags.SOPInstanceUID) ?? '',
  };
}
