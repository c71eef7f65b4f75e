import type { OrdererName } from '../../../domain/order/index.ts';
import { type Instant, instant } from '../../../lib/instant.ts';
import { siteTime } from '../../text/site-time.ts';
import { type Hl7Message, type Place, repetitionsOf, type Segment, valueAt } from '../message.ts';

/**
 * What a message says of one thing. `undefined`: nothing, so what is known stays. `null`: `""`, so what is known goes
 * (HL7 v2.5.1 2.5.3).
 */
export type Given<Value> = Value | null | undefined;

export function textGiven(message: Hl7Message, segment: Segment | undefined, place: Place): Given<string> {
  const text = valueAt(message, segment, place).trim();
  return text === '' ? undefined : text === '""' ? null : text;
}

/** The same where deleting a value means as little as not giving it. */
export function textOr(message: Hl7Message, segment: Segment | undefined, place: Place): string | null {
  return textGiven(message, segment, place) ?? null;
}

/** CE / CWE: code, text, system; the alternate triplet where the first is empty. */
export type CodedText = { readonly code: string; readonly text: string; readonly system: string };

export function codedAt(message: Hl7Message, segment: Segment | undefined, field: number, repetition = 1): CodedText {
  const part = (component: number): string => {
    const text = valueAt(message, segment, { field, component, repetition }).trim();
    return text === '""' ? '' : text;
  };
  const first = { code: part(1), text: part(2), system: part(3) };
  if (first.code !== '' || first.text !== '') return first;
  // 2.A.8: components 4 to 6 are the same thing in another system; CWE.9 is the original text.
  return { code: part(4), text: part(5) || part(9), system: part(6) };
}

/** EI (2.A.28): the number and who gave it. */
export type OrderNumber = { readonly value: string; readonly issuer: string };

export function numberAt(message: Hl7Message, segment: Segment | undefined, field: number): OrderNumber | null {
  const value = textOr(message, segment, { field, component: 1 });
  return value === null ? null : { value, issuer: textOr(message, segment, { field, component: 2 }) ?? '' };
}

/** A person of an XCN field (2.A.88): the name as people write it and in its parts, and the numbers by what they are said to be. */
export type Clinician = {
  /** "Family, Prefix Given Middle Suffix". */
  readonly name: string;
  readonly npi: string | null;
  /** The first number that is not said to be an NPI, and who gave it. */
  readonly number: { readonly value: string; readonly authority: string } | null;
  readonly parts: OrdererName;
};

export function clinicianAt(message: Hl7Message, segment: Segment | undefined, field: number): Clinician | null {
  const people = repetitionsOf(message, segment, field).map((_text, index): Clinician => {
    const part = (component: number): string =>
      textOr(message, segment, { field, component, repetition: index + 1 }) ?? '';
    const others = [part(6), part(3), part(4), part(5)].filter((one) => one !== '').join(' ');
    // 2.A.88: XCN.13 identifier type (table 0203 NPI), XCN.9 assigning authority; 2.16.840.1.113883.4.6 is the NPI's OID.
    const universal = valueAt(message, segment, { field, component: 9, repetition: index + 1, subcomponent: 2 });
    const isNpi = part(13) === 'NPI' || part(9) === 'NPI' || universal === '2.16.840.1.113883.4.6';
    const number = part(1);
    return {
      name: [part(2), others].filter((one) => one !== '').join(', '),
      npi: isNpi && number !== '' ? number : null,
      number: isNpi || number === '' ? null : { value: number, authority: part(9) || universal },
      parts: { family: part(2), given: part(3), middle: part(4), suffix: part(5), prefix: part(6) },
    };
  });
  const named = people.find((one) => one.name !== '');
  if (named === undefined) return null;
  return { ...named, npi: named.npi ?? people.find((one) => one.npi !== null)?.npi ?? null };
}

/**
 * TS / DTM (2.A.22). An offset in the text counts; without one the zone is the site's. Null for a text that is no time or names only
 * a day.
 */
export function instantOf(text: string, zone: string): Instant | null {
  const found = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:\.(\d{1,4}))?([+-]\d{4})?$/.exec(text.trim());
  if (found === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => (part === undefined ? 0 : Number(part)));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const fraction = Number(`0.${found[7] ?? '0'}`) * 1_000;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(fraction);
  if (Number.isNaN(wall) || new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return null;
  const offset = found[8];
  if (offset !== undefined) return instant(wall - minutesOf(offset) * 60_000);
  // The offset depends on the instant and the instant on the offset: twice is enough for every change of the clocks.
  let at = wall;
  for (let turn = 0; turn < 2; turn += 1) at = wall - minutesOf(siteTime(instant(at), zone).offset) * 60_000;
  return instant(at);
}

function minutesOf(offset: string): number {
  const size = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return offset.startsWith('-') ? -size : size;
}
