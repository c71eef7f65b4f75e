/**
 * One line that shows what it holds: control characters and the marks that reorder text on screen (U+202A-202E, U+2066-2069,
 * U+200B-200F, U+FEFF) are taken out, because a name that reads backwards is another patient's name to the eye.
 */
export function cleanLine(text: string, most = 400): string {
  const shown = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim();
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}
