import type { Sex } from '../../../domain/study/index.ts';
import { nameGroup } from '../../text/person-name.ts';
import { type Hl7Message, repetitionsOf, type Segment } from '../message.ts';
import { type Given, textGiven, textOr } from './fields.ts';

/** One identifier of a patient (CX, 2.A.14). */
export type PatientNumber = {
  readonly value: string;
  /** Assigning authority's namespace, else its universal id; empty when none is named. */
  readonly issuer: string;
  /** Table 0203: MR, PI, SS and so on; empty when none is named. */
  readonly type: string;
};

export type PatientGiven = {
  /** The one that names the patient first. Never a social security or an account number. */
  readonly numbers: readonly PatientNumber[];
  /** DICOM person name (PS3.5 6.2.1). */
  readonly name: Given<string>;
  readonly birthDate: Given<string>;
  readonly sex: Given<Sex>;
};

/** Table 0203: numbers of a person elsewhere, an account or a visit are shared or change; none of them says whose images these are. */
const notOfThePatient: ReadonlySet<string> = new Set([
  'SS',
  'DL',
  'PPN',
  'AN',
  'VN',
  'MC',
  'MA',
  'NI',
  'PN',
  'BC',
  'WC',
]);
const bestFirst = ['MR', 'MRN', 'PI', 'PT', ''];

export function patientNumbers(message: Hl7Message, segment: Segment | undefined, field: number): PatientNumber[] {
  const found = repetitionsOf(message, segment, field).flatMap((_text, index): PatientNumber[] => {
    const repetition = index + 1;
    const value = textOr(message, segment, { field, component: 1, repetition });
    if (value === null) return [];
    const authority = (subcomponent: number): string =>
      textOr(message, segment, { field, component: 4, subcomponent, repetition }) ?? '';
    const type = textOr(message, segment, { field, component: 5, repetition }) ?? '';
    return [{ value, issuer: authority(1) || authority(2), type }];
  });
  const own = found.filter((one) => !notOfThePatient.has(one.type) && !/SSA$/.test(one.issuer));
  const rank = (one: PatientNumber): number => {
    const at = bestFirst.indexOf(one.type);
    return at === -1 ? bestFirst.length : at;
  };
  return [...own].sort((left, right) => rank(left) - rank(right));
}

/** XPN.7 (table 0200): names that are not the patient's name now. */
const otherNames: ReadonlySet<string> = new Set(['A', 'B', 'M', 'N', 'P', 'S', 'T', 'NOUSE', 'U']);

/** XPN (2.A.89) as a DICOM person name; XPN.8 says which writing it is in (table 4000: A, I, P). */
function nameGiven(message: Hl7Message, segment: Segment | undefined, field: number): Given<string> {
  if (textGiven(message, segment, { field }) === null) return null;
  const names = repetitionsOf(message, segment, field).map((_text, index) => {
    const part = (component: number): string =>
      textOr(message, segment, { field, component, repetition: index + 1 }) ?? '';
    return {
      kind: part(7).toUpperCase(),
      writing: part(8).toUpperCase(),
      group: nameGroup({ family: part(1), given: part(2), middle: part(3), suffix: part(4), prefix: part(5) }),
    };
  });
  const now = names.filter((one) => one.group !== '' && !otherNames.has(one.kind));
  const chosen = now.length > 0 ? now : names.filter((one) => one.group !== '');
  const inWriting = (writing: string): string =>
    (chosen.find((one) => one.writing === writing && one.kind === 'L') ?? chosen.find((one) => one.writing === writing))
      ?.group ?? '';
  const plain = inWriting('') || inWriting('A');
  const groups = [plain, inWriting('I'), inWriting('P')];
  const whole = groups.join('=').replace(/=+$/, '');
  return whole === '' ? undefined : whole;
}

/** Table 0001. A (ambiguous) and O read as O; N (not applicable) and U say nothing. */
const sexes: { readonly [code: string]: Sex | undefined } = { M: 'M', F: 'F', O: 'O', A: 'O' };

function sexGiven(message: Hl7Message, segment: Segment | undefined): Given<Sex> {
  const text = textGiven(message, segment, { field: 8, component: 1 });
  return text === null ? null : text === undefined ? undefined : sexes[text.toUpperCase().charAt(0)];
}

/** The day, month or year of birth; a time of day is left out (PID-7 is a TS). */
function birthDateGiven(message: Hl7Message, segment: Segment | undefined): Given<string> {
  const text = textGiven(message, segment, { field: 7, component: 1 });
  if (text === null || text === undefined) return text;
  const digits = /^\d{8}/.exec(text)?.[0] ?? /^(?:\d{4}|\d{6})$/.exec(text)?.[0];
  if (digits === undefined) return undefined;
  const [year, month, day] = [Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8))];
  if (year < 1850) return undefined;
  if (digits.length > 4 && (month < 1 || month > 12)) return undefined;
  const real = digits.length < 8 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  return real ? digits : undefined;
}

export function patientOf(message: Hl7Message, segment: Segment | undefined): PatientGiven {
  const listed = patientNumbers(message, segment, 3);
  // PID-2 is where senders before v2.3.1 put the number that names the patient.
  const numbers = listed.length > 0 ? listed : patientNumbers(message, segment, 2);
  return {
    numbers,
    name: nameGiven(message, segment, 5),
    birthDate: birthDateGiven(message, segment),
    sex: sexGiven(message, segment),
  };
}
