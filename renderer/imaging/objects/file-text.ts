import type { DataSet } from 'dicom-parser';

/** Specific Character Set (0008,0005) in the names of the Encoding Standard (PS3.3 C.12.1.1.2); others are read as ISO 8859-1. */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Reads text of one file in its character set; of no element more than `most` bytes. */
export function fileText(root: DataSet): (data: DataSet, tag: string, most?: number) => string {
  const [set = ''] = (root.string('x00080005') ?? '').split('\\').map((one) => one.trim());
  const decoder = new TextDecoder(encodings[set] ?? 'iso-8859-1');
  return (data, tag, most = 1_024) => {
    const element = data.elements[tag];
    if (element === undefined || element.length <= 0) return '';
    const bytes = (data.byteArray as Uint8Array).subarray(
      element.dataOffset,
      element.dataOffset + Math.min(element.length, most),
    );
    return decoder.decode(bytes).replace(/\0+$/, '').trim();
  };
}

/** Items of a sequence that hold something, at most so many. */
export function fileItems(data: DataSet, tag: string, most: number): readonly DataSet[] {
  return (data.elements[tag]?.items ?? []).slice(0, most).flatMap((item) => item.dataSet ?? []);
}
