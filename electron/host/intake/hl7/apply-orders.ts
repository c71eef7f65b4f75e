import type { Identifier, Reference, ServiceRequest } from '@medplum/fhirtypes';
import { agreesOnName, type Order, type Orderer, type OrderId } from '../../../../shared/domain/order/index.ts';
import { deriveId } from '../../../../shared/domain/report/index.ts';
import { type AccessionNumber, compareIdentity, type PatientIdentity } from '../../../../shared/domain/study/index.ts';
import {
  orderFromServiceRequest,
  orderSentAgain,
  orderToResources,
  ours,
  type SentAgain,
  sentAgainWords,
  siteToFhir,
} from '../../../../shared/interop/fhir/index.ts';
import type { CoverageGiven, OrderGiven, PatientGiven } from '../../../../shared/interop/hl7v2/index.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import { sha256 } from '../../digest.ts';
import { findByIdentifier } from '../../record/index.ts';
import type { RecordFailure } from '../../record/types.ts';
import { type Applied, type Change, recordRefusal, refused, taken } from './applied.ts';
import type { ApplyContext } from './apply-context.ts';
import { isOvertaken, takenFrom, withMessage, withMessageTime } from './message-time.ts';
import { findPatient, followMerges, identityGiven, identityOf, patientIdOf } from './patients.ts';
import { withPractitioner } from './practitioners.ts';
import { readOrNull, writeOver } from './record-writes.ts';
import { writeCoverages } from './write-coverages.ts';
import { writePatient } from './write-patient.ts';

type Numbers = Pick<OrderGiven, 'placer' | 'filler' | 'accession'>;

/** Ids that an order of these numbers may have, the one that it gets first. */
function orderIdsOf(siteId: string, numbers: Numbers): readonly string[] {
  const of = (kind: string, issuer: string, value: string): string =>
    deriveId('order', [siteId, kind, issuer, value], sha256);
  return [
    ...(numbers.placer === null ? [] : [of('placer', numbers.placer.issuer, numbers.placer.value)]),
    ...(numbers.filler === null ? [] : [of('filler', numbers.filler.issuer, numbers.filler.value)]),
    ...(numbers.accession === null ? [] : [of('accession', '', numbers.accession)]),
  ];
}

function typeOf(identifier: Identifier): string {
  return identifier.type?.coding?.find((one) => one.code !== undefined)?.code ?? '';
}

/** The order that these numbers name at this site: by its derived id, else by the numbers that the record holds. */
export async function findOrder(
  context: Pick<ApplyContext, 'record' | 'siteId'>,
  numbers: Numbers,
): Promise<Result<ServiceRequest | null, RecordFailure>> {
  const { record, siteId } = context;
  for (const id of orderIdsOf(siteId, numbers)) {
    const found = await readOrNull(record, 'ServiceRequest', id);
    if (!found.ok) return found;
    if (found.value !== null) return ok(found.value.resource);
  }
  const wanted = [
    ...(numbers.placer === null ? [] : [{ type: 'PLAC', ...numbers.placer }]),
    ...(numbers.filler === null ? [] : [{ type: 'FILL', ...numbers.filler }]),
    ...(numbers.accession === null ? [] : [{ type: 'ACSN', value: numbers.accession, issuer: '' }]),
  ];
  for (const { type, value, issuer } of wanted) {
    const found = await findByIdentifier(record, 'ServiceRequest', { system: null, value });
    if (!found.ok) return found;
    const own = found.value.filter(
      ({ resource }) =>
        (resource.performer ?? []).some((one) => one.reference === `Organization/${siteId}`) &&
        (resource.identifier ?? []).some((one) => {
          const givenBy = one.assigner?.display ?? '';
          return one.value === value && typeOf(one) === type && (givenBy === '' || issuer === '' || givenBy === issuer);
        }),
    );
    const [only] = own;
    if (only !== undefined && own.length === 1) return ok(only.resource);
  }
  return ok(null);
}

/** What is to be written for one order; decided for all orders of a message before anything is. */
type Plan = {
  readonly id: string;
  readonly given: OrderGiven;
  readonly existing: ServiceRequest | null;
  readonly overtaken: boolean;
  /** By another host of the group, or by this one before it was killed. */
  readonly taken: ReturnType<typeof takenFrom>;
};

