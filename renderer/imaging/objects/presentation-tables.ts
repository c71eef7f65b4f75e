import type { DataSet as FileDataSet } from 'dicom-parser';
import { type DataSet, items, number, numbers, text } from '../dicom-json.ts';
import { entriesOf, firstMapped, readTable, tableOf } from '../lookup-tables.ts';
import { type FrameOverlay, overlaysOf, readOverlayPlanes } from '../overlay-planes.ts';
import type { LookUpTable, PlainValues } from '../types.ts';
import { fileItems } from './file-text.ts';
import type { ImagesMeant } from './presentation-images.ts';
import { meant } from './presentation-images.ts';

/** Values of interest of some images; `by` is null while the table is still in the file, `at` being its item. */
export type StateValues = { readonly images: ImagesMeant; readonly by: PlainValues | null; readonly at: number };

/** What archives leave out of metadata as bulk data, read from the file itself. */
export type PresentationParts = {
  readonly modality: LookUpTable | null;
  readonly presentation: LookUpTable | null;
  /** By item of the Softcopy VOI LUT Sequence (0028,3110). */
  readonly voi: readonly (LookUpTable | null)[];
  readonly planes: readonly FrameOverlay[];
};

const mostItems = 200;

/** Softcopy VOI LUT Sequence (PS3.3 C.11.8). */
export function stateValues(data: DataSet): {
  readonly voi: readonly StateValues[];
  readonly missing: readonly string[];
} {
  const missing: string[] = [];
  const voi = items(data, '00283110').flatMap((item, at): readonly StateValues[] => {
    const images = meant(item);
    // A table before a window, as where an image brings both.
    const [table] = items(item, '00283010');
    if (table !== undefined) {
      const read = describedTable(table);
      return [{ images, at, by: read === null ? null : { kind: 'table', table: read } }];
    }
    const by = windowOf(item);
    if (by === null) missing.push('a window that could not be read');
    return by === null ? [] : [{ images, at, by }];
  });
  return { voi, missing };
}

function windowOf(item: DataSet): PlainValues | null {
  const [center] = numbers(item, '00281050');
  const [width] = numbers(item, '00281051');
  if (center === undefined || width === undefined || !(width > 0)) return null;
  const name = text(item, '00281056');
  const by = name === 'SIGMOID' ? 'sigmoid' : name === 'LINEAR_EXACT' ? 'linear-exact' : 'linear';
  if (by === 'linear' && width < 1) return null;
  return { kind: 'window', window: { center, width }, function: by };
}

/** LUT Data (0028,3006) as US values or as little-endian words in base64 (PS3.18 F.2.7); null where the archive did not give it. */
export function describedTable(item: DataSet): LookUpTable | null {
  const [count, first, said = 0] = numbers(item, '00283002');
  if (count === undefined || first === undefined) return null;
  let entries = numbers(item, '00283006');
  if (entries.length === 0) {
    const element = Object.hasOwn(item, '00283006') ? item['00283006'] : null;
    const inline =
      typeof element === 'object' && element !== null && 'InlineBinary' in element ? element.InlineBinary : null;
    if (typeof inline !== 'string' || inline.length > 400_000 || !/^[A-Za-z0-9+/]*=*$/.test(inline)) return null;
    const bytes = Uint8Array.from(atob(inline.length % 4 === 1 ? '' : inline), (letter) => letter.charCodeAt(0));
    entries = entriesOf(bytes, count, said);
  }
  return tableOf({ count, first, said, entries, explanation: text(item, '00283003') });
}

/** Rescale (0028,1053) and (0028,1052); null where it has none. */
export function stateRescale(data: DataSet): { readonly slope: number; readonly intercept: number } | null {
  const slope = number(data, '00281053');
  const intercept = number(data, '00281052');
  return slope === null || slope === 0 || intercept === null ? null : { slope, intercept };
}

/** The parts of a state that its file alone may bring. */
export function presentationParts(data: FileDataSet, bigEndian: boolean): PresentationParts {
  const table = (item: FileDataSet | undefined): LookUpTable | null =>
    // Whether its first value is signed depends on the image (`forValues`).
    item === undefined ? null : readTable(item, bigEndian, false);
  const first = (tag: string): FileDataSet | undefined => fileItems(data, tag, 1)[0];
  return {
    modality: table(first('x00283000')),
    presentation: table(first('x20500010')),
    voi: fileItems(data, 'x00283110', mostItems).map((item) => table(fileItems(item, 'x00283010', 1)[0])),
    planes: overlaysOf(readOverlayPlanes(data, bigEndian), 1),
  };
}

/** A table for values that may be negative: its first value is then a signed word (PS3.3 C.11.1.1.1), however it was written. */
export function forValues(table: LookUpTable, signed: boolean): LookUpTable {
  const first = firstMapped(table.firstMapped, signed);
  return first === table.firstMapped ? table : { ...table, firstMapped: first };
}
