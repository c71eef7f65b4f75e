import { err, ok, type Result } from '../../lib/result.ts';
import { unescapeText } from './escape.ts';

/** A segment: `fields[0]` is its name, `fields[n]` field n as written (MSH-1 is the separator itself). */
export type Segment = { readonly name: string; readonly fields: readonly string[] };

export type Separators = {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly subcomponent: string;
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
    .filter((line) => line !== '');
  const head = lines[0] ?? '';
  const [field, component, repetition, escaper, subcomponent] = head.slice(3, 8);
  if (!head.startsWith('MSH') || field === undefined || component === undefined || repetition === undefined)
    return err({ code: 'not-hl7', words: 'The message does not begin with an MSH segment.' });
  if (lines.length > mostSegments)
    return err({ code: 'too-large', words: 'The HL7 message has more segments than we take.' });
  if (escaper !== undefined && escaper !== '\\' && escaper !== field)
    return err({ code: 'not-hl7', words: 'MSH-2 names another escape character than \\.' });
  const segments: Segment[] = [];
  for (const line of lines) {
    const fields = line.split(field);
    const name = fields[0] ?? '';
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name))
      return err({ code: 'bad-segment', words: `Line ${segments.length + 1} of the HL7 message is no segment.` });
    segments.push({ name, fields: name === 'MSH' ? [name, field, ...fields.slice(1)] : fields });
  }
  return ok({ separators: { field, component, repetition, subcomponent: subcomponent ?? '&' }, segments });
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
  if (place.component === undefined) return unescapeText(repetition);
  const component = repetition.split(message.separators.component)[place.component - 1] ?? '';
  const part = component.split(message.separators.subcomponent)[(place.subcomponent ?? 1) - 1] ?? '';
  return unescapeText(part);
}
