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

const letters: { readonly [sequence: string]: string | undefined } = {
  F: '|',
  S: '^',
  T: '&',
  R: '~',
  E: '\\',
  '.br': '\n',
  '.BR': '\n',
};

/** The text behind the escapes. Highlighting is dropped (`\H\`, `\N\`); a sequence that we do not know stays as it is written. */
export function unescapeText(text: string): string {
  return text.replace(/\\([^\\]*)\\/g, (whole, sequence: string) => {
    const letter = Object.hasOwn(letters, sequence) ? letters[sequence] : undefined;
    if (letter !== undefined) return letter;
    if (sequence === 'H' || sequence === 'N') return '';
    if (/^X([0-9A-Fa-f]{2})+$/.test(sequence))
      return (sequence.slice(1).match(/../g) ?? [])
        .map((hex) => String.fromCharCode(Number.parseInt(hex, 16)))
        .join('');
    return whole;
  });
}
