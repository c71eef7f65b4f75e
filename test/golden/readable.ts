import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { sha256 } from '../../electron/host/digest.ts';
import { type DicomJson, tags } from '../../shared/interop/dicom-json/index.ts';

const names = new Map(Object.entries(tags).map(([name, tag]) => [tag as string, name]));

/** A data set as lines, an element each, items indented under their sequence. */
export function readableDicom(document: DicomJson, depth = 0): string {
  const indent = '  '.repeat(depth);
  return Object.entries(document)
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([tag, { vr, Value: values = [] }]) => {
      const head = `${indent}(${tag.slice(0, 4)},${tag.slice(4)}) ${vr} ${names.get(tag) ?? ''}`.trimEnd();
      if (vr !== 'SQ') return `${head}: ${values.map((one) => JSON.stringify(one)).join(' \\ ')}`.trimEnd();
      const items = values.map((item) => `${indent}  - item\n${readableDicom(item as DicomJson, depth + 2)}`);
      return [head, ...items].join('\n');
    })
    .join('\n');
}

const said = (bytes: Uint8Array): string => `<${bytes.length} bytes, SHA-256 ${sha256(bytes).slice(0, 16)}>`;

/** JSON with long base64 told by size and hash. */
export function readableJson(value: unknown): string {
  return `${JSON.stringify(
    value,
    (_key, member: unknown) =>
      typeof member === 'string' && member.length > 300 && /^[A-Za-z0-9+/]+=*$/.test(member)
        ? said(Buffer.from(member, 'base64'))
        : member,
    2,
  )}\n`;
}

/** A message with a segment a line, and its document told by size and hash. */
export function readableHl7(message: string): string {
  return message
    .replace(/\^Base64\^([A-Za-z0-9+/=]+)/, (_whole, data: string) => `^Base64^${said(Buffer.from(data, 'base64'))}`)
    .replaceAll('\r', '\n');
}

/** The words of each page as Mozilla's pdf.js reads them, a drawn line a line. */
export async function readablePdf(bytes: Uint8Array): Promise<string> {
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const rows = new Map<number, { from: number; to: number; text: string }[]>();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [from, height] = [Number(item.transform[4]), Math.round(Number(item.transform[5]))];
      rows.set(height, [...(rows.get(height) ?? []), { from, to: from + item.width, text: item.str }]);
    }
    const lines = [...rows].sort(([left], [right]) => right - left).map(([, row]) => joined(row));
    pages.push(`--- page ${number} of ${document.numPages}\n${lines.join('\n')}\n`);
  }
  return pages.join('');
}

/** Pieces of one drawn line: runs of two fonts touch, columns stand apart. */
function joined(row: readonly { readonly from: number; readonly to: number; readonly text: string }[]): string {
  const pieces = row.toSorted((left, right) => left.from - right.from);
  return pieces
    .map(({ from, text }, place) => {
      const gap = from - (pieces[place - 1]?.to ?? from);
      return `${gap > 12 ? '   ' : gap > 1.5 ? ' ' : ''}${text}`;
    })
    .join('')
    .trimEnd();
}
