const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...alphabet].map((letter, value) => [letter, value]));

/** RFC 4648 section 4, with padding; `shared` has no `btoa` and no Buffer. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const left = bytes.length - index;
    const word = (first << 16) | (second << 8) | third;
    parts.push(
      alphabet.charAt(word >> 18) +
        alphabet.charAt((word >> 12) & 63) +
        (left > 1 ? alphabet.charAt((word >> 6) & 63) : '=') +
        (left > 2 ? alphabet.charAt(word & 63) : '='),
    );
  }
  return parts.join('');
}

/** The bytes of a base64 text (white space is skipped, as FHIR allows it); null when it is none. */
export function decodeBase64(text: string): Uint8Array | null {
  const letters = text.replace(/\s/g, '').replace(/={1,2}$/, '');
  if (letters.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    const value = values.get(letter);
    if (value === undefined) return null;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (word >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}
