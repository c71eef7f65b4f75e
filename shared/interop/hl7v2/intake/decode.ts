import { err, ok, type Result } from '../../../lib/result.ts';
import { type Hl7Message, type Segment, segmentsNamed } from '../message.ts';
import { type CoverageGiven, coveragesOf } from './coverage.ts';
import { textOr } from './fields.ts';
import { headOf, type MessageHead } from './head.ts';
import { type AccessionField, type OrderGiven, orderGroups, orderOf } from './order.ts';
import { type PatientGiven, type PatientNumber, patientNumbers, patientOf } from './patient.ts';
import { documentOf, type ResultGiven, resultsOf } from './result.ts';

export type Merge = { readonly survivor: PatientGiven; readonly gone: readonly PatientNumber[] };

/** What a message asks of us. */
export type IntakeContent =
  | {
      readonly kind: 'orders';
      readonly patient: PatientGiven;
      readonly orders: readonly OrderGiven[];
      /** Empty: the message says nothing of insurance, so what is known stays. */
      readonly coverages: readonly CoverageGiven[];
    }
  | { readonly kind: 'patient'; readonly patient: PatientGiven }
  | { readonly kind: 'merge'; readonly merges: readonly Merge[] }
  | { readonly kind: 'results'; readonly patient: PatientGiven; readonly results: readonly ResultGiven[] }
  /** Understood, and nothing in it concerns a reading. */
  | { readonly kind: 'nothing'; readonly words: string };

export type Intake = { readonly head: MessageHead; readonly content: IntakeContent };

/** A refusal in the words of whoever runs the interface. AR: send nothing like it again. AE: mend it and send it again. */
export type IntakeRefusal = {
  readonly code: 'AE' | 'AR';
  /** Table 0357. */
  readonly condition: '100' | '101' | '102' | '103' | '200' | '201' | '203' | '204' | '205' | '207';
  readonly words: string;
};

export type IntakeFrom = {
  /** IANA zone for times without an offset. */
  readonly zone: string;
  readonly accession: AccessionField;
};

const patientEvents: ReadonlySet<string> = new Set(['A01', 'A04', 'A05', 'A08', 'A28', 'A31']);
const mergeEvents: ReadonlySet<string> = new Set(['A18', 'A34', 'A40']);
/** Movements and leaves: they change no name, number, birth date or sex. */
const silentEvents: ReadonlySet<string> = new Set(
  'A02 A03 A06 A07 A09 A10 A11 A12 A13 A14 A15 A16 A17 A20 A21 A22 A25 A26 A27 A32 A33 A38 A52 A53 A54 A55 A60'.split(
    ' ',
  ),
);

function refuse(code: IntakeRefusal['code'], condition: IntakeRefusal['condition'], words: string) {
  return err<IntakeRefusal>({ code, condition, words });
}