const verbs = {
  new: 'taken in',
  change: 'changed',
  cancel: 'cancelled',
  hold: 'put on hold',
  'release-hold': 'released from hold',
};

export function orderName(numbers: Numbers): string {
  return numbers.accession ?? numbers.filler?.value ?? numbers.placer?.value ?? 'without a number';
}

export async function applyOrders(
  context: ApplyContext,
  content: {
    readonly patient: PatientGiven;
    readonly orders: readonly OrderGiven[];
    readonly coverages: readonly CoverageGiven[];
  },
): Promise<Applied> {
  const { record } = context;
  const { patient: given, orders } = content;
  const patient = await findPatient(record, context.siteId, given.numbers);
  if (!patient.ok) return recordRefusal(patient.error);
  const known = patient.value === null ? null : identityOf(patient.value.resource);
  const [number] = given.numbers;
  const patientId = patient.value?.id ?? (number === undefined ? null : patientIdOf(context.siteId, number));

  const plans: Plan[] = [];
  for (const order of orders) {
    const plan = await planOrder(context, order, patientId, plans);
    if ('kind' in plan) return plan;
    plans.push(plan);
  }
  const orderIds = plans.map((plan) => plan.id);
  const named = { orderIds, patientIds: patientId === null ? [] : [patientId] };
  if (known !== null && plans.some((plan) => plan.given.action === 'new' || plan.given.action === 'change')) {
    // The same number with another birth date or sex is two people under one number, or a typing mistake: a person must look.
    const verdict = compareIdentity(identityGiven(given, known), known);
    if (verdict.grade === 'stop')
      return refused(
        `The patient of order ${orders.map(orderName).join(', ')} is known with another ${verdict.differences
          .filter((one) => one.grade === 'stop')
          .map(
            (one) =>
              ({ name: 'name', birthDate: 'birth date', sex: 'sex', id: 'patient ID', study: 'study' })[one.field],
          )
          .join(' and ')}.`,
        'Ask the site who the patient is. If the order is right, it sends an ADT^A08 with the new facts first and the order again.',
        named,
      );
  }

  const organization = await writeOver(
    record,
    'Organization',
    context.siteId,
    (existing) =>
      existing === null
        ? siteToFhir({ id: context.siteId, name: context.siteName, state: '', zone: context.zone, phone: null })
        : null,
    context.onWritten,
  );
  if (!organization.ok) return recordRefusal(organization.error);
  if (patientId !== null && given.numbers.length > 0 && plans.some((plan) => plan.given.action !== 'cancel')) {
    const written = await writePatient(context, patientId, given);
    if (!written.ok) return recordRefusal(written.error);
  }
  const wanted = plans.some((plan) => !plan.overtaken && !plan.taken.before && plan.given.action !== 'cancel');
  const insurance =
    patientId === null || !wanted
      ? ok<readonly Reference[]>([])
      : await writeCoverages(context, patientId, content.coverages);
  if (!insurance.ok) return recordRefusal(insurance.error);
  const changes: Change[] = [];
  for (const plan of plans) {
    if (plan.overtaken) continue;
    // A message that was applied before is not applied again; its physician is in the record with it.
    const orderer = plan.taken.before
      ? ok(plan.given.orderedBy)
      : await withPractitioner({ ...context, orderer: plan.given.orderedBy });
    if (!orderer.ok) return recordRefusal(orderer.error);
    let ofDesk = '';
    const written = await writeOver(
      record,
      'ServiceRequest',
      plan.id,
      (existing) => {
        if (isOvertaken(existing, context.sentAt) || takenFrom(existing, context.messageKey).before) return null;
        const made = orderResource(context, plan, existing, patientId, insurance.value, orderer.value);
        ofDesk = made.ofDesk;
        return made.request;
      },
      context.onWritten,
    );
    if (!written.ok) return recordRefusal(written.error);
    if (plan.existing !== null && !plan.taken.made)
      changes.push({
        orderId: plan.id,
        type: 'order.changed',
        words: `the order was ${verbs[plan.given.action]} by ${context.message}${ofDesk}`,
      });
  }
  const words = plans
    .map((plan) =>
      plan.overtaken
        ? `order ${orderName(plan.given)}: a later message is known, so nothing was changed`
        : `order ${orderName(plan.given)} ${verbs[plan.given.action]}`,
    )
    .join('; ');
  return taken(`${words.charAt(0).toUpperCase()}${words.slice(1)}.`, { ...named, changes });
}

