import type { DataSet } from 'dicom-parser';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { decodeFrame } from '../decode.ts';
import { joinFragments } from '../encapsulated.ts';
import { boundaryOf, multipartReader } from '../multipart.ts';
import { openDataSet } from '../part10.ts';
import type { ImagingFailure } from '../types.ts';
import { fileText } from './file-text.ts';
import { mostObjectBytes } from './object-limit.ts';
import { type PresentationParts, presentationParts } from './presentation-tables.ts';
import { readWaveform, type Waveform } from './waveform.ts';

/** Which object is asked for, and as what. */
export type ObjectAsked = {
  readonly what: 'waveform' | 'segmentation' | 'document' | 'presentation';
  readonly studyUid: string;
  readonly instanceUid: string;
  /** Of a segmentation, as its description says. */
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
};

/** Whose the file says it is: asked again of the file itself, since its description may have been of another. */
export type FilePatient = { readonly patientId: string; readonly patientName: string; readonly birthDate: string };

export type ObjectRead = FilePatient &
  (
    | { readonly what: 'waveform'; readonly waveform: Waveform }
    | { readonly what: 'presentation'; readonly parts: PresentationParts }
    /** Pixels of all frames one after another; single bits are packed, lowest first (PS3.5 8.1.1). */
    | { readonly what: 'segmentation'; readonly pixels: Uint8Array<ArrayBuffer> }
    | {
        readonly what: 'document';
        readonly title: string;
        readonly mediaType: string;
        readonly bytes: Uint8Array<ArrayBuffer>;
      }
  );

const explicitBig = '1.2.840.10008.1.2.2';
const native = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', explicitBig];

const fail = (code: ImagingFailure['code'], words: string): Result<never, ImagingFailure> => err({ code, words });

/** Reads the answer for one instance (PS3.18 10.4.1.1.1). Runs in a worker that is ended when it takes too long. */
export async function readObject(
  bytes: Uint8Array,
  contentType: string,
  asked: ObjectAsked,
): Promise<Result<ObjectRead, ImagingFailure>> {
  try {
    const part = onlyPart(bytes, contentType);
    if (part === null) return fail('truncated', 'The archive did not send this object whole.');
    const opened = openDataSet(part);
    if (!opened.ok)
      return err({ ...opened.failure, words: opened.failure.words.replaceAll('This image', 'This object') });
    const { data, transferSyntax } = opened;
    if (uidOf(data, 'x0020000d') !== asked.studyUid || uidOf(data, 'x00080018') !== asked.instanceUid)
      return fail('not-the-image-asked-for', 'The archive sent another object than the one asked for: not shown.');
    const text = fileText(data);
    const patient: FilePatient = {
      patientId: text(data, 'x00100020', 64),
      patientName: text(data, 'x00100010', 324),
      birthDate: text(data, 'x00100030', 8),
    };
    if (asked.what === 'waveform') {
      const waveform = readWaveform(data, transferSyntax === explicitBig);
      return waveform.ok ? ok({ ...patient, what: 'waveform', waveform: waveform.value }) : waveform;
    }
    if (asked.what === 'presentation')
      return ok({ ...patient, what: 'presentation', parts: presentationParts(data, transferSyntax === explicitBig) });
    if (asked.what === 'document') {
      const found = documentOf(data);
      if (found === null) return fail('not-displayable', 'This object holds no document.');
      return ok({
        ...patient,
        what: 'document',
        title: text(data, 'x00420010', 1_024),
        mediaType: text(data, 'x00420012', 64).toLowerCase(),
        bytes: found,
      });
    }
    const pixels = await pixelsOf(data, transferSyntax, asked);
    return pixels.ok ? ok({ ...patient, what: 'segmentation', pixels: pixels.value }) : pixels;
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).replace(/[^\x20-\x7e]/g, ' ').slice(0, 160);
    return fail('undecodable', `This object could not be read: the file is damaged or cut short (${detail}).`);
  }
}

function uidOf(data: DataSet, tag: string): string {
  return (data.string(tag) ?? '').trim();
}

function onlyPart(bytes: Uint8Array, contentType: string): Uint8Array | null {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return bytes;
  const [part] = multipartReader(boundary, mostObjectBytes).push(bytes);
  return part?.body ?? null;
}

/** Encapsulated Document (0042,0011), without its padding where Encapsulated Document Length (0042,0015) says how long it is. */
function documentOf(data: DataSet): Uint8Array<ArrayBuffer> | null {
  const element = data.elements.x00420011;
  if (element === undefined || element.length <= 0) return null;
  const all = data.byteArray as Uint8Array;
  const available = Math.min(element.length, all.length - element.dataOffset);
  const said = data.uint32('x00420015') ?? available;
  return all.slice(element.dataOffset, element.dataOffset + Math.min(available, said)) as Uint8Array<ArrayBuffer>;
}

async function pixelsOf(
  data: DataSet,
  transferSyntax: string,
  asked: ObjectAsked,
): Promise<Result<Uint8Array<ArrayBuffer>, ImagingFailure>> {
  const { rows, columns, bits, frames } = asked;
  if (
    data.uint16('x00280010') !== rows ||
    data.uint16('x00280011') !== columns ||
    data.uint16('x00280100') !== bits ||
    (data.intString('x00280008') ?? 1) !== frames
  )
    return fail('not-the-image-asked-for', 'The segmentation is not what its description says: not shown.');
  const element = data.elements.x7fe00010;
  if (element === undefined) return fail('not-displayable', 'This segmentation holds no pixels.');
  const needed = Math.ceil((rows * columns * frames * bits) / 8);
  if (needed > mostObjectBytes) return fail('over-budget', 'This segmentation has more pixels than are opened.');
  const all = data.byteArray as Uint8Array;
  if (element.encapsulatedPixelData !== true) {
    if (!native.includes(transferSyntax))
      return fail('transfer-syntax', `Segmentations in transfer syntax ${transferSyntax} are not read here.`);
    const available = Math.min(element.length, all.length - element.dataOffset);
    if (available < needed)
      return fail('truncated', `The segmentation is cut short: ${available} of ${needed} bytes of pixels came.`);
    if (transferSyntax === explicitBig)
      return fail('transfer-syntax', 'Segmentations in big endian (retired) are not read here.');
    return ok(all.slice(element.dataOffset, element.dataOffset + needed) as Uint8Array<ArrayBuffer>);
  }
  if (bits === 1)
    return fail('transfer-syntax', 'Segmentations of single bits in a packed transfer syntax are not read here.');
  const fragments = (element.fragments ?? []).map((one) => all.subarray(one.position, one.position + one.length));
  const joined = joinFragments(fragments, element.basicOffsetTable ?? [], frames);
  if (!joined.ok) return fail('truncated', `The frames of this segmentation could not be told apart: ${joined.why}.`);
  const pixels = new Uint8Array(needed);
  for (const [at, bytes] of joined.frames.entries()) {
    const decoded = await decodeFrame({
      bytes,
      transferSyntax,
      description: {
        rows,
        columns,
        samplesPerPixel: 1,
        photometric: 'MONOCHROME2',
        planar: 0,
        bitsAllocated: bits,
        bitsStored: bits,
        highBit: bits - 1,
        signed: false,
        frames,
      },
      palette: null,
      modalityTable: null,
      voiTables: [],
      float: false,
    });
    if (!decoded.ok) return err(decoded.failure);
    const { pixels: stored } = decoded.frame;
    pixels.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), (at * rows * columns * bits) / 8);
  }
  return ok(pixels);
}
