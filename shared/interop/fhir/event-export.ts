import type { AuditEvent, Bundle, Coding } from '@medplum/fhirtypes';
import type { EventType, ReadingEvent } from '../../domain/turnaround/index.ts';
import { type Instant, toFhirInstant } from '../../lib/instant.ts';
import { eventToAuditEvent } from './audit-event.ts';

/**
 * IHE SOLE's code of an event, where we have seen one (wiki.ihe.net, Radiology controlled vocabulary, 25 May 2017; spec/standards.md 3.1).
 * The others have no code here: a number that nobody has checked is worse than none. SOLE106 and SOLE107 are of one level each, which an
 * event does not tell. That page names no system for SOLE's own codes, so none is written.
 */
const soleCodes: Partial<Record<EventType, Coding>> = {
  'exam.qc.rejected': { system: 'http://www.radlex.org', code: 'RID28816', display: 'QC Reject' },
  'exam.qc.repeated': { code: 'SOLE105', display: 'QC Repeat Imaging Complete' },
  'priors.requested': { code: 'SOLE112', display: 'Exam requested e.g. priors' },
  'priors.ready': { code: 'SOLE113', display: 'Exam transferred e.g. priors' },
};

function exported(event: ReadingEvent): AuditEvent {
  const audit = eventToAuditEvent(event);
  const sole = soleCodes[event.type];
  return sole === undefined ? audit : { ...audit, subtype: [...(audit.subtype ?? []), sole] };
}

/** The events of one study as a collection of AuditEvents, for whoever keeps such things. */
export function eventsToBundle(events: readonly ReadingEvent[], at: Instant): Bundle<AuditEvent> {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: toFhirInstant(at),
    entry: events.map((event) => ({ fullUrl: `urn:overread:event:${event.id}`, resource: exported(event) })),
  };
}
