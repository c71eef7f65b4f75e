import { cleanLine } from '../../../lib/clean-text.ts';
import { type Hl7Message, type Segment, segmentsNamed } from '../message.ts';
import { textOr } from './fields.ts';

/** An insurance as IN1 names it (HL7 v2.5.1 6.5.6). Days are "YYYYMMDD"; null where none was given. */
export type CoverageGiven = {
  /** IN1-4, the company; else the plan of IN1-2. */
  readonly payer: string;
  /** IN1-36, else the insured's number of IN1-49. */
  readonly policy: string | null;
  readonly group: string | null;
  readonly from: string | null;
  readonly until: string | null;
  /** IN1-14.1. Its date says when it was given, not how long it holds, so it bounds nothing. */
  readonly authorization: string | null;
};

const mostCoverages = 10;

/** The insurances of an order message, the first first. A segment that names no payer says nothing that a bill could use. */
export function coveragesOf(message: Hl7Message): readonly CoverageGiven[] {
  return segmentsNamed(message, 'IN1')
    .slice(0, mostCoverages)
    .flatMap((segment) => {
      const text = (field: number, component = 1): string | null => {
        const found = textOr(message, segment, { field, component });
        return found === null ? null : cleanLine(found, 120);
      };
      const payer = text(4) ?? text(2, 2) ?? text(2);
      if (payer === null || payer === '') return [];
      return [
        {
          payer,
          policy: text(36) ?? text(49),
          group: text(8),
          from: dayAt(message, segment, 12),
          until: dayAt(message, segment, 13),
          authorization: text(14),
        },
      ];
    });
}

function dayAt(message: Hl7Message, segment: Segment, field: number): string | null {
  const day = /^(\d{4})(\d{2})(\d{2})/.exec(textOr(message, segment, { field, component: 1 }) ?? '');
  if (day === null) return null;
  const [, year = '', month = '', date = ''] = day;
  const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  return real.getUTCMonth() === Number(month) - 1 && real.getUTCDate() === Number(date)
    ? `${year}${month}${date}`
    : null;
}
