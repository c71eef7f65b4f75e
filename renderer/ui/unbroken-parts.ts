/** A piece of a line: `whole` must not be parted by the end of a line. */
export type LinePart = { readonly words: string; readonly whole: boolean };

const time = String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:\s(?:GMT(?:[+−-]\d{1,2}(?::\d{2})?)?|[A-Z]{2,5})(?![\w-]))?`;
const units =
  'mm|cm|km|m|µm|ml|mL|l|L|mg|µg|g|kg|mGy|mSv|HU|ms|s|min|h|d|mo|yr?|px|kB|MB|GB|Mbit/s|%|(?:second|minute|hour|day|week|month|year)s?';
const quantity = String.raw`[−+-]?\d+(?:[.,]\d+)*(?:\s|\s?[x×–-]\s?\d+(?:[.,]\d+)*\s?)?(?:${units})(?![\w])`;
/** A date, an accession, another number of parts or a code in capitals. Longer than this it may need the room of two lines. */
const hyphened = String.raw`(?:(?=[A-Za-z-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+|[A-Z]{2,}(?:-[A-Z]{2,})+(?![a-z]))`;
const longestHyphened = 24;
/** Without the mark that ends its sentence. */
const address = String.raw`https?:\/\/[^\s“”"]*[^\s“”".,;:)]`;
const longestAddress = 40;
const whole = new RegExp(String.raw`(?<![\w.:-])(?:${address}|${quantity}|${hyphened}|${time})`, 'g');

/** Where a line may end: never within a date, a time with its zone, a number with its unit, an accession number or an address. */
export function lineParts(text: string): readonly LinePart[] {
  const parts: LinePart[] = [];
  let from = 0;
  for (const found of text.matchAll(whole)) {
    const [words] = found;
    if (words.length > (words.includes('://') ? longestAddress : longestHyphened)) continue;
    if (found.index > from) parts.push({ words: text.slice(from, found.index), whole: false });
    parts.push({ words, whole: true });
    from = found.index + words.length;
  }
  if (from < text.length) parts.push({ words: text.slice(from), whole: false });
  return parts;
}
