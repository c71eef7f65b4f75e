import { inflateSync } from 'node:zlib';

type Table = { readonly tag: number; readonly checksum: number; readonly bytes: Uint8Array };

/**
 * The TrueType file inside a WOFF 1.0 file (W3C WOFF 4 and 5). fontkit reads WOFF table by table, and runs off the end of `glyf`
 * where a subset's last glyph is empty, such as the space; in one TrueType file the next table follows, and nothing breaks.
 */
export function sfntFromWoff(file: Uint8Array): Uint8Array {
  const woff = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (woff.getUint32(0) !== 0x774f4646) throw new Error('Not a WOFF file.');
  const count = woff.getUint16(12);
  const tables: Table[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 44 + index * 20;
    const [offset, packed, size] = [woff.getUint32(at + 4), woff.getUint32(at + 8), woff.getUint32(at + 12)];
    const stored = file.subarray(offset, offset + packed);
    tables.push({
      tag: woff.getUint32(at),
      checksum: woff.getUint32(at + 16),
      bytes: packed < size ? inflateSync(stored) : stored,
    });
  }
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  const head = 12 + count * 16;
  const whole = new Uint8Array(tables.reduce((sum, table) => sum + padded(table.bytes.length), head));
  const sfnt = new DataView(whole.buffer);
  const power = Math.floor(Math.log2(count));
  sfnt.setUint32(0, woff.getUint32(4));
  sfnt.setUint16(4, count);
  sfnt.setUint16(6, 2 ** power * 16);
  sfnt.setUint16(8, power);
  sfnt.setUint16(10, count * 16 - 2 ** power * 16);
  let offset = head;
  for (const [index, table] of tables.entries()) {
    const at = 12 + index * 16;
    sfnt.setUint32(at, table.tag);
    sfnt.setUint32(at + 4, table.checksum);
    sfnt.setUint32(at + 8, offset);
    sfnt.setUint32(at + 12, table.bytes.length);
    whole.set(table.bytes, offset);
    offset += padded(table.bytes.length);
  }
  return whole;
}
