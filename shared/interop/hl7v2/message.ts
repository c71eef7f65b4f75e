import { err, ok, type Result } from '../../lib/result.ts';
import { unescapeText } from './escape.ts';

/** A segment: `fields[0]` is its name, `fields[n]` field n as written (MSH-1 is the separator itself). */
export type Segment = { readonly name: string; readonly fields: readonly string[] };

export type Separators = {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly subcomponent: string;
  /** MSH-2's third character; empty where the sender names none and so escapes nothing. */
  readonly escape: string;
};

export type Hl7Message = { readonly separators: Separators; readonly segments: readonly Segment[] };

export type MessageFailure = {
  readonly code: 'not-hl7' | 'too-large' | 'bad-segment';
  readonly words: string;
};

/** Characters and segments that one message may hold. */
const mostCharacters = 16_000_000;
const mostSegments = 50_000;

/** Reads an ER7 message. Segments may end in CR, LF or CR LF: real senders do all three. */
export function parseMessage(text: string): Result<Hl7Message, MessageFailure> {
  if (text.length > mostCharacters) return err({ code: 'too-large', words: 'The HL7 message is larger than we take.' });
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '');
  const head = lines[0] ?? '';
  const separators = separatorsOf(head);
  if (!separators.ok) return separators;
  const { field } = separators.value;
  if (lines.length > mostSegments)
    return err({ code: 'too-large', words: 'The HL7 message has more segments than we take.' });
  const segments: Segment[] = [];
  for (const line of lines) {
    const fields = line.split(field);
    const name = fields[0] ?? '';
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name))
      return err({ code: 'bad-segment', words: `Line ${segments.length + 1} of the HL7 message is no segment.` });
    segments.push({ name, fields: name === 'MSH' ? [name, field, ...fields.slice(1)] : fields });
  }
  return ok({ separators: separators.value, segments });
}

/**
 * MSH-1 and MSH-2 (2.5.1, 2.14.9): any five different marks. Letters and digits would cut words in two, so they are no delimiters.
 * A fifth of MSH-2, the truncation mark of v2.7, changes nothing in how the message is read.
 */
function separatorsOf(head: string): Result<Separators, MessageFailure> {
  if (!head.startsWith('MSH') || head.length < 6)
    return err({ code: 'not-hl7', words: 'The message does not begin with an MSH segment.' });
  const field = head.charAt(3);
  const [component = '', repetition = '', escaper = '', subcomponent = ''] = head.slice(4).split(field)[0] ?? '';
  const marks = [field, component, repetition, escaper, subcomponent].filter((mark) => mark !== '');
  if (component === '' || repetition === '' || new Set(marks).size !== marks.length || marks.some(isNoDelimiter))
    return err({ code: 'not-hl7', words: 'MSH-1 and MSH-2 do not name different marks as delimiters.' });
  return ok({ field, component, repetition, escape: escaper, subcomponent });
}

function isNoDelimiter(mark: string): boolean {
  return /[\p{L}\p{N}\p{Cc}\s"]/u.test(mark);
}

/** A field's repetitions as written; none when it is empty. */
export function repetitionsOf(message: Hl7Message, segment: Segment | undefined, field: number): readonly string[] {
  const whole = segment?.fields[field] ?? '';
  return whole === '' ? [] : whole.split(message.separators.repetition);
}

/** All segments of that name, in order. */
export function segmentsNamed(message: Hl7Message, name: string): readonly Segment[] {
  return message.segments.filter((segment) => segment.name === name);
}

export type Place = {
  /** 1-based, as the standard counts. */
  readonly field: number;
  readonly component?: number;
  readonly subcomponent?: number;
  readonly repetition?: number;
};

/** A value, unescaped; empty when absent. A place without component is the whole first repetition, only fit for simple types. */
export function valueAt(message: Hl7Message, segment: Segment | undefined, place: Place): string {
  const whole = segment?.fields[place.field] ?? '';
  if (segment?.name === 'MSH' && place.field <= 2) return whole;
  const repetition = whole.split(message.separators.repetition)[(place.repetition ?? 1) - 1] ?? '';
  if (place.component === undefined) return unescapeText(repetition, message.separators);
  const component = repetition.split(message.separators.component)[place.component - 1] ?? '';
  const { subcomponent } = message.separators;
  const parts = subcomponent === '' ? [component] : component.split(subcomponent);
  return unescapeText(parts[(place.subcomponent ?? 1) - 1] ?? '', message.separators);
}
