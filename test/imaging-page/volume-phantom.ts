import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { element } from './phantom.ts';

/** A volume whose value at each place of the patient is known: it grows to the left, more to the back, most to the head. */
export type VolumePhantom = {
  /** 1 to 9; also what its values begin at, so that no picture of one is like that of another. */
  readonly study: number;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Millimetres from slice to slice; pixels are 1 mm. */
  readonly apart: number;
  /** Rows run to the patient's right in the header, while the pixels are as of one whose rows run to the left. */
  readonly mirrored?: boolean;
  /** Instance numbers count towards the feet. */
  readonly reversed?: boolean;
  /** One slice left out. */
  readonly without?: number;
  /** Its number in the study; 1 unless told. */
  readonly series?: number;
  /** CT unless told. */
  readonly modality?: 'CT' | 'PT';
  /** Its places are not those of the study's other series. */
  readonly ownFrame?: boolean;
};

export const volumeStudyUid = (study: number): string => `1.2.826.0.1.3680043.10.512.${study}`;
export const beginsAt = (study: number): number => 60 + 110 * study;

/** Value of the pixel at (column, row) of a slice, all 0-based. */
export function volumeValue(phantom: VolumePhantom, column: number, row: number, slice: number): number {
  return Math.round(beginsAt(phantom.study) + column + 1.5 * row + 2 * slice * phantom.apart);
}

const short = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);

function fileOf(phantom: VolumePhantom, slice: number): Buffer {
  const { study, columns, rows, slices, apart } = phantom;
  const { series = 1, modality = 'CT' } = phantom;
  const sopClass = modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.128';
  const seriesUid = `${volumeStudyUid(study)}.${series}`;
  const instanceUid = `${seriesUid}.${slice + 1}`;
  const pixels = new Uint16Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      pixels[row * columns + column] = volumeValue(phantom, column, row, slice);
  const meta = Buffer.concat([
    element(2, 1, 'OB', Uint8Array.of(0, 1)),
    element(2, 2, 'UI', sopClass),
    element(2, 3, 'UI', instanceUid),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const x = phantom.mirrored === true ? columns - 1 : 0;
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(2, 0, 'UL', length),
    meta,
    element(8, 0x16, 'UI', sopClass),
    element(8, 0x18, 'UI', instanceUid),
    element(8, 0x20, 'DA', '20261129'),
    element(8, 0x60, 'CS', modality),
    element(8, 0x103e, 'LO', series === 1 ? 'Volume' : `Volume ${series}`),
    element(0x10, 0x10, 'PN', `VOLUME^NUMBER ${study}`),
    element(0x10, 0x20, 'LO', `V${study}`),
    element(0x20, 0x0d, 'UI', volumeStudyUid(study)),
    element(0x20, 0x0e, 'UI', seriesUid),
    element(0x20, 0x11, 'IS', String(series)),
    element(0x20, 0x13, 'IS', String(phantom.reversed === true ? slices - slice : slice + 1)),
    element(0x20, 0x32, 'DS', `${x}\\0\\${slice * apart}`),
    element(0x20, 0x37, 'DS', phantom.mirrored === true ? '-1\\0\\0\\0\\1\\0' : '1\\0\\0\\0\\1\\0'),
    element(0x20, 0x52, 'UI', `${volumeStudyUid(study)}.9${phantom.ownFrame === true ? `.${series}` : ''}`),
    element(0x28, 2, 'US', short(1)),
    element(0x28, 4, 'CS', 'MONOCHROME2'),
    element(0x28, 0x10, 'US', short(rows)),
    element(0x28, 0x11, 'US', short(columns)),
    element(0x28, 0x30, 'DS', '1\\1'),
    element(0x28, 0x100, 'US', short(16)),
    element(0x28, 0x101, 'US', short(16)),
    element(0x28, 0x102, 'US', short(15)),
    element(0x28, 0x103, 'US', short(0)),
    element(0x28, 0x1050, 'DS', '600'),
    element(0x28, 0x1051, 'DS', '1200'),
    element(0x28, 0x1052, 'DS', '0'),
    element(0x28, 0x1053, 'DS', '1'),
    element(0x7fe0, 0x10, 'OW', new Uint8Array(pixels.buffer)),
  ]);
}

export async function writeVolumes(folder: string, phantoms: readonly VolumePhantom[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const phantom of phantoms) {
    for (let slice = 0; slice < phantom.slices; slice += 1) {
      if (slice !== phantom.without)
        await writeFile(
          join(folder, `${phantom.study}-${phantom.series ?? 1}-${String(slice).padStart(3, '0')}.dcm`),
          fileOf(phantom, slice),
        );
    }
  }
}
