import type { AuditLog } from '../../audit/types.ts';
import { sha256 } from '../../digest.ts';
import type { Accounts } from '../../identity/index.ts';
import type { FetchHandler, Ports } from '../../ports.ts';
import type { RecordSync } from '../../record/index.ts';
import type { Hl7Intake } from '../hl7/index.ts';
import { createFhirDoor } from './fhir-door.ts';
import { siteOf } from './scope.ts';

/** The FHIR door, over the same ledger and the same telling of changes as HL7 v2. */
export function openFhirDoor(parts: {
  readonly endpoint: FetchHandler | null;
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  readonly sync: RecordSync;
  readonly intake: Hl7Intake;
  readonly ports: Ports;
}): { fetch(request: Request): Promise<Response> } {
  const { accounts, sync, intake } = parts;
  return createFhirDoor({
    endpoint: parts.endpoint,
    audit: parts.audit,
    ports: parts.ports,
    writerOf: async (token) => {
      const found = await accounts.findToken(token);
      return found?.scope === 'intake' ? { name: found.name, site: found.site } : null;
    },
    reported: intake.reported,
    ordersOfPatient: (patientId) =>
      sync
        .all('ServiceRequest')
        .filter(({ resource }) => resource.subject?.reference === `Patient/${patientId}`)
        .map(({ resource }) => resource.id ?? ''),
    siteOfOrder: (orderId) => {
      const order = sync.get('ServiceRequest', orderId)?.resource;
      return order === undefined ? null : siteOf(order);
    },
    keep: async ({ key, raw, title, site }, outcome) => {
      const kept = await intake.ledger.receive(
        {
          key,
          raw: Buffer.from(raw).toString('base64'),
          digest: sha256(raw),
          interfaceName: 'FHIR',
          siteId: site ?? '',
          siteName: site ?? '',
          zone: 'UTC',
          title,
        },
        outcome,
      );
      // The record has it; what is lost with a full disk is the copy beside it, and the log says so.
      if (!kept.ok) parts.ports.log.error('a resource was stored but not kept as received', { code: kept.error.code });
      await sync.cycle();
      if (!(await intake.tell(outcome.changes, { key })))
        parts.ports.log.error('a change of a case could not be written as an event', {});
    },
    onWritten: () => sync.nudge(),
  });
}
