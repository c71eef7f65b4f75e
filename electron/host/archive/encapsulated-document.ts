import { tags } from '../../../shared/interop/dicom-json/index.ts';
import { metadataOf } from './embedded/dataset-json.ts';
import { readPart10 } from './embedded/part10-reader.ts';
import type { DicomJson } from './types.ts';

/** A document's object has some fifty elements; one that has thousands is no document of ours. */
const budget = { depth: 8, elements: 2_000, inflatedBytes: 64 * 1024 * 1024, milliseconds: 1_000 };

/**
 * An object with an encapsulated document (PS3.3 C.24.2) as an archive gave it back: what it says, and the document without its padding
 * (C.24.2.3). Null for anything else.
 */
export function encapsulatedDocument(
  part10: Uint8Array,
): { readonly json: DicomJson; readonly document: Uint8Array } | null {
  const read = readPart10(part10, budget);
  if (!read.ok) return null;
  const element = read.value.elements.find((one) => one.group === 0x0042 && one.element === 0x0011);
  if (element === undefined) return null;
  const { json } = metadataOf(read.value);
  const length = Number(json[tags.EncapsulatedDocumentLength]?.Value?.[0] ?? element.bytes.length);
  const padding = element.bytes.length - length;
  if (padding < 0 || padding > 1) return null;
  return { json, document: element.bytes.subarray(0, length) };
}
