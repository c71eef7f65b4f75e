import type { Practitioner } from '@medplum/fhirtypes';
import { agreesOnName, type Orderer } from '../../../../shared/domain/order/index.ts';
import {
  isAccount,
  ordererFromFhir,
  ordererToFhir,
  ours,
  practitionerIdOf,
  systems,
} from '../../../../shared/interop/fhir/index.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import { sha256 } from '../../digest.ts';
import { findByIdentifier } from '../../record/index.ts';
import type { RecordClient, RecordFailure, Versioned } from '../../record/types.ts';
import { readOrNull, writeOver } from './record-writes.ts';

/** What another door wrote of a physician with this NPI: nobody with an account of ours, and nothing that another site wrote for itself. */
async function byNpi(
  record: RecordClient,
  npi: string,
  siteId: string,
): Promise<Result<Practitioner | null, RecordFailure>> {
  const found = await findByIdentifier(record, 'Practitioner', { system: systems.npi, value: npi });
  if (!found.ok) return found;
  const own = found.value.filter(({ resource }) => {
    const site = resource.extension?.find((one) => one.url === ours.site)?.valueString;
    return !isAccount(resource) && resource.active !== false && (site === undefined || site === siteId);
  });
  const [only] = own;
  return ok(only !== undefined && own.length === 1 ? only.resource : null);
}

/**
 * The ordering physician with the Practitioner that he is in the record, written where the record has none yet. One that is there is
 * never changed: an order says who ordered, not who somebody is. Where its family name is another, the order keeps its own words and
 * names no Practitioner.
 */
export async function withPractitioner(parts: {
  readonly record: RecordClient;
  readonly siteId: string;
  readonly orderer: Orderer | null;
  onWritten(written: Versioned): void;
}): Promise<Result<Orderer | null, RecordFailure>> {
  const { record, siteId, orderer } = parts;
  const id = orderer === null ? null : practitionerIdOf(orderer, siteId, sha256);
  if (orderer === null || id === null) return ok(orderer);
  const linked = (known: Practitioner): Orderer =>
    known.id !== undefined && agreesOnName(orderer, ordererFromFhir(known))
      ? { ...orderer, practitioner: known.id }
      : orderer;
  const derived = await readOrNull(record, 'Practitioner', id);
  if (!derived.ok) return derived;
  if (derived.value !== null) return ok(linked(derived.value.resource));
  if (orderer.npi !== null) {
    const other = await byNpi(record, orderer.npi, siteId);
    if (!other.ok) return other;
    if (other.value !== null) return ok(linked(other.value));
  }
  let stands: Practitioner = ordererToFhir(id, orderer, siteId);
  const written = await writeOver(
    record,
    'Practitioner',
    id,
    (existing) => {
      // Another host of the group may have been first.
      if (existing === null) return stands;
      stands = existing;
      return null;
    },
    parts.onWritten,
  );
  return written.ok ? ok(linked(stands)) : written;
}
