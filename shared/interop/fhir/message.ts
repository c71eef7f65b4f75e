import type { Communication } from '@medplum/fhirtypes';
import { type Message, parties } from '../../domain/message/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, oneOf, referenceId, textAt } from './read.ts';
import { ours } from './systems.ts';

/**
 * A message about a case as an R4 Communication: `about` the reading task, `basedOn` the order, `received` when the first of those
 * addressed saw it, with who that was in a note. Reader and lead are duties and no resource; they stand in the categories.
 */
const kind = 'urn:overread:message';
const fromParty = 'urn:overread:message-from';
const toParty = 'urn:overread:message-to';
const category = (system: string, code: string) => ({ coding: [{ system, code }] });

export function messageToFhir(message: Message): Communication & { readonly id: string } {
  const { seen, sender } = message;
  return {
    resourceType: 'Communication',
    id: message.id,
    status: 'completed',
    category: [category(kind, 'case-message'), category(fromParty, message.from), category(toParty, message.to)],
    about: [{ reference: `Task/${message.taskId}` }],
    ...(message.orderId === null ? {} : { basedOn: [{ reference: `ServiceRequest/${message.orderId}` }] }),
    ...(message.patientReference === null ? {} : { subject: { reference: `Patient/${message.patientReference}` } }),
    ...(message.siteId === null
      ? {}
      : { extension: [{ url: ours.site, valueReference: { reference: `Organization/${message.siteId}` } }] }),
    ...(message.to === 'site' && message.siteId !== null
      ? { recipient: [{ reference: `Organization/${message.siteId}` }] }
      : {}),
    sender: { reference: `Practitioner/${sender.id}`, display: sender.name },
    sent: toFhirInstant(message.sentAt),
    payload: [{ contentString: message.words }],
    ...(seen === null
      ? {}
      : {
          received: toFhirInstant(seen.at),
          note: [
            {
              authorReference: { reference: `Practitioner/${seen.by.id}`, display: seen.by.name },
              time: toFhirInstant(seen.at),
              text: 'seen',
            },
          ],
        }),
  };
}

function momentOf(text: string | null) {
  const read = fromFhirInstant(text ?? '');
  return read.ok ? read.value : null;
}

/** A message as the record holds it; null for a Communication of others, or half of one. */
export function messageFromFhir(resource: unknown): Message | null {
  if (at(resource, 'resourceType') !== 'Communication') return null;
  const categoryOf = (system: string): string | null => {
    for (const one of listAt(resource, 'category')) {
      const code = codeIn(one, system);
      if (code !== null) return code;
    }
    return null;
  };
  const id = textAt(resource, 'id');
  const taskId = referenceId(textAt(resource, 'about', 0, 'reference'), 'Task');
  const from = oneOf(parties, categoryOf(fromParty));
  const to = oneOf(parties, categoryOf(toParty));
  const senderId = referenceId(textAt(resource, 'sender', 'reference'), 'Practitioner');
  const sentAt = momentOf(textAt(resource, 'sent'));
  const words = textAt(resource, 'payload', 0, 'contentString');
  if (categoryOf(kind) !== 'case-message' || id === null || !isFhirId(id) || taskId === null) return null;
  if (from === null || to === null || senderId === null || sentAt === null || words === null) return null;
  const note = listAt(resource, 'note')[0];
  const seenBy = referenceId(textAt(note, 'authorReference', 'reference'), 'Practitioner');
  const seenAt = momentOf(textAt(resource, 'received'));
  return {
    id,
    taskId,
    orderId: referenceId(textAt(resource, 'basedOn', 0, 'reference'), 'ServiceRequest'),
    siteId: referenceId(textAt(extensionOf(resource, ours.site), 'valueReference', 'reference'), 'Organization'),
    patientReference: referenceId(textAt(resource, 'subject', 'reference'), 'Patient'),
    from,
    to,
    sender: { id: senderId, name: textAt(resource, 'sender', 'display') ?? '' },
    sentAt,
    words,
    seen:
      seenBy === null || seenAt === null
        ? null
        : { by: { id: seenBy, name: textAt(note, 'authorReference', 'display') ?? '' }, at: seenAt },
  };
}
