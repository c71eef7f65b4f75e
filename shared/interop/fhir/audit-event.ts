import type { AuditEvent, AuditEventEntity, Extension, ResourceType } from '@medplum/fhirtypes';
import { questionKinds } from '../../domain/question/index.ts';
import { clockSources, eventTypes, type ReadingEvent } from '../../domain/turnaround/index.ts';
import { fromFhirInstant, millis, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { at, extensionOf, isFhirId, listAt, numberAt, oneOf, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

function entity(type: ResourceType, id: string, extension?: Extension[]): AuditEventEntity {
  // An id that cannot stand in a reference is named by identifier; it must not be lost and must not break the write.
  const what = isFhirId(id) ? { reference: `${type}/${id}` } : { type, identifier: { value: id } };
  return { what, ...(extension === undefined ? {} : { extension }) };
}

function entitiesOf(subject: ReadingEvent['subject']): AuditEventEntity[] {
  return [
    entity('Task', subject.taskId),
    ...(subject.orderId === null ? [] : [entity('ServiceRequest', subject.orderId)]),
    ...(subject.accession === null
      ? []
      : [
          {
            what: {
              identifier: {
                type: { coding: [{ system: systems.identifierType, code: 'ACSN' }] },
                value: subject.accession,
              },
            },
          },
        ]),
    ...(subject.studyUid === null
      ? []
      : [
          {
            what: {
              type: 'ImagingStudy' as const,
              identifier: { system: systems.dicomUid, value: `urn:oid:${subject.studyUid}` },
            },
          },
        ]),
    ...(subject.report === null
      ? []
      : [
          entity('DiagnosticReport', subject.report.id, [
            { url: ours.reportVersion, valueInteger: subject.report.version },
          ]),
        ]),
  ];
}

/** An event as an AuditEvent (DICOM 110110 Patient Record). `recorded` is when it was true, so that a date search finds it there. */
export function eventToAuditEvent(event: ReadingEvent): AuditEvent {
  const texts = [
    { url: ours.site, text: event.site },
    { url: ours.detail, text: event.detail === '' ? null : event.detail },
    { url: ours.channel, text: event.channel },
    { url: ours.cause, text: event.cause },
    { url: ours.questionKind, text: event.questionKind ?? null },
  ];
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    extension: [
      {
        url: ours.clock,
        extension: [
          { url: 'source', valueCode: event.clock.source },
          { url: 'confidence', valueCode: event.clock.confidence },
          ...(event.clock.skew === null ? [] : [{ url: 'skew', valueDecimal: event.clock.skew }]),
        ],
      },
      ...(event.recordedAt === null ? [] : [{ url: ours.recordedAt, valueInstant: toFhirInstant(event.recordedAt) }]),
      ...texts.flatMap(({ url, text }) => (text === null ? [] : [{ url, valueString: text }])),
    ],
    type: { system: systems.dicom, code: '110110', display: 'Patient Record' },
    subtype: [{ system: ours.eventType, code: event.type }],
    action: 'E',
    recorded: toFhirInstant(event.occurredAt),
    outcome: event.type === 'report.delivery.failed' || event.type === 'report.returned' ? '4' : '0',
    agent: [
      event.actor.kind === 'person'
        ? {
            who: {
              ...(isFhirId(event.actor.id)
                ? { reference: `Practitioner/${event.actor.id}` }
                : { type: 'Practitioner', identifier: { value: event.actor.id } }),
              ...(event.actor.name === '' ? {} : { display: event.actor.name }),
            },
            requestor: true,
          }
        : {
            who: { type: 'Device', ...(event.actor.name === '' ? {} : { display: event.actor.name }) },
            requestor: false,
          },
    ],
    source: { observer: { display: 'Overread' } },
    entity: entitiesOf(event.subject),
  };
}

export type EventReadFailure = { readonly code: 'not-an-event' | 'bad-event'; readonly words: string };

function idOf(reference: unknown, type: string): string | null {
  const id = referenceId(textAt(reference, 'reference'), type);
  if (id !== null) return id;
  return at(reference, 'type') === type ? textAt(reference, 'identifier', 'value') : null;
}

/** Id of the task that an event of ours is about, whatever else of it can be read; null where it names none. */
export function taskOfAuditEvent(resource: unknown): string | null {
  return (
    listAt(resource, 'entity')
      .map((one) => idOf(at(one, 'what'), 'Task'))
      .find((found) => found !== null) ?? null
  );
}

/** Our event back from the record. An AuditEvent of another program is `not-an-event`, and no fault. */
export function eventFromAuditEvent(resource: unknown): Result<ReadingEvent, EventReadFailure> {
  const subtype = listAt(resource, 'subtype').find((one) => at(one, 'system') === ours.eventType);
  const id = textAt(resource, 'id');
  if (at(resource, 'resourceType') !== 'AuditEvent' || subtype === undefined || id === null)
    return err({ code: 'not-an-event', words: 'This AuditEvent is none of ours.' });
  const type = oneOf(eventTypes, at(subtype, 'code'));
  const occurredAt = fromFhirInstant(textAt(resource, 'recorded') ?? '');
  const whats = listAt(resource, 'entity').map((one) => ({ what: at(one, 'what'), whole: one }));
  const first = (name: string): string | null =>
    whats.map(({ what }) => idOf(what, name)).find((found) => found !== null) ?? null;
  const taskId = first('Task');
  const clock = extensionOf(resource, ours.clock);
  const source = oneOf(clockSources, at(extensionOf(clock, 'source'), 'valueCode'));
  if (type === null || !occurredAt.ok || taskId === null || source === null)
    return err({ code: 'bad-event', words: `AuditEvent/${id} lacks a known type, time, task or clock.` });
  const skew = numberAt(extensionOf(clock, 'skew'), 'valueDecimal');
  const written = fromFhirInstant(textAt(extensionOf(resource, ours.recordedAt), 'valueInstant') ?? '');
  const taken = fromFhirInstant(textAt(resource, 'meta', 'lastUpdated') ?? '');
  const who = at(resource, 'agent', 0, 'who');
  const name = textAt(who, 'display') ?? '';
  const person = idOf(who, 'Practitioner');
  const accession = whats.find(({ what }) => textAt(what, 'identifier', 'type', 'coding', 0, 'code') === 'ACSN');
  const study = first('ImagingStudy');
  const reportId = first('DiagnosticReport');
  const reportEntity = whats.find(({ what }) => idOf(what, 'DiagnosticReport') !== null);
  const version = numberAt(extensionOf(reportEntity?.whole, ours.reportVersion), 'valueInteger');
  const questionKind = oneOf(questionKinds, textAt(extensionOf(resource, ours.questionKind), 'valueString'));
  const text = (url: string): string | null => textAt(extensionOf(resource, url), 'valueString');
  return ok({
    id,
    type,
    occurredAt: occurredAt.value,
    recordedAt: written.ok ? written.value : taken.ok ? taken.value : null,
    clock: {
      source,
      skew: skew === null ? null : millis(skew),
      confidence: at(extensionOf(clock, 'confidence'), 'valueCode') === 'high' ? 'high' : 'low',
    },
    actor: person === null ? { kind: 'device', name } : { kind: 'person', id: person, name },
    subject: {
      taskId,
      orderId: first('ServiceRequest'),
      accession: textAt(accession?.what, 'identifier', 'value'),
      studyUid: study === null ? null : study.replace(/^urn:oid:/, ''),
      report: reportId === null || version === null ? null : { id: reportId, version },
    },
    site: text(ours.site),
    detail: text(ours.detail) ?? '',
    cause: text(ours.cause),
    channel: text(ours.channel),
    ...(questionKind === null ? {} : { questionKind }),
  });
}
