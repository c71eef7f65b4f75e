import { daysBetween, displayDate, parsePartialDate } from '../study/index.ts';
import type { ImagesOfOrder } from './image-facts.ts';
import type { OrderCheck } from './order-check.ts';

const unitDays: Readonly<Record<string, number | undefined>> = { D: 1, W: 7, M: 30.44, Y: 365.25 };
const unitWords: Readonly<Record<string, string | undefined>> = { D: 'days', W: 'weeks', M: 'months', Y: 'years' };

/**
 * The age that the machine was told (AS, PS3.5 6.2: "074Y") against the order's birth date on the day of the exam. A machine rounds, and a
 * birthday may lie between order and exam: one unit more or less is no difference.
 */
export function ageCheck(birthDate: string | null, images: ImagesOfOrder): OrderCheck[] {
  const birth = parsePartialDate(birthDate);
  const day = parsePartialDate(images.study.studyDate);
  if (birth === null || birth === 'unreadable' || birth.digits.length < 8) return [];
  if (day === null || day === 'unreadable' || day.digits.length < 8) return [];
  const days = daysBetween(birth.digits, day.digits);
  for (const { age } of images.facts.series) {
    const told = /^(\d{3})([DWMY])$/.exec(age?.trim().toUpperCase() ?? '');
    const unit = unitDays[told?.[2] ?? ''];
    // Machines write 000Y where nobody told them.
    if (told === null || unit === undefined || told[1] === '000') continue;
    const count = Number(told[1]);
    const meant = Math.floor(days / unit);
    if (Math.abs(meant - count) <= 1) continue;
    return [
      {
        code: 'patient-age',
        group: 'patient',
        state: 'defect',
        words: `By the order the patient was ${meant} ${unitWords[told[2] ?? ''] ?? ''} old at the exam; the images say ${count}.`,
        order: `born ${displayDate(birthDate)}`,
        images: `${count} ${unitWords[told[2] ?? ''] ?? ''}`,
        clause: 'Patient’s Age (0010,1010), PS3.3 C.7.2.2; FHIR Patient.birthDate',
      },
    ];
  }
  return [];
}
