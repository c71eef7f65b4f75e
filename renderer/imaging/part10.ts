import type { DataSet, Element } from 'dicom-parser';
import dicomParser from 'dicom-parser';
import { joinFragments } from './encapsulated.ts';
import { type InflateBudget, inflateBudget, inflateWithin } from './inflate.ts';
import { readModalityTable, readPalette, readVoiTables, swapped, type TableSource } from './lookup-tables.ts';
import { type OverlayPlane, readOverlayPlanes } from './overlay-planes.ts';
import type { ImagingFailure, LookUpTable, Palette, PixelDescription } from './types.ts';
import { wrongShape } from './wrong-shape.ts';

/** Frames of one instance, still in its transfer syntax, with what is needed to decode them. */
export type InstancePixels = {
  readonly studyUid: string;
  readonly instanceUid: string;
  readonly transferSyntax: string;
  readonly description: PixelDescription;
  readonly palette: Palette | null;
  readonly modalityTable: LookUpTable | null;
  readonly voiTables: readonly LookUpTable[];
  readonly overlays: readonly OverlayPlane[];
  readonly frames: readonly Uint8Array[];
  /** Float Pixel Data (7FE0,0008): 32-bit IEEE numbers in place of integers. */
  readonly float: boolean;
};

export type InstanceRead =
  | { readonly ok: true; readonly value: InstancePixels }
  | { readonly ok: false; readonly instanceUid: string | null; readonly failure: ImagingFailure };

const explicitLittle = '1.2.840.10008.1.2.1';
const explicitBig = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';

/** The data set of a Part 10 object, in little endian where only its deflated form was packed. */
export type OpenedDataSet =
  | { readonly ok: true; readonly data: DataSet; readonly transferSyntax: string; readonly instanceUid: string | null }
  | { readonly ok: false; readonly instanceUid: string | null; readonly failure: ImagingFailure };

/**
 * Opens one Part 10 object (PS3.10 7); deflated ones are unpacked within their budget and say explicit little endian. Every byte is
 * hostile: whatever the parser throws becomes a failure with words.
 */
export function openDataSet(bytes: Uint8Array, budget: InflateBudget = inflateBudget): OpenedDataSet {
  let instanceUid: string | null = null;
  const fail = (code: ImagingFailure['code'], words: string): OpenedDataSet => ({
    ok: false,
    instanceUid,
    failure: { code, words },
  });
  try {
    if (bytes.length < 132 || String.fromCharCode(...bytes.subarray(128, 132)) !== 'DICM') {
      return fail('undecodable', 'The archive sent something that is not a DICOM object.');
    }
    const meta = readMeta(bytes);
    instanceUid = meta.instanceUid;
    if (meta.transferSyntax !== deflated) {
      return { ok: true, data: dicomParser.parseDicom(bytes), transferSyntax: meta.transferSyntax, instanceUid };
    }
    const inflated = inflateWithin(bytes.subarray(meta.end), budget);
    if (!inflated.ok) {
      return inflated.why === 'over-budget'
        ? fail('over-budget', 'This image unpacks to more than is allowed for one image, so it was not opened.')
        : fail('truncated', 'This image is packed (deflate) and could not be unpacked: the file is damaged.');
    }
    const data = dicomParser.parseDicom(withInflated(bytes, meta, inflated.bytes));
    return { ok: true, data, transferSyntax: explicitLittle, instanceUid };
  } catch (error) {
    return fail('truncated', damaged(error));
  }
}

/** Reads the frames of one Part 10 object. */
export function readInstance(bytes: Uint8Array, budget: InflateBudget = inflateBudget): InstanceRead {
  const opened = openDataSet(bytes, budget);
  if (!opened.ok) return opened;
  const { instanceUid } = opened;
  try {
    const read = readPixels(opened.data, opened.transferSyntax);
    return read.ok ? read : { ...read, instanceUid };
  } catch (error) {
    return { ok: false, instanceUid, failure: { code: 'truncated', words: damaged(error) } };
  }
}

function damaged(error: unknown): string {
  return `This image could not be read: the file is damaged or cut short (${problemOf(error)}).`;
}

function problemOf(error: unknown): string {
  const text =
    typeof error === 'string'
      ? error
      : typeof error === 'object' && error !== null && 'exception' in error
        ? String(error.exception)
        : error instanceof Error
          ? error.message
          : 'unreadable';
  return text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 160);
}

type Meta = {
  readonly transferSyntax: string;
  readonly instanceUid: string | null;
  /** First byte behind the file meta information. */
  readonly end: number;
  readonly syntaxOffset: number;
  readonly syntaxLength: number;
};

function readMeta(bytes: Uint8Array): Meta {
  const header = dicomParser.readPart10Header(bytes);
  const element = header.elements.x00020010;
  const transferSyntax = header.string('x00020010');
  if (element === undefined || transferSyntax === undefined) throw new Error('no Transfer Syntax UID');
  const last = Math.max(...Object.values(header.elements).map((one) => one.dataOffset + one.length));
  return {
    transferSyntax,
    instanceUid: header.string('x00020003') ?? null,
    end: last,
    syntaxOffset: element.dataOffset,
    syntaxLength: element.length,
  };
}

