import type { ByteReader, ByteWriter } from '../../lib/packed-bytes.ts';

/** How a text is written that stands for the first time; from `firstKnown` on it is the number of one that stood there before. */
const forms = { plain: 0, digest: 1, uuid: 2, uid: 3, firstKnown: 4 } as const;
const derived = /^([a-z-]{1,24})-((?:[0-9a-f]{2}){16,32})$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uid = /^[0-9.]{6,64}$/;
const uidSigns = '0123456789.';

/** A text that stood before is its number; ids and UIDs, which stand once and are long, take half of their letters. */
export function textWriter(writer: ByteWriter, known: Map<string, number>): (value: string) => void {
  const write = (value: string): void => {
    const number = known.get(value);
    if (number !== undefined) {
      writer.unsigned(forms.firstKnown + number);
      return;
    }
    const parts = derived.exec(value);
    if (parts !== null) {
      const [, prefix = '', digits = ''] = parts;
      writer.unsigned(forms.digest);
      write(prefix);
      writer.byte(digits.length / 2);
      hexBytes(writer, digits);
    } else if (uuid.test(value)) {
      writer.unsigned(forms.uuid);
      hexBytes(writer, value.replaceAll('-', ''));
    } else if (uid.test(value)) {
      writer.unsigned(forms.uid);
      writer.byte(value.length);
      for (let place = 0; place < value.length; place += 2)
        writer.byte(
          16 * uidSigns.indexOf(value.charAt(place)) + Math.max(0, uidSigns.indexOf(value.charAt(place + 1))),
        );
    } else {
      writer.unsigned(forms.plain);
      writer.text(value);
    }
    known.set(value, known.size);
  };
  return write;
}

/** The counterpart of `textWriter`. Throws where the bytes are none of its. */
export function textReader(reader: ByteReader): () => string {
  const known: string[] = [];
  const fresh = (form: number): string => {
    switch (form) {
      case forms.plain:
        return reader.text();
      case forms.digest: {
        const prefix = read();
        return `${prefix}-${hexText(reader, reader.byte())}`;
      }
      case forms.uuid: {
        const digits = hexText(reader, 16);
        return [0, 8, 12, 16, 20, 32].reduce(
          (whole, from, index, places) =>
            index === 5 ? whole : `${whole}${index === 0 ? '' : '-'}${digits.slice(from, places[index + 1])}`,
          '',
        );
      }
      default: {
        const length = reader.byte();
        let value = '';
        while (value.length < length) {
          const pair = reader.byte();
          value += (uidSigns[pair >> 4] ?? '?') + (uidSigns[pair & 15] ?? '?');
        }
        return value.slice(0, length);
      }
    }
  };
  const read = (): string => {
    const form = reader.unsigned();
    if (form >= forms.firstKnown) {
      const value = known[form - forms.firstKnown];
      if (value === undefined) throw new Error('altered');
      return value;
    }
    const value = fresh(form);
    known.push(value);
    return value;
  };
  return read;
}

function hexBytes(writer: ByteWriter, digits: string): void {
  for (let place = 0; place < digits.length; place += 2)
    writer.byte(Number.parseInt(digits.slice(place, place + 2), 16));
}

function hexText(reader: ByteReader, bytes: number): string {
  let text = '';
  for (let done = 0; done < bytes; done += 1) text += reader.byte().toString(16).padStart(2, '0');
  return text;
}
