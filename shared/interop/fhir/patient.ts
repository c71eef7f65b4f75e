import type { HumanName, Patient } from '@medplum/fhirtypes';
import type { PatientIdentity, PatientNumber, Sex } from '../../domain/study/index.ts';
import { nameGroup, nameParts } from '../text/person-name.ts';
import { dateText } from '../text/site-time.ts';
import { at, codeIn, extensionOf, listAt, textAt } from './read.ts';
import { nameRepresentation, systems } from './systems.ts';

/** ISO 21090 representations in the order of DICOM's groups: alphabetic, ideographic, phonetic (PS3.5 6.2.1). */
const representations = ['ABC', 'IDE', 'SYL'] as const;

function humanName(group: string, representation: (typeof representations)[number]): HumanName {
  const parts = nameParts(group);
  const given = [parts.given, parts.middle];
  while (given.at(-1) === '') given.pop();
  return {
    ...(representation === 'ABC'
      ? { use: 'official' as const }
      : { extension: [{ url: nameRepresentation, valueCode: representation }] }),
    ...(parts.family === '' ? {} : { family: parts.family }),
    ...(given.length === 0 ? {} : { given: given.map((one) => (one === '' ? '-' : one)) }),
    ...(parts.prefix === '' ? {} : { prefix: [parts.prefix] }),
    ...(parts.suffix === '' ? {} : { suffix: [parts.suffix] }),
  };
}

function groupOf(name: unknown): string {
  const words = (member: string): readonly string[] =>
    listAt(name, member).filter((one): one is string => typeof one === 'string');
  const [given = '', ...middle] = words('given');
  const family = textAt(name, 'family') ?? '';
  if (family === '' && given === '') {
    // "Family, Given" is the one order in free text that says which is which; anything else stays whole.
    const [first = '', second = ''] = (textAt(name, 'text') ?? '').split(/,(.*)/s);
    return nameGroup({ family: first, given: second, middle: '', prefix: '', suffix: '' });
  }
  return nameGroup({
    family,
    given: given === '-' ? '' : given,
    middle: middle.join(' '),
    prefix: words('prefix').join(' '),
    suffix: words('suffix').join(' '),
  });
}

/** Patient.name as a DICOM person name. Former names are not the patient's name now. */
function nameOf(patient: unknown): string {
  const current = listAt(patient, 'name').filter(
    (one) => !['old', 'maiden', 'temp'].includes(textAt(one, 'use') ?? ''),
  );
  const writing = (name: unknown): string => textAt(extensionOf(name, nameRepresentation), 'valueCode') ?? 'ABC';
  const groups = representations.map((representation) => {
    const names = current.filter((one) => writing(one) === representation);
    const chosen =
      names.find((one) => at(one, 'use') === 'official') ?? names.find((one) => at(one, 'use') === 'usual');
    return groupOf(chosen ?? names[0]);
  });
  return groups.join('=').replace(/=+$/, '');
}

const sexes: { readonly [gender: string]: Sex | undefined } = { male: 'M', female: 'F', other: 'O' };

/** Who the Patient resource says the patient is, in our words; wrong shapes read as absent. */
export function identityFromPatient(patient: unknown): PatientIdentity {
  const identifiers = listAt(patient, 'identifier').filter(
    (one) => textAt(one, 'value') !== null && !['old', 'temp', 'secondary'].includes(textAt(one, 'use') ?? ''),
  );
  const medicalRecord = identifiers.find((one) => codeIn(at(one, 'type'), systems.identifierType) === 'MR');
  const identifier = medicalRecord ?? identifiers.find((one) => at(one, 'use') === 'usual') ?? identifiers[0];
  const birthDate = textAt(patient, 'birthDate');
  return {
    id: textAt(identifier, 'value'),
    issuer: textAt(identifier, 'assigner', 'display'),
    name: nameOf(patient),
    birthDate: birthDate !== null && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(birthDate) ? birthDate.replaceAll('-', '') : null,
    sex: sexes[textAt(patient, 'gender') ?? ''] ?? null,
  };
}

/** The further names and numbers of a Patient: former and birth names, nicknames, and every identifier but its own; `temp` says nothing. */
export function othersFromPatient(patient: unknown): {
  readonly names: readonly string[];
  readonly numbers: readonly PatientNumber[];
} {
  const own = identityFromPatient(patient);
  const names = listAt(patient, 'name')
    .filter((one) => ['old', 'maiden', 'nickname'].includes(textAt(one, 'use') ?? ''))
    .map((one) => groupOf(one).replace(/\^+$/, ''));
  const numbers = listAt(patient, 'identifier').flatMap((one) => {
    const value = textAt(one, 'value');
    const issuer = textAt(one, 'assigner', 'display');
    if (value === null || textAt(one, 'use') === 'temp') return [];
    return value === own.id && issuer === own.issuer ? [] : [{ value, issuer }];
  });
  return { names: names.filter((name) => name !== '').slice(0, 20), numbers: numbers.slice(0, 20) };
}

const genders = { M: 'male', F: 'female', O: 'other' } as const;

/** A Patient with exactly what the identity holds. */
export function patientToFhir(id: string, identity: PatientIdentity): Patient {
  const names = identity.name
    .split('=')
    .slice(0, 3)
    .flatMap((group, index) => (group.trim() === '' ? [] : [humanName(group, representations[index] ?? 'ABC')]));
  return {
    resourceType: 'Patient',
    id,
    ...(identity.id === null
      ? {}
      : {
          identifier: [
            {
              use: 'usual' as const,
              type: { coding: [{ system: systems.identifierType, code: 'MR' }] },
              value: identity.id,
              ...(identity.issuer === null ? {} : { assigner: { display: identity.issuer } }),
            },
          ],
        }),
    ...(names.length === 0 ? {} : { name: names }),
    ...(identity.birthDate === null ? {} : { birthDate: dateText(identity.birthDate) }),
    gender: identity.sex === null ? 'unknown' : genders[identity.sex],
  };
}
