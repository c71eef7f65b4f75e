import { decodeUtf8 } from '../text/utf8.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is sought
const controls = /[\u0000-\u001f\u007f]/g;

/**
 * Escape sequences of HL7 v2 (2.5.1, 2.7). Control characters travel as `\Xhh\`, so that no text can end a segment or an MLLP frame;
 * a line break is the caller's matter. A text that is `""` would mean "delete the value" (2.5.3): its quotes are escaped.
 */
export function escapeText(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll('\\', '\\E\\')
    .replaceAll('|', '\\F\\')
    .replaceAll('^', '\\S\\')
    .replaceAll('&', '\\T\\')
    .replaceAll('~', '\\R\\')
    .replace(controls, (letter) => `\\X${letter.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}\\`);
  return escaped === '""' ? '\\X22\\\\X22\\' : escaped;
}

/** What the sequences stand for: the delimiters of the message that they stand in. */
export type Delimiters = {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly subcomponent: string;
  readonly escape: string;
};

const usual: Delimiters = { field: '|', component: '^', repetition: '~', subcomponent: '&', escape: '\\' };

/** HL7 v2.5.1 2.7.1: the delimiters by their letter. */
function delimiterOf(sequence: string, delimiters: Delimiters): string | null {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent === '' ? '&' : delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    // 2.7 (v2.7): the truncation mark itself.
    case 'P':
      return '#';
    default:
      return null;
  }
}

/** HL7 v2.5.1 2.7.6, formatted text. Indents and fill change how the words lie on paper, not the words. */
function formattingOf(sequence: string): string | null {
  const command = /^\.(br|sp|sk|ce|in|ti|fi|nf)\s*[+-]?(\d{0,3})$/i.exec(sequence);
  if (command === null) return null;
  const count = command[2] === '' || command[2] === undefined ? 1 : Math.min(Number(command[2]), 100);
  switch (command[1]?.toLowerCase()) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(count);
    case 'sk':
      return ' '.repeat(count);
    default:
      return '';
  }
}

/** 2.7.5: bytes in hexadecimal; UTF-8 where they are that, else one letter a byte. */
function bytesOf(sequence: string): string | null {
  if (!/^X([0-9A-Fa-f]{2})+$/.test(sequence)) return null;
  const bytes = (sequence.slice(1).match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16));
  const text = decodeUtf8(Uint8Array.from(bytes));
  return text.includes('\ufffd') ? String.fromCharCode(...bytes) : text;
}

/**
 * The text behind the escapes of HL7 v2.5.1 2.7. Highlighting (`\H\`, `\N\`), switches of the character set (`\C..\`, `\M..\`, done
 * before) and local marks (`\Z..\`) add no words and are dropped; a sequence that we do not know stays as it is written.
 */
export function unescapeText(text: string, delimiters: Delimiters = usual): string {
  const mark = delimiters.escape;
  if (mark === '' || !text.includes(mark)) return text;
  const parts = text.split(mark);
  let out = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 2) {
    const sequence = parts[index] ?? '';
    const next = parts[index + 1];
    // A mark without its end is a mark that the sender did not escape.
    if (next === undefined) return `${out}${mark}${sequence}`;
    const silent = /^(?:H|N|[CM](?:[0-9A-Fa-f]{4,6})|Z.*)$/.test(sequence) ? '' : null;
    const meant = delimiterOf(sequence, delimiters) ?? formattingOf(sequence) ?? bytesOf(sequence) ?? silent;
    out += `${meant ?? `${mark}${sequence}${mark}`}${next}`;
  }
  return out;
}