async function planOrder(
  context: ApplyContext,
  given: OrderGiven,
  patientId: string | null,
  others: readonly Plan[],
): Promise<Plan | Applied> {
  const found = await findOrder(context, given);
  if (!found.ok) return recordRefusal(found.error);
  const existing = found.value;
  const name = orderName(given);
  const [first = ''] = orderIdsOf(context.siteId, given);
  // Two exams under one number in one message: each is an order of its own, told apart by what is ordered.
  if (given.action === 'new' && others.some((one) => one.id === (existing?.id ?? first))) {
    const id = deriveId(
      'order',
      [context.siteId, first, given.procedure?.code ?? '', given.procedure?.display ?? ''],
      sha256,
    );
    const second = await readOrNull(context.record, 'ServiceRequest', id);
    if (!second.ok) return recordRefusal(second.error);
    const known = second.value?.resource ?? null;
    return { id, given, existing: known, overtaken: false, taken: takenFrom(known, context.messageKey) };
  }
  if (existing === null) {
    if (given.action !== 'new')
      return refused(
        `Order ${name} is not known here, so it cannot be ${verbs[given.action]}.`,
        'If the order is to be read, the site sends it as a new order (ORC-1 NW).',
        { condition: '204' },
      );
    return { id: first, given, existing: null, overtaken: false, taken: takenFrom(null, context.messageKey) };
  }
  const id = existing.id ?? '';
  const named = { orderIds: [id], patientIds: patientId === null ? [] : [patientId] };
  const subject = existing.subject?.reference?.split('/').slice(-1)[0] ?? null;
  if (patientId !== null && subject !== null && subject !== patientId) {
    const now = await followMerges(context.record, subject);
    if (!now.ok) return recordRefusal(now.error);
    if (now.value?.id !== patientId)
      return refused(
        `Order ${name} is known for another patient; it was not moved.`,
        'If two numbers name one person, the site sends a merge (ADT^A40). Else it cancels the order and orders anew.',
        named,
      );
  }
  const taken = takenFrom(existing, context.messageKey);
  if (taken.before) return { id, given, existing, overtaken: false, taken };
  if (isOvertaken(existing, context.sentAt)) return { id, given, existing, overtaken: true, taken };
  const withdrawn = existing.status === 'revoked' || existing.status === 'entered-in-error';
  if (withdrawn && given.action !== 'cancel' && given.status !== 'revoked')
    return refused(
      `Order ${name} was cancelled; it is not taken up again.`,
      'If the exam is to be read after all, the site orders it anew under another order number.',
      named,
    );
  const ends = given.action === 'cancel' || given.status === 'revoked';
  if (ends && !withdrawn && context.reported(id))
    return refused(
      `Order ${name} has a signed report, so the cancellation was not carried out.`,
      'Ask the site why. A report that should not stand is corrected by its signer; nothing removes it.',
      named,
    );
  return { id, given, existing, overtaken: false, taken };
}

/** Who ordered, by this message; where it names the same person without an NPI, one that the site's desk supplied stays. */
function ordererKept(said: Orderer | null, before: Orderer | null): Orderer | null {
  if (said === null || before === null) return said ?? before;
  return said.npi === null && before.npi !== null && agreesOnName(said, before) ? { ...said, npi: before.npi } : said;
}

const nobody: PatientIdentity = { id: null, issuer: null, name: '', birthDate: null, sex: null };

