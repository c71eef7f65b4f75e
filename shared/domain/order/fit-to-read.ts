import { cleanLine } from '../../lib/clean-text.ts';
import type { ExamProtocol, IdentityVerdict } from '../study/index.ts';
import { type Asked, readOrder, sideClause, sideWords } from './asked-exam.ts';
import { contrastChecks, examChecks } from './exam-checks.ts';
import { type ReadWords, readExamWords, readSide } from './exam-words.ts';
import { imageChecks } from './image-checks.ts';
import type { ImagesOfOrder } from './image-facts.ts';
import type { Order } from './order.ts';
import { type FitToRead, type FitToReadRules, fitOf, type OrderCheck, type ProcedureFacts } from './order-check.ts';
import { identityClauses, patientChecks } from './patient-checks.ts';
import { sideChecks } from './side-checks.ts';
import { validateOrder } from './validate-order.ts';

/**
 * Whether an order can be read: right patient, exam, side, reason and images, each with what both sides say. What one side does not say is
 * no mismatch. It never blocks reading: it is shown before the first click, and the reader decides. `table` is the group's own table of
 * procedure codes, where one is loaded.
 */
export function fitToRead(
  order: Order,
  images: ImagesOfOrder | null,
  options: {
    readonly rules?: FitToReadRules;
    readonly table?: (code: string) => ProcedureFacts | null;
    /** The verdict on order and images, where it is known already. */
    readonly identity?: IdentityVerdict;
    readonly read?: ReadWords;
    /** What the site agreed that this exam consists of. */
    readonly protocol?: ExamProtocol | null;
  } = {},
): FitToRead {
  const asked = readOrder(order, options.read ?? readExamWords);
  const listed = options.table?.(order.procedure.code) ?? null;
  const found: OrderCheck[] = [
    ...patientChecks(asked, images, options.identity ?? null),
    ...examChecks(asked, images, listed),
    ...sideChecks(asked, images, listed),
    ...contrastChecks(asked, images?.facts ?? null, listed),
    ...reasonChecks(asked),
    ...imageChecks(asked, images, options.protocol ?? null),
    ...formChecks(order),
  ];
  return fitOf(found, options.rules);
}

const reasonClause =
  'FHIR ServiceRequest.reasonCode; HL7 v2 OBR-31; ACR Practice Parameter for Communication of Diagnostic Imaging Findings';

function reasonChecks({ order, side }: Asked): OrderCheck[] {
  const given = [order.reason.trim(), ...order.reasonCodes.map((one) => one.display || one.code)].filter(
    (one) => one !== '',
  );
  const shown = cleanLine(given.join('; '), 200);
  if (given.length === 0) {
    return [
      {
        code: 'reason',
        group: 'reason',
        state: 'defect',
        words: 'No reason for the exam: the reader does not know what is asked.',
        order: '',
        images: '',
        clause: reasonClause,
      },
    ];
  }
  const checks: OrderCheck[] = [
    {
      code: 'reason',
      group: 'reason',
      state: 'agrees',
      words: 'A reason is given.',
      order: shown,
      images: '',
      clause: reasonClause,
    },
  ];
  const meant = side === null || side === 'B' ? null : readSide(given.join('; '));
  if (side !== null && side !== 'B' && meant !== null && meant !== 'B' && meant !== side) {
    checks.push({
      code: 'side-reason',
      group: 'side',
      state: 'note',
      words: `The exam is of the ${sideWords[side]} side, and the reason speaks of the ${sideWords[meant]}.`,
      order: `${sideWords[side]}; ${shown}`,
      images: '',
      clause: `${reasonClause}; ${sideClause}`,
    });
  }
  return checks;
}

/** What the order lacks beside exam, side and reason; `validateOrder` has the sentences. */
const formCodes = {
  'not-active': ['order-status', 'defect', 'FHIR ServiceRequest.status; HL7 v2 ORC-5'],
  'no-patient-name': ['patient-name', 'note', identityClauses.name],
  'no-patient-id': ['patient-id', 'note', identityClauses.id],
  'no-birth-date': ['patient-birth-date', 'note', identityClauses.birthDate],
  'no-accession': ['accession', 'note', 'Accession Number (0008,0050); FHIR ServiceRequest.identifier of type ACSN'],
  'no-site': ['site', 'note', 'FHIR ServiceRequest.performer and locationReference; HL7 v2 MSH-4'],
  'no-orderer': ['orderer', 'note', 'FHIR ServiceRequest.requester; HL7 v2 ORC-12'],
  'unknown-priority': ['priority', 'note', 'FHIR ServiceRequest.priority; HL7 v2 TQ1-9'],
} as const;

function formChecks(order: Order): OrderCheck[] {
  return validateOrder(order).flatMap((defect): OrderCheck[] => {
    if (!(defect.code in formCodes)) return [];
    const [code, state, clause] = formCodes[defect.code as keyof typeof formCodes];
    const group = code.startsWith('patient-') ? 'patient' : 'order';
    return [{ code, group, state, words: defect.words, order: '', images: '', clause }];
  });
}