/** Reads a parsed message. Everything that it lacks for being applied whole is found here, before anything is written. */
export function decodeIntake(message: Hl7Message, from: IntakeFrom): Result<Intake, IntakeRefusal> {
  const head = headOf(message);
  const name = [head.type, head.trigger].filter((one) => one !== '').join('^') || 'nothing';
  if (head.controlId === '')
    return refuse('AR', '101', 'MSH-10 is empty: without a control ID a repeat cannot be told.');
  if (head.controlId.length > 199) return refuse('AR', '102', 'MSH-10, the control ID, is longer than 199 letters.');
  if (head.version !== '' && !/^2(\.\d+)*$/.test(head.version))
    return refuse('AR', '203', `MSH-12 says version ${head.version.slice(0, 20)}; HL7 version 2 is read here.`);
  const give = (content: IntakeContent) => ok<Intake>({ head, content });
  switch (head.type) {
    case 'ORM':
    case 'OMI':
    case 'OMG':
      return decodeOrders(message, from, give);
    case 'ADT':
      if (patientEvents.has(head.trigger)) {
        const patient = patientOf(message, segmentsNamed(message, 'PID')[0]);
        if (patient.numbers.length === 0) return refuse('AE', '101', 'PID-3 holds no number of the patient.');
        return give({ kind: 'patient', patient });
      }
      if (mergeEvents.has(head.trigger)) return decodeMerge(message, give);
      if (silentEvents.has(head.trigger))
        return give({ kind: 'nothing', words: `${name} changes no name, number, birth date or sex.` });
      return refuse(
        'AR',
        '201',
        `${name} is not taken in here; of ADT, A01, A04, A05, A08, A28, A31, A18, A34 and A40 are.`,
      );
    case 'ORU':
    case 'MDM': {
      if (head.type === 'ORU' && head.trigger !== 'R01' && head.trigger !== '')
        return refuse('AR', '201', `${name} is not taken in here; of ORU, R01 is.`);
      if (head.type === 'MDM' && !/^T(02|04|06|08|10)$/.test(head.trigger))
        return refuse(
          'AR',
          '201',
          `${name} holds no words of a document; of MDM, T02, T04, T06, T08 and T10 are taken in.`,
        );
      const patient = patientOf(message, segmentsNamed(message, 'PID')[0]);
      if (patient.numbers.length === 0) return refuse('AE', '101', 'PID-3 holds no number of the patient.');
      const { results, failures } = head.type === 'ORU' ? resultsOf(message, from) : documentOf(message, from);
      // All or none: half of a result would be read as the whole of it.
      const [first] = failures;
      if (first !== undefined) return refuse('AE', '101', first.words);
      if (results.length === 0) return refuse('AE', '100', 'The message holds no OBR segment, so no report.');
      const nameless = results.find((one) => one.filler === null && one.placer === null && one.accession === null);
      if (nameless !== undefined)
        return refuse(
          'AE',
          '101',
          'A report names no order: OBR-2 and OBR-3 are empty, so a later version could not replace it.',
        );
      return give({ kind: 'results', patient, results });
    }
    default:
      return refuse(
        'AR',
        '200',
        `${name} is not taken in here. Orders (ORM, OMI, OMG), patients (ADT) and reports (ORU^R01, MDM^T02) are.`,
      );
  }
}

function decodeOrders(
  message: Hl7Message,
  from: IntakeFrom,
  give: (content: IntakeContent) => Result<Intake, IntakeRefusal>,
): Result<Intake, IntakeRefusal> {
  const groups = orderGroups(message);
  if (groups.length === 0) return refuse('AE', '100', 'The message holds no ORC or OBR segment, so no order.');
  const patient = patientOf(message, segmentsNamed(message, 'PID')[0]);
  const orders: OrderGiven[] = [];
  for (const group of groups) {
    const order = orderOf(message, group, from);
    const control = textOr(message, group.orc, { field: 1, component: 1 }) ?? 'NW';
    if (order === null)
      return refuse('AE', '103', `Order control ${control.slice(0, 20)} (ORC-1) asks for nothing that is done here.`);
    if (order.placer === null && order.filler === null && order.accession === null)
      return refuse('AE', '101', 'An order has no number: OBR-2, OBR-3, ORC-2 and ORC-3 are empty.');
    if (order.action === 'new') {
      if (group.obr === undefined || order.procedure === null)
        return refuse('AE', '101', 'A new order does not say which exam is wanted (OBR-4).');
      if (patient.numbers.length === 0)
        return refuse('AE', '101', 'A new order names no patient: PID-3 holds no number of the patient.');
    }
    orders.push(order);
  }
  return give({ kind: 'orders', patient, orders, coverages: coveragesOf(message) });
}

/** A40 and A18 bring one or more pairs of PID and MRG; A34 merges the numbers alone. */
function decodeMerge(
  message: Hl7Message,
  give: (content: IntakeContent) => Result<Intake, IntakeRefusal>,
): Result<Intake, IntakeRefusal> {
  const merges: Merge[] = [];
  let person: Segment | undefined;
  for (const segment of message.segments) {
    if (segment.name === 'PID') person = segment;
    if (segment.name !== 'MRG') continue;
    if (person === undefined) return refuse('AE', '100', 'An MRG segment stands before its PID.');
    const survivor = patientOf(message, person);
    const gone = patientNumbers(message, segment, 1);
    if (survivor.numbers.length === 0) return refuse('AE', '101', 'PID-3 does not name the patient who stays.');
    if (gone.length === 0) return refuse('AE', '101', 'MRG-1 does not name the patient who is merged.');
    merges.push({ survivor, gone });
  }
  return merges.length === 0 ? refuse('AE', '100', 'The merge has no MRG segment.') : give({ kind: 'merge', merges });
}
