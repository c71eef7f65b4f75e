/**
 * Texts of DICOM objects in their Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1.2.5): single-byte sets, UTF-8, GB18030, GBK, and
 * ISO 2022 code extensions for Japanese, Korean, Chinese and the 8-bit sets.
 */
export type TextReader = (bytes: Uint8Array) => string;

/** Defined Term to the label that TextDecoder knows (WHATWG Encoding). */
const labels: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gbk',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Escape sequences of ISO 2022 (PS3.3 tables C.12-3 and C.12-4), without ESC, to the set that they bring in. */
const escapes: readonly (readonly [sequence: string, set: 'ascii' | 'jis0208' | 'jis0212' | string])[] = [
  ['$(D', 'jis0212'],
  ['$)C', 'euc-kr'],
  ['$)A', 'gbk'],
  ['$B', 'jis0208'],
  ['$@', 'jis0208'],
  ['(B', 'ascii'],
  ['(J', 'ascii'],
  [')I', 'shift_jis'],
  ['-A', 'iso-8859-1'],
  ['-B', 'iso-8859-2'],
  ['-C', 'iso-8859-3'],
  ['-D', 'iso-8859-4'],
  ['-L', 'iso-8859-5'],
  ['-G', 'iso-8859-6'],
  ['-F', 'iso-8859-7'],
  ['-H', 'iso-8859-8'],
  ['-M', 'windows-1254'],
  ['-T', 'windows-874'],
  ['-b', 'iso-8859-15'],
];

function labelOf(term: string): string | null {
  const plain = term
    .trim()
    .replace(/^ISO 2022 IR /, 'ISO_IR ')
    .replace(/^ISO-IR /, 'ISO_IR ');
  return labels[plain] ?? null;
}

function decode(label: string, bytes: Uint8Array): string {
  return new TextDecoder(label).decode(bytes);
}

/** No set is named: ASCII. Bytes beyond it are met all the same, as UTF-8 or Latin 1. */
function undeclared(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decode('iso-8859-1', bytes);
  }
}

/** The reader for the values of (0008,0005), empty where the element is absent. */
export function textReader(terms: readonly string[]): TextReader {
  const first = terms[0]?.trim() ?? '';
  const label = labelOf(first);
  const initial: TextReader = label === null ? undeclared : (bytes) => decode(label, bytes);
  const extended = terms.length > 1 || first.startsWith('ISO 2022');
  if (!extended || first === 'ISO_IR 192' || first === 'GB18030' || first === 'GBK') return initial;
  return (bytes) => (bytes.includes(0x1b) ? decodeExtended(bytes, initial) : initial(bytes));
}

/** Delimiters put the initial sets back (PS3.5 6.1.2.5.3): backslash, `^` and `=` of names, and control characters. */
function isDelimiter(byte: number): boolean {
  return (
    byte === 0x5c || byte === 0x5e || byte === 0x3d || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x09
  );
}

function decodeExtended(bytes: Uint8Array, initial: TextReader): string {
  let text = '';
  let set: string | null = null;
  let held: number[] = [];
  const flush = (): void => {
    if (held.length === 0) return;
    text += decodeRun(set, Uint8Array.from(held), initial);
    held = [];
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b) {
      const found = escapes.find(([sequence]) =>
        [...sequence].every((letter, offset) => bytes[at + 1 + offset] === letter.charCodeAt(0)),
      );
      flush();
      if (found === undefined) {
        at += 1;
        continue;
      }
      // A multi-byte or 8-bit set in G1 leaves ASCII in G0; designating ASCII ends a multi-byte set in G0 only.
      if (found[1] === 'ascii') set = set === 'jis0208' || set === 'jis0212' ? null : set;
      else set = found[1];
      at += 1 + found[0].length;
      continue;
    }
    const inPairs = set === 'jis0208' || set === 'jis0212';
    if (inPairs && byte >= 0x21 && byte <= 0x7e && at + 1 < bytes.length) {
      held.push(byte, bytes[at + 1] ?? 0);
      at += 2;
      continue;
    }
    if (isDelimiter(byte)) {
      flush();
      set = null;
    }
    held.push(byte);
    at += 1;
  }
  flush();
  return text;
}

function decodeRun(set: string | null, run: Uint8Array, initial: TextReader): string {
  if (set === null) return initial(run);
  // EUC-JP holds JIS X 0208 with the high bits set, and JIS X 0212 the same behind 0x8F.
  if (set === 'jis0208')
    return decode(
      'euc-jp',
      run.map((byte) => (byte < 0x21 ? byte : byte | 0x80)),
    );
  if (set === 'jis0212') {
    const euc: number[] = [];
    for (let at = 0; at + 1 < run.length; at += 2) euc.push(0x8f, (run[at] ?? 0) | 0x80, (run[at + 1] ?? 0) | 0x80);
    return decode('euc-jp', Uint8Array.from(euc));
  }
  return decode(set, run);
}
