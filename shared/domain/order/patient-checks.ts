import { cleanLine } from '../../lib/clean-text.ts';
import { displayName, type IdentityDifference, type IdentityVerdict, identityOfCase } from '../study/index.ts';
import { ageCheck } from './age-check.ts';
import type { Asked } from './asked-exam.ts';
import type { ImagesOfOrder } from './image-facts.ts';
import type { Order } from './order.ts';
import type { OrderCheck } from './order-check.ts';

const identityCodes = {
  name: 'patient-name',
  birthDate: 'patient-birth-date',
  sex: 'patient-sex',
  id: 'patient-id',
  study: 'patient-study',
} as const;
export const identityClauses: Readonly<Record<IdentityDifference['field'], string>> = {
  name: 'Patient’s Name (0010,0010), PS3.3 C.7.1.1; FHIR Patient.name',
  birthDate: 'Patient’s Birth Date (0010,0030), PS3.3 C.7.1.1; FHIR Patient.birthDate',
  sex: 'Patient’s Sex (0010,0040), PS3.3 C.7.1.1; FHIR Patient.gender',
  id: 'Patient ID (0010,0020) with its issuer (0010,0021), PS3.3 C.7.1.1',
  study: 'Study Instance UID (0020,000D) is of one patient, PS3.3 C.7.2.1',
};

/** Whether order and images are of one patient, by what both say, and whether the exam can be that patient's. */
export function patientChecks(
  { order, words }: Asked,
  images: ImagesOfOrder | null,
  identity: IdentityVerdict | null,
): OrderCheck[] {
  const checks: OrderCheck[] = [];
  const verdict = images === null ? null : (identity ?? identityOfCase(order.patient, images.owners));
  for (const one of verdict?.differences ?? []) {
    if (one.grade === 'same') continue;
    checks.push({
      code: identityCodes[one.field],
      group: 'patient',
      state: one.grade === 'stop' ? 'defect' : 'note',
      words: one.words,
      order: one.order,
      images: one.images,
      clause: identityClauses[one.field],
    });
  }
  const birthClash = verdict?.differences.some((one) => one.field === 'birthDate') ?? false;
  if (images !== null && !birthClash) checks.push(...ageCheck(order.patient.birthDate, images));
  const { sex } = order.patient;
  if (words.sex !== null && (sex === 'M' || sex === 'F') && words.sex !== sex) {
    checks.push({
      code: 'patient-exam',
      group: 'patient',
      state: 'defect',
      words: `The exam is of an organ that a ${sex === 'M' ? 'male' : 'female'} patient does not usually have: the wrong patient, the wrong exam, or the sex is wrong.`,
      order: `${sex}, ${cleanLine(order.procedure.display, 120)}`,
      images: images?.study.patient.sex ?? '',
      clause: 'FHIR Patient.gender and ServiceRequest.code; Patient’s Sex (0010,0040)',
    });
  }
  if (checks.every((check) => check.state !== 'defect' && check.state !== 'note')) {
    const compared = comparedFields(order, images);
    checks.push({
      code: 'patient-name',
      group: 'patient',
      state: compared.length === 0 ? 'not-compared' : 'agrees',
      words:
        compared.length === 0
          ? 'There is nothing to compare the patient with.'
          : `Same patient by ${compared.join(', ')}.`,
      order: displayName(order.patient.name),
      images: images === null ? '' : displayName(images.study.patient.name),
      clause: identityClauses.name,
    });
  }
  return checks;
}

function comparedFields(order: Order, images: ImagesOfOrder | null): string[] {
  if (images === null) return [];
  const other = images.study.patient;
  const both = (left: string | null, right: string | null): boolean => (left ?? '') !== '' && (right ?? '') !== '';
  return [
    ...(both(order.patient.name, other.name) ? ['name'] : []),
    ...(both(order.patient.id, other.id) ? ['id'] : []),
    ...(both(order.patient.birthDate, other.birthDate) ? ['birth date'] : []),
    ...(both(order.patient.sex, other.sex) ? ['sex'] : []),
  ];
}
