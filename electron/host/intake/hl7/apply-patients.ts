import { compareIdentity } from '../../../../shared/domain/study/index.ts';
import type { Merge, PatientGiven } from '../../../../shared/interop/hl7v2/index.ts';
import { type Applied, type Change, recordRefusal, taken } from './applied.ts';
import type { ApplyContext } from './apply-context.ts';
import { isOvertaken, withMessageTime } from './message-time.ts';
import { changedParts, findPatient, identityGiven, identityOf, patientIdOf, patientResource } from './patients.ts';
import { readOrNull, writeOver } from './record-writes.ts';

/** ADT^A08 and A31: what the site now says of a patient whom we know. The rest of the hospital is none of our business. */
export async function applyPatient(context: ApplyContext, given: PatientGiven): Promise<Applied> {
  const { record } = context;
  const found = await findPatient(record, context.siteId, given.numbers);
  if (!found.ok) return recordRefusal(found.error);
  if (found.value === null) return taken('No order here names this patient, so nothing was changed.');
  const { id, resource } = found.value;
  if (isOvertaken(resource, context.sentAt))
    return taken('A later message about this patient is known, so nothing was changed.', { patientIds: [id] });
  const before = identityOf(resource);
  const after = identityGiven(given, before);
  const parts = changedParts(before, after);
  const orders = await record.search('ServiceRequest', { subject: `Patient/${id}` });
  if (!orders.ok) return recordRefusal(orders.error);
  const orderIds = orders.value.map((one) => one.resource.id ?? '').sort();
  const words = `${parts.join(', ')} changed by ${context.message}`;
  const changes: Change[] = orderIds.map((orderId) => ({ orderId, type: 'identity.changed', words }));
  if (parts.length > 0 && !(await context.intend(changes)))
    return { kind: 'wait', words: 'The journal did not take it.' };
  const written = await writeOver(
    record,
    'Patient',
    id,
    (existing) =>
      isOvertaken(existing, context.sentAt)
        ? null
        : withMessageTime(
            patientResource(
              id,
              identityGiven(given, existing === null ? null : identityOf(existing)),
              given.numbers,
              existing,
            ),
            context.sentAt,
          ),
    context.onWritten,
  );
  if (!written.ok) return recordRefusal(written.error);
  if (parts.length === 0)
    return taken('The patient was known with these facts; nothing was changed.', { patientIds: [id], orderIds });
  const grave = compareIdentity(after, before).grade === 'stop';
  const reported = orderIds.filter((orderId) => context.reported(orderId));
  return taken(`Patient: ${parts.join(', ')} changed.`, {
    patientIds: [id],
    orderIds,
    changes,
    problem:
      grave && reported.length > 0
        ? {
            words: `The ${parts.join(', ')} of a patient with ${reported.length === 1 ? 'a signed report' : `${reported.length} signed reports`} changed. The signed reports were left as they are.`,
            nextStep:
              'Compare report and images with the new facts; if a report names the wrong person, its signer corrects it.',
          }
        : null,
  });
}

/**
 * ADT^A40 (A18, A34). Who stays is written first and who goes is marked last, so that a merge that was cut short is finished by its
 * replay. Orders without a signed report move; one with a report stays where it is until a person decides.
 */
export async function applyMerges(context: ApplyContext, merges: readonly Merge[]): Promise<Applied> {
  const { record } = context;
  const changes: Change[] = [];
  const left: string[] = [];
  const orderIds = new Set<string>();
  const patientIds = new Set<string>();
  for (const { survivor, gone } of merges) {
    const stays = await findPatient(record, context.siteId, survivor.numbers);
    if (!stays.ok) return recordRefusal(stays.error);
    for (const number of gone) {
      const derivedId = patientIdOf(context.siteId, number);
      const direct = await readOrNull(record, 'Patient', derivedId);
      if (!direct.ok) return recordRefusal(direct.error);
      const went = await findPatient(record, context.siteId, [number]);
      if (!went.ok) return recordRefusal(went.error);
      if (went.value === null) continue;
      const [first] = survivor.numbers;
      if (first === undefined) continue;
      const stayId = stays.value?.id ?? patientIdOf(context.siteId, first);
      // A replay finds the mark already, or a merge that went the same way before.
      const fromId = went.value.id === stayId && direct.value !== null ? derivedId : went.value.id;
      if (fromId === stayId) continue;
      patientIds.add(stayId).add(fromId);
      const written = await writeOver(
        record,
        'Patient',
        stayId,
        (existing) =>
          withMessageTime(
            patientResource(
              stayId,
              identityGiven(survivor, existing === null ? null : identityOf(existing)),
              survivor.numbers,
              existing,
            ),
            isOvertaken(existing, context.sentAt) ? null : context.sentAt,
          ),
        context.onWritten,
      );
      if (!written.ok) return recordRefusal(written.error);
      const orders = await record.search('ServiceRequest', { subject: `Patient/${fromId}` });
      if (!orders.ok) return recordRefusal(orders.error);
      for (const { resource } of [...orders.value].sort((a, b) =>
        (a.resource.id ?? '') < (b.resource.id ?? '') ? -1 : 1,
      )) {
        const id = resource.id ?? '';
        orderIds.add(id);
        if (context.reported(id)) {
          left.push(id);
          changes.push({
            orderId: id,
            type: 'identity.changed',
            words: `the patient was merged by ${context.message}; the signed report was left under the old number until a person decides`,
          });
          continue;
        }
        const change: Change = {
          orderId: id,
          type: 'identity.changed',
          words: `the patient was merged by ${context.message}: patient ID changed`,
        };
        changes.push(change);
        if (!(await context.intend(changes))) return { kind: 'wait', words: 'The journal did not take it.' };
        const moved = await writeOver(
          record,
          'ServiceRequest',
          id,
          (existing) =>
            existing === null || existing.subject?.reference !== `Patient/${fromId}` || context.reported(id)
              ? null
              : { ...existing, subject: { reference: `Patient/${stayId}` } },
          context.onWritten,
        );
        if (!moved.ok) return recordRefusal(moved.error);
      }
      const marked = await writeOver(
        record,
        'Patient',
        fromId,
        (existing) =>
          existing === null
            ? null
            : {
                ...existing,
                active: false,
                link: [
                  ...(existing.link ?? []).filter((one) => one.type !== 'replaced-by'),
                  { other: { reference: `Patient/${stayId}` }, type: 'replaced-by' as const },
                ],
              },
        context.onWritten,
      );
      if (!marked.ok) return recordRefusal(marked.error);
    }
  }
  if (patientIds.size === 0) return taken('No order here names the merged patient, so nothing was changed.');
  return taken(
    `Merged: ${orderIds.size} ${orderIds.size === 1 ? 'order' : 'orders'} of the patient, ${left.length} with a signed report left in place.`,
    {
      orderIds: [...orderIds],
      patientIds: [...patientIds],
      changes,
      problem:
        left.length === 0
          ? null
          : {
              words: `A merge concerns ${left.length === 1 ? 'an order with a signed report' : `${left.length} orders with signed reports`}. ${left.length === 1 ? 'It was' : 'They were'} not moved.`,
              nextStep:
                'Ask the site whose images these are. If the report belongs to the patient who stays, its signer issues a correction that says so.',
            },
    },
  );
}