/** The order with what the message says of it; what it does not mention stays. `ofDesk`: what became of what the site’s desk had supplied, in words. */
function orderResource(
  context: ApplyContext,
  { id, given }: Plan,
  existing: ServiceRequest | null,
  patientId: string | null,
  insurance: readonly Reference[],
  orderer: Orderer | null,
): { readonly request: ServiceRequest; readonly ofDesk: string } {
  const read = existing === null ? null : orderFromServiceRequest(existing, {});
  const before = read?.ok === true ? read.value : null;
  const site = { id: context.siteId, name: context.siteName, state: '', zone: context.zone, phone: null };
  const pick = <Value>(said: Value | null | undefined, known: Value | null): Value | null =>
    said === undefined ? known : said;
  const status = {
    new: given.status ?? before?.status ?? 'active',
    change: given.status ?? before?.status ?? 'active',
    cancel: 'revoked',
    hold: 'on-hold',
    'release-hold': 'active',
  } as const;
  const order: Order = {
    id: id as OrderId,
    status: status[given.action],
    patient: nobody,
    patientReference: patientId ?? before?.patientReference ?? null,
    accession: (given.accession ?? before?.accession ?? null) as AccessionNumber | null,
    placerNumber: given.placer?.value ?? before?.placerNumber ?? null,
    ...(given.placerGroup === null ? {} : { placerGroup: given.placerGroup }),
    procedure: given.procedure ?? before?.procedure ?? { system: '', code: '', display: '' },
    modality: pick(given.modality, before?.modality ?? null),
    bodyPart: pick(given.bodyPart, before?.bodyPart ?? null),
    laterality: pick(given.laterality, before?.laterality ?? null),
    reason: pick(given.reason, before?.reason ?? '') ?? '',
    reasonCodes: given.reasonCodes.length > 0 ? given.reasonCodes : (before?.reasonCodes ?? []),
    priority: given.priority ?? before?.priority ?? 'unknown',
    site,
    orderedBy: ordererKept(orderer, before?.orderedBy ?? null),
    authoredOn: before?.authoredOn ?? given.authoredOn,
    expectedInstances: before?.expectedInstances ?? null,
    requestedReport: before?.requestedReport ?? 'final',
  };
  const made = orderToResources(order).serviceRequest;
  const numbers: Identifier[] = [
    ...(made.identifier ?? []).map((one) =>
      typeOf(one) === 'PLAC' && given.placer !== null && given.placer.issuer !== ''
        ? { ...one, assigner: { display: given.placer.issuer } }
        : one,
    ),
    ...(given.filler === null
      ? []
      : [
          {
            type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'FILL' }] },
            value: given.filler.value,
            ...(given.filler.issuer === '' ? {} : { assigner: { display: given.filler.issuer } }),
          },
        ]),
    ...(given.studyUid === null ? [] : [{ system: 'urn:dicom:uid', value: `urn:oid:${given.studyUid}` }]),
  ];
  const kindOf = (one: Identifier): string => typeOf(one) || (one.system ?? one.value ?? '');
  const kept = (existing?.identifier ?? []).filter((one) => !numbers.some((own) => kindOf(own) === kindOf(one)));
  const extensions = made.extension ?? [];
  const others = (existing?.extension ?? []).filter(
    (one) =>
      !extensions.some((own) => own.url === one.url) &&
      !/urn:overread:(laterality|unknown-priority)$/.test(one.url ?? ''),
  );
  const { priority: _priority, ...rest } = existing ?? {};
  const written = {
    ...rest,
    ...made,
    identifier: [...numbers, ...kept],
    extension: [...extensions, ...others],
    ...(insurance.length === 0 ? {} : { insurance: [...insurance] }),
  };
  const again = existing === null ? null : orderSentAgain(written as ServiceRequest, existing);
  const request = again === null ? (written as ServiceRequest) : withoutMarks(again);
  return {
    request: withMessage(withMessageTime(request, context.sentAt), context.messageKey),
    ofDesk: again === null ? '' : sentAgainWords(again),
  };
}

/** What the message now says otherwise is the sender's: the marks that it was the desk's go with the desk's value. */
function withoutMarks({ request, replaced }: SentAgain): ServiceRequest {
  const gone = [
    ...(replaced.includes('the side') ? ['laterality'] : []),
    ...(replaced.includes('the reason for exam') ? ['reason'] : []),
  ];
  if (gone.length === 0) return request;
  const extension = (request.extension ?? []).filter(
    (one) => one.url !== ours.deskCorrected || !gone.includes(one.valueCode ?? ''),
  );
  return { ...request, extension };
}
