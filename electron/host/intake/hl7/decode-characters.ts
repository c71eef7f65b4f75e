import { err, ok, type Result } from '../../../../shared/lib/result.ts';

/** Why the bytes of a message could not be read as text, for whoever runs the interface. */
export type CharacterFailure = { readonly words: string };

/** Table 0211 (HL7 v2.5.1 2.14.9.18), and spellings that are met, as the labels of the WHATWG Encoding Standard. */
const labels: { readonly [name: string]: string | undefined } = {
  ASCII: 'ascii',
  'ISO IR6': 'ascii',
  'ISO IR14': 'shift_jis',
  'ISO IR87': 'iso-2022-jp',
  'GB 18030-2000': 'gb18030',
  'KS X 1001': 'euc-kr',
  'BIG-5': 'big5',
  UNICODE: 'utf-8',
  'UNICODE UTF-8': 'utf-8',
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  'WINDOWS-1252': 'windows-1252',
};

function labelOf(name: string): string | null {
  const plain = name.trim().toUpperCase();
  if (Object.hasOwn(labels, plain)) return labels[plain] ?? null;
  const part = /^(?:ISO[ -]?)?8859[/-](\d{1,2})$/.exec(plain)?.[1];
  const number = part === undefined ? Number.NaN : Number(part);
  return (number >= 1 && number <= 11) || (number >= 13 && number <= 16) ? `iso-8859-${number}` : null;
}

/** MSH-18 from the bytes: the header is read as single bytes, which every set of table 0211 allows for its ASCII letters. */
function namedSets(bytes: Uint8Array): readonly string[] {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const head = Buffer.from(bytes.subarray(0, end === -1 ? Math.min(bytes.length, 4_000) : end)).toString('latin1');
  const start = head.indexOf('MSH');
  const line = start === -1 ? '' : head.slice(start);
  const field = line.charAt(3);
  if (field === '') return [];
  const repetition = line.charAt(5);
  const value = line.split(field)[17] ?? '';
  return value === '' ? [] : value.split(repetition).map((name) => name.trim());
}

/**
 * The text of a message by the character sets that MSH-18 names. `otherwise` is what the settings say for a sender that names none.
 * A set that is not known, or bytes that are not of it, is refused: a name with a wrong letter is another name.
 */
export function decodeCharacters(bytes: Uint8Array, otherwise: string | null): Result<string, CharacterFailure> {
  const named = namedSets(bytes).filter((name) => name !== '');
  const sets = named.length > 0 ? named : otherwise === null ? [] : [otherwise];
  const isAscii = bytes.every((byte) => byte < 0x80);
  if (sets.length === 0) {
    const text = isAscii ? Buffer.from(bytes).toString('latin1') : read(bytes, 'utf-8');
    return text === null
      ? err({
          words: 'MSH-18 names no character set and the bytes are neither ASCII nor UTF-8. Name the set in MSH-18.',
        })
      : ok(text);
  }
  const found = sets.map((name) => ({ name, label: labelOf(name) }));
  const unknown = found.find((one) => one.label === null);
  if (unknown !== undefined)
    return err({ words: `MSH-18 names the character set ${shown(unknown.name)}, which is not known here.` });
  const known = found.map((one) => one.label).filter((label): label is string => label !== null && label !== 'ascii');
  const [first] = known;
  if (first === undefined) {
    return isAscii
      ? ok(Buffer.from(bytes).toString('latin1'))
      : err({ words: 'MSH-18 says ASCII, but the message holds bytes that are not ASCII.' });
  }
  // Alternate sets are switched to by escape sequences (2.14.9.18); of the sets that are known, only the Japanese ones do that.
  const other = known.find((label) => label !== first && label !== 'iso-2022-jp');
  if (other !== undefined)
    return err({
      words: `MSH-18 names several character sets (${sets.map(shown).join(', ')}), which cannot be read together.`,
    });
  const label = known.includes('iso-2022-jp') ? 'iso-2022-jp' : first;
  const text = read(bytes, label);
  return text === null
    ? err({
        words: `The message holds bytes that are not of the character set that MSH-18 names (${shown(sets[0] ?? '')}).`,
      })
    : ok(text);
}

function read(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
