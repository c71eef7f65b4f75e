import type { AuditEvent } from '@medplum/fhirtypes';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { toFhirInstant } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';
import type { OpenedAuditLog } from './audit-log.ts';

/**
 * Writes the head of the access log into the record, so that a cut tail shows: the anchor is out of reach of who has this disk
 * (promises I5). Answers false when the record did not take it; the next quarter of an hour tries again.
 */
export async function anchorInRecord(audit: OpenedAuditLog, record: RecordClient, ports: Ports): Promise<boolean> {
  const head = await audit.head();
  if (head.sequence === 0) return true;
  const anchor: AuditEvent & { id: string } = {
    resourceType: 'AuditEvent',
    id: deriveId('audit-anchor', [head.sequence, head.hash], sha256),
    // DICOM 110101 Audit Log Used is the nearest event of PS3.15 A.5; our subtype says what it is.
    type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110101', display: 'Audit Log Used' },
    subtype: [{ system: 'urn:overread:audit', code: 'anchor', display: 'Head of the access log' }],
    action: 'E',
    recorded: toFhirInstant(ports.now()),
    outcome: '0',
    agent: [{ requestor: false, name: 'Overread' }],
    source: { observer: { display: 'Overread' } },
    entity: [{ name: 'head', description: `${head.sequence}:${head.hash}` }],
  };
  const written = await record.put(anchor);
  if (written.ok) await audit.anchor('record', head.sequence, head.hash);
  return written.ok;
}
