import { deflateRawSync } from 'node:zlib';
import { type DicomJson, tags, text } from '../../../../shared/interop/dicom-json/index.ts';
import { encodeElement, encodeUnsigned, joinBytes } from './encode-element.ts';

export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitLittleEndian: '1.2.840.10008.1.2.1.99',
} as const;

/** PS3.7 D.3.3.2: names this writer; derived once from a UUID (PS3.5 B.2). */
const implementationClassUid = '2.25.270695996825855179949881587723571202391';
const implementationVersionName = 'OVERREAD_1';

/** PS3.5 A.4: everything else but the native syntaxes keeps its pixels encapsulated in fragments. */
export function isEncapsulated(transferSyntax: string): boolean {
  return !Object.values<string>(transferSyntaxes).includes(transferSyntax);
}

/**
 * DICOM JSON as a Part 10 file (PS3.10 7.1), deterministic byte by byte. Values of binary VRs are `InlineBinary` or `Uint8Array`s
 * in `Value`; in an encapsulated syntax each `Uint8Array` of PixelData is one fragment. Text is written as UTF-8, and
 * (0008,0005) says so. Group 0002 of the input is left out: the file meta is this writer's own.
 */
export function writePart10(dataset: DicomJson, options: { readonly transferSyntax?: string } = {}): Uint8Array {
  const transferSyntax = options.transferSyntax ?? transferSyntaxes.explicitLittleEndian;
  const explicit = transferSyntax !== transferSyntaxes.implicitLittleEndian;
  const body = encodeDataset(
    { ...dataset, [tags.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] } },
    { explicit, encapsulated: isEncapsulated(transferSyntax) },
  );
  const meta = encodeDataset(
    {
      '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1)] },
      '00020002': { vr: 'UI', Value: [text(dataset, tags.SOPClassUID) ?? ''] },
      '00020003': { vr: 'UI', Value: [text(dataset, tags.SOPInstanceUID) ?? ''] },
      '00020010': { vr: 'UI', Value: [transferSyntax] },
      '00020012': { vr: 'UI', Value: [implementationClassUid] },
      '00020013': { vr: 'SH', Value: [implementationVersionName] },
    },
    { explicit: true, encapsulated: false },
    true,
  );
  const groupLength = encodeElement(
    '00020000',
    { vr: 'UL', Value: [meta.length] },
    { explicit: true, encapsulated: false },
    encodeDataset,
  );
  const prefix = new Uint8Array(132);
  prefix.set([0x44, 0x49, 0x43, 0x4d], 128);
  const deflated =
    transferSyntax === transferSyntaxes.deflatedExplicitLittleEndian ? padded(deflateRawSync(body)) : body;
  return joinBytes([prefix, groupLength, meta, deflated]);
}

/** PS3.5 A.5: a deflated stream of odd length gets one NUL. */
function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : joinBytes([bytes, encodeUnsigned(0, 1)]);
}

export type Encoding = { readonly explicit: boolean; readonly encapsulated: boolean };

/** Elements in ascending tag order (PS3.5 7.1); group lengths and foreign file meta are left out. */
function encodeDataset(dataset: DicomJson, encoding: Encoding, meta = false): Uint8Array {
  const sorted = Object.keys(dataset)
    .filter((tag) => /^[0-9A-Fa-f]{8}$/.test(tag) && !/0000$/.test(tag) && (meta || !/^000[0-7]/.test(tag)))
    .sort((left, right) => Number.parseInt(left, 16) - Number.parseInt(right, 16));
  return joinBytes(
    sorted.flatMap((tag) => {
      const element = dataset[tag];
      return element === undefined ? [] : [encodeElement(tag, element, encoding, encodeDataset)];
    }),
  );
}
