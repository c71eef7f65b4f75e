import type { Annotation, CodeableConcept, Extension, Reference, ServiceRequest } from '@medplum/fhirtypes';
import { isForBilling, suppliedPrefix } from './billing-correction.ts';
import { lateralityOf } from './order.ts';
import { at, listAt, textAt } from './read.ts';
import { ours } from './systems.ts';

/** What a site's desk can have put into an order, as the timeline names it. */
type Supplied =
  | 'the side'
  | 'the reason for exam'
  | 'the diagnosis code for billing'
  | 'the procedure code for billing'
  | 'the coverage'
  | 'the authorization'
  | 'the physician’s NPI';

export type SentAgain = {
  readonly request: ServiceRequest;
  /** Of the desk's, still in it. */
  readonly kept: readonly Supplied[];
  /** Of the desk's, gone because the order itself now says another thing. */
  readonly replaced: readonly Supplied[];
};

/**
 * An order that replaces the one in the record, with what the site's desk supplied meanwhile: the sender does not know of that. A field for
 * which the new order brings a value of its own is the sender's. Neither hangs on who of the two is right: the timeline says what became of
 * it, and the checks of the order run again.
 */
export function orderSentAgain(wanted: ServiceRequest, before: ServiceRequest): SentAgain {
  const steps = [side, reason, diagnosis, procedure, insuranceOf('Coverage'), insuranceOf('ClaimResponse'), orderer];
  let request = notesOfDesk(wanted, before);
  const kept: Supplied[] = [];
  const replaced: Supplied[] = [];
  for (const step of steps) {
    const done = step(request, before);
    if (done === null) continue;
    request = done.request;
    if (done.standing !== 'same') (done.standing === 'kept' ? kept : replaced).push(done.what);
  }
  return { request, kept, replaced };
}

/** For the timeline, after "the order was changed by …"; empty where the desk had supplied nothing. */
export function sentAgainWords({ kept, replaced }: Pick<SentAgain, 'kept' | 'replaced'>): string {
  return [
    ...(kept.length === 0 ? [] : [`; kept as the site’s desk gave it: ${kept.join(', ')}`]),
    ...(replaced.length === 0 ? [] : [`; no longer as the site’s desk gave it: ${replaced.join(', ')}`]),
  ].join('');
}

type Step = {
  readonly request: ServiceRequest;
  readonly what: Supplied;
  readonly standing: 'kept' | 'replaced' | 'same';
} | null;

const isCorrected = (request: ServiceRequest, field: string): boolean =>
  listAt(request, 'extension').some(
    (one) => at(one, 'url') === ours.deskCorrected && textAt(one, 'valueCode') === field,
  );
const correctedMark = (field: string): Extension => ({ url: ours.deskCorrected, valueCode: field });

/** The desk's notes carry the marks by which a repeat of its command is known: without them a correction would be made again. */
function notesOfDesk(wanted: ServiceRequest, before: ServiceRequest): ServiceRequest {
  const own = wanted.note ?? [];
  const ofDesk = (before.note ?? []).filter(
    (one: Annotation) =>
      /\((?:billing|question) [^()]{1,80}\)$/.test(one.text ?? '') && !own.some((other) => other.text === one.text),
  );
  return ofDesk.length === 0 ? wanted : { ...wanted, note: [...own, ...ofDesk] };
}

function side(wanted: ServiceRequest, before: ServiceRequest): Step {
  const what = 'the side';
  const was = isCorrected(before, 'laterality') ? lateralityOf(before) : null;
  if (was === null) return null;
  const said = lateralityOf(wanted);
  if (said !== null) return { request: wanted, what, standing: said === was ? 'same' : 'replaced' };
  const extension = [
    ...(wanted.extension ?? []).filter((one) => one.url !== ours.laterality),
    { url: ours.laterality, valueCode: was },
    ...(isCorrected(wanted, 'laterality') ? [] : [correctedMark('laterality')]),
  ];
  return { request: { ...wanted, extension }, what, standing: 'kept' };
}

const spokenReason = (request: ServiceRequest): string =>
  (request.reasonCode ?? []).find((one) => (one.coding ?? []).length === 0 && !isForBilling(one))?.text ?? '';

function reason(wanted: ServiceRequest, before: ServiceRequest): Step {
  const what = 'the reason for exam';
  const was = isCorrected(before, 'reason') ? spokenReason(before) : '';
  if (was === '') return null;
  const said = spokenReason(wanted);
  if (said !== '') return { request: wanted, what, standing: said === was ? 'same' : 'replaced' };
  const request: ServiceRequest = {
    ...wanted,
    reasonCode: [{ text: was }, ...(wanted.reasonCode ?? [])],
    extension: [...(wanted.extension ?? []), ...(isCorrected(wanted, 'reason') ? [] : [correctedMark('reason')])],
  };
  return { request, what, standing: 'kept' };
}