/** The same object as if it had never been deflated: the UID is overwritten in place, padded with nulls (PS3.5 9.1). */
function withInflated(bytes: Uint8Array, meta: Meta, dataSet: Uint8Array): Uint8Array {
  const whole = new Uint8Array(meta.end + dataSet.length);
  whole.set(bytes.subarray(0, meta.end));
  for (let at = 0; at < meta.syntaxLength; at += 1) {
    whole[meta.syntaxOffset + at] = explicitLittle.charCodeAt(at) || 0;
  }
  whole.set(dataSet, meta.end);
  return whole;
}

function readPixels(data: DataSet, transferSyntax: string): InstanceRead {
  const instanceUid = data.string('x00080018') ?? null;
  const fail = (code: ImagingFailure['code'], words: string): InstanceRead => ({
    ok: false,
    instanceUid,
    failure: { code, words },
  });
  const element = data.elements.x7fe00010 ?? data.elements.x7fe00008;
  if (element === undefined) return fail('not-displayable', 'This object holds no pixels.');
  const bitsAllocated = data.uint16('x00280100') ?? 0;
  const bitsStored = data.uint16('x00280101') ?? bitsAllocated;
  const description: PixelDescription = {
    rows: data.uint16('x00280010') ?? 0,
    columns: data.uint16('x00280011') ?? 0,
    samplesPerPixel: data.uint16('x00280002') ?? 1,
    photometric: (data.string('x00280004') ?? 'MONOCHROME2').trim(),
    planar: data.uint16('x00280006') ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: data.uint16('x00280102') ?? bitsStored - 1,
    signed: data.uint16('x00280103') === 1,
    frames: Math.max(1, data.intString('x00280008') ?? 1),
  };
  const wrong = wrongShape(description);
  if (wrong !== null) return fail('undecodable', wrong);
  const source = { data, bigEndian: transferSyntax === explicitBig, description };
  const palette = description.photometric === 'PALETTE COLOR' ? readPalette(source) : null;
  if (description.photometric === 'PALETTE COLOR' && palette === null) {
    return fail('undecodable', 'The image is coloured by a palette that it does not carry.');
  }
  const frames =
    element.encapsulatedPixelData === true ? encapsulated(data, element, description) : native(data, element, source);
  if (typeof frames === 'string') return fail('truncated', frames);
  return {
    ok: true,
    value: {
      studyUid: data.string('x0020000d') ?? '',
      instanceUid: instanceUid ?? '',
      // Its pixels have been brought into little endian already.
      transferSyntax: source.bigEndian ? explicitLittle : transferSyntax,
      description,
      palette,
      modalityTable: readModalityTable(source),
      voiTables: palette === null && description.samplesPerPixel === 1 ? readVoiTables(source) : [],
      overlays: readOverlayPlanes(data, source.bigEndian),
      frames,
      float: data.elements.x7fe00010 === undefined,
    },
  };
}

function native(
  data: DataSet,
  element: Element,
  { bigEndian, description }: TableSource,
): readonly Uint8Array[] | string {
  const size = nativeFrameBytes(description);
  const bytes = data.byteArray as Uint8Array;
  const available = Math.min(element.length, bytes.length - element.dataOffset);
  if (description.bitsAllocated === 1) return 'Images of single bits (overlays, segmentations) are not shown.';
  if (available < size * description.frames) {
    return `The image is cut short: ${available} of ${size * description.frames} bytes of pixels came.`;
  }
  const value = bytes.subarray(element.dataOffset, element.dataOffset + available);
  // Before frames are cut: two bytes of one word may belong to two frames. OB is a string of bytes in either order (PS3.5 6.2).
  const group = description.bitsAllocated === 32 ? 4 : 2;
  const ordered = bigEndian && (group === 4 || element.vr !== 'OB') ? swapped(value, group) : value;
  return Array.from({ length: description.frames }, (_, frame) => ordered.subarray(frame * size, (frame + 1) * size));
}

/** Bytes of an uncompressed frame. YBR_FULL_422 stores two pixels in four samples (PS3.3 C.7.6.3.1.2). */
export function nativeFrameBytes(description: PixelDescription): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometric } = description;
  if (photometric === 'YBR_FULL_422' && samplesPerPixel === 3) return rows * columns * 2 * (bitsAllocated / 8);
  return Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
}

function encapsulated(data: DataSet, element: Element, description: PixelDescription): readonly Uint8Array[] | string {
  const bytes = data.byteArray as Uint8Array;
  const fragments = (element.fragments ?? []).map((fragment) =>
    bytes.subarray(fragment.position, fragment.position + fragment.length),
  );
  const joined = joinFragments(fragments, element.basicOffsetTable ?? [], description.frames);
  return joined.ok ? joined.frames : `The frames of this image could not be told apart: ${joined.why}.`;
}
