import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import dicomParser from 'dicom-parser';

const run = promisify(execFile);

/** The decoders that share no code with ours, and the Debian packages that bring them. */
export const missingDecoders = [
  ['/usr/bin/dcmconv', 'dcmtk'],
  ['/usr/bin/gdcmconv', 'libgdcm-tools'],
  ['/usr/bin/grk_decompress', 'grokj2k-tools'],
].flatMap(([file = '', name = '']) => (existsSync(file) ? [] : [name]));

export type ReferenceFrames = {
  readonly colour: boolean;
  /** Stored values, or RGBA. */
  readonly frames: readonly Int32Array[];
  readonly decoder: string;
};

export function transferSyntaxOf(bytes: Uint8Array): string {
  return dicomParser.readPart10Header(bytes).string('x00020010') ?? '';
}

/** True where decoders may round differently: sequential JPEG (T.81 A.3.3 leaves the inverse transform's accuracy open). */
export const mayRound = (syntax: string): boolean => /4\.5[01]$/.test(syntax);

/** True where the bytes are the pixels, whatever decodes them: what they show is not a matter of rounding. */
export async function decodedElsewhere(file: string, folder: string): Promise<ReferenceFrames> {
  const syntax = transferSyntaxOf(new Uint8Array(await readFile(file)));
  if (/\.4\.20[123]$/.test(syntax)) return byGrok(file, folder);
  const out = join(folder, 'elsewhere.dcm');
  const decoder = decoderFor(syntax);
  if (decoder === 'gdcmconv') await run('gdcmconv', ['--raw', file, out]);
  else await run(decoder, [...(decoder === 'dcmdjpeg' ? ['+cn'] : []), '+te', file, out]);
  const data = dicomParser.parseDicom(new Uint8Array(await readFile(out)));
  const photometric = data.string('x00280004') ?? '';
  const samples = data.uint16('x00280002') ?? 1;
  if (samples === 1 && photometric !== 'PALETTE COLOR') return { colour: false, frames: greyFrames(data), decoder };
  return { colour: true, frames: await colourFrames(decoder === 'gdcmconv' ? out : file, folder), decoder };
}

function decoderFor(syntax: string): string {
  if (syntax.endsWith('.1.2.5')) return 'dcmdrle';
  if (/\.4\.8[01]$/.test(syntax)) return 'dcmdjpls';
  if (/\.4\.(5|7)\d$/.test(syntax)) return 'dcmdjpeg';
  if (/\.4\.9\d$/.test(syntax)) return 'gdcmconv';
  return 'dcmconv';
}

/** Stored values as PS3.5 8.1.1 writes them, from an uncompressed little-endian object. */
function greyFrames(data: dicomParser.DataSet): readonly Int32Array[] {
  const element = data.elements.x7fe00010;
  if (element === undefined) throw new Error('no pixels');
  const pixels = (data.uint16('x00280010') ?? 0) * (data.uint16('x00280011') ?? 0);
  const allocated = data.uint16('x00280100') ?? 16;
  const stored = data.uint16('x00280101') ?? allocated;
  const shift = (data.uint16('x00280102') ?? stored - 1) + 1 - stored;
  const signed = data.uint16('x00280103') === 1;
  const view = new DataView(data.byteArray.buffer, data.byteArray.byteOffset + element.dataOffset, element.length);
  return Array.from({ length: data.intString('x00280008') ?? 1 }, (_, frame) =>
    Int32Array.from({ length: pixels }, (_, at) => {
      const place = frame * pixels + at;
      const raw = allocated === 8 ? view.getUint8(place) : view.getUint16(place * 2, true);
      const kept = (raw >> shift) % 2 ** stored;
      return signed && kept >= 2 ** (stored - 1) ? kept - 2 ** stored : kept;
    }),
  );
}

/** Colours as dcmtk turns them to RGB. */
async function colourFrames(file: string, folder: string): Promise<readonly Int32Array[]> {
  const stem = 'colour';
  await run('dcmj2pnm', ['+Fa', '+op', file, join(folder, stem)], { maxBuffer: 50_000_000 }).catch(() =>
    run('dcml2pnm', ['+Fa', '+op', file, join(folder, stem)]),
  );
  const names = (await readdir(folder)).filter((name) => name.startsWith(stem));
  const inOrder = names.sort((one, other) => Number(/\d+/.exec(one)?.[0] ?? 0) - Number(/\d+/.exec(other)?.[0] ?? 0));
  const frames: Int32Array[] = [];
  for (const name of inOrder) {
    frames.push(rgbaOf(await readFile(join(folder, name))));
    await rm(join(folder, name));
  }
  return frames;
}

/** Raw PPM (P6) or PGM (P5) of 8 bits as RGBA. */
function rgbaOf(file: Buffer): Int32Array {
  const head = /^P([56])\s+(?:#[^\n]*\s+)*(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 400).toString('latin1'));
  if (head === null) throw new Error('no PNM of 8 bits');
  const samples = head[1] === '6' ? 3 : 1;
  const pixels = Number(head[2]) * Number(head[3]);
  return Int32Array.from({ length: pixels * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (file[head[0].length + (at >> 2) * samples + Math.min(samples - 1, at % 4)] ?? 0),
  );
}

async function byGrok(file: string, folder: string): Promise<ReferenceFrames> {
  const data = dicomParser.parseDicom(new Uint8Array(await readFile(file)));
  const element = data.elements.x7fe00010;
  if (element?.fragments === undefined) throw new Error('no fragments');
  if ((data.intString('x00280008') ?? 1) !== 1) throw new Error('one frame only');
  const parts = element.fragments.map((part) => data.byteArray.subarray(part.position, part.position + part.length));
  await writeFile(join(folder, 'grok.j2k'), Buffer.concat(parts));
  await run('grk_decompress', ['-i', join(folder, 'grok.j2k'), '-o', join(folder, 'grok.ppm')]);
  return { colour: true, frames: [rgbaOf(await readFile(join(folder, 'grok.ppm')))], decoder: 'grk_decompress' };
}