const ownCodes = (concepts: readonly CodeableConcept[] | undefined): readonly string[] =>
  (concepts ?? [])
    .filter((one) => !isForBilling(one))
    .flatMap((one) => (one.coding ?? []).map((code) => code.code ?? ''));

function diagnosis(wanted: ServiceRequest, before: ServiceRequest): Step {
  const what = 'the diagnosis code for billing';
  const supplied = (before.reasonCode ?? []).filter(isForBilling);
  if (supplied.length === 0) return null;
  const known = new Set(ownCodes(before.reasonCode));
  const brings = ownCodes(wanted.reasonCode).some((code) => !known.has(code));
  const own = (wanted.reasonCode ?? []).filter((one) => !isForBilling(one));
  return brings
    ? { request: { ...wanted, reasonCode: own }, what, standing: 'replaced' }
    : { request: { ...wanted, reasonCode: [...own, ...supplied] }, what, standing: 'kept' };
}

function procedure(wanted: ServiceRequest, before: ServiceRequest): Step {
  const what = 'the procedure code for billing';
  const supplied = (before.code?.coding ?? []).filter(isForBilling);
  if (supplied.length === 0) return null;
  const own = (wanted.code?.coding ?? []).filter((one) => !isForBilling(one));
  const codes = (request: ServiceRequest): string =>
    ownCodes([{ coding: (request.code?.coding ?? []).filter((one) => !isForBilling(one)) }]).join(' ');
  // Of another exam it would be another exam's code.
  const sameExam = codes(wanted) === codes(before) && (wanted.code?.text ?? '') === (before.code?.text ?? '');
  const coding = sameExam ? [...own, ...supplied] : own;
  return { request: { ...wanted, code: { ...wanted.code, coding } }, what, standing: sameExam ? 'kept' : 'replaced' };
}

const insuranceOf =
  (type: 'Coverage' | 'ClaimResponse') =>
  (wanted: ServiceRequest, before: ServiceRequest): Step => {
    const what = type === 'Coverage' ? 'the coverage' : 'the authorization';
    const isOfDesk = (one: Reference): boolean => (one.reference ?? '').startsWith(`${type}/${suppliedPrefix}-`);
    const supplied = (before.insurance ?? []).filter(isOfDesk);
    if (supplied.length === 0) return null;
    const known = new Set((before.insurance ?? []).map((one) => one.reference));
    const own = (wanted.insurance ?? []).filter((one) => !isOfDesk(one));
    const brings = own.some((one) => one.reference?.startsWith(`${type}/`) === true && !known.has(one.reference));
    const there = supplied.every((one) => wanted.insurance?.some((other) => other.reference === one.reference));
    if (there && !brings) return { request: wanted, what, standing: 'kept' };
    const insurance = brings ? own : [...own, ...supplied];
    return { request: { ...wanted, insurance }, what, standing: brings ? 'replaced' : 'kept' };
  };

function orderer(wanted: ServiceRequest, before: ServiceRequest): Step {
  const what = 'the physician’s NPI';
  const supplied = before.requester?.identifier;
  if (supplied === undefined || !isForBilling(supplied)) return null;
  const said = wanted.requester?.identifier;
  if (said?.value !== undefined)
    return { request: wanted, what, standing: said.value === supplied.value ? 'same' : 'replaced' };
  const { reference, display } = wanted.requester ?? {};
  const another =
    (reference !== undefined && reference !== before.requester?.reference) ||
    (display !== undefined && display.toLowerCase() !== (before.requester?.display ?? '').toLowerCase());
  // One physician's number is never put beside another's name.
  if (another) return { request: wanted, what, standing: 'replaced' };
  const requester = { ...before.requester, ...wanted.requester, identifier: supplied };
  return { request: { ...wanted, requester }, what, standing: 'kept' };
}

/** The marks by which it is known later that the desk gave these fields of the order. */
export function correctionMarks(
  request: unknown,
  correction: { readonly laterality: unknown; readonly reason: unknown },
): readonly Extension[] {
  const fields = [
    ...(correction.laterality === null ? [] : ['laterality']),
    ...(correction.reason === null ? [] : ['reason']),
  ];
  const marked = new Set(
    listAt(request, 'extension').flatMap((one) =>
      at(one, 'url') === ours.deskCorrected ? textAt(one, 'valueCode') : null,
    ),
  );
  return fields.filter((field) => !marked.has(field)).map(correctedMark);
}
