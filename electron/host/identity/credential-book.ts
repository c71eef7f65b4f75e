import type { Resource } from '@medplum/fhirtypes';
import {
  type Entitlement,
  type EntitlementSet,
  type ExpiryReminder,
  entitlementOfStates,
  expiryReminders,
  type Reader,
  type ReaderId,
  utcDay,
} from '../../../shared/domain/reader/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import {
  credentialsFromFhir,
  isAccount,
  practitionerToFhir,
  readerOfRole,
  retiredRole,
  rolesToFhir,
  withCredentials,
} from '../../../shared/interop/fhir/index.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import type { Accounts } from './types.ts';

/** What each person is held to: the newer of what the record says and what was set on this host. */
export type CredentialBook = {
  of(reader: Pick<Reader, 'id' | 'states'>): Entitlement;
  /** Grows with each change of anybody's, so that a list made before is known to be old. */
  version(): number;
  /** What of it ends soon or has ended. */
  reminders(reader: Pick<Reader, 'id' | 'states'>): readonly ExpiryReminder[];
  /** Takes in what the accounts script set. */
  refresh(): Promise<void>;
  /** Takes in, and writes into the record what the record has not. */
  round(): Promise<void>;
  onChange(listener: () => void): void;
};

export function createCredentialBook(parts: {
  readonly accounts: Accounts;
  readonly record: RecordClient;
  readonly sync: RecordSync;
  readonly ports: Ports;
}): CredentialBook {
  const { accounts, record, sync, ports } = parts;
  const inRecord = new Map<string, EntitlementSet | null>();
  const published = new Map<ReaderId, number>();
  const listeners = new Set<() => void>();
  let own: ReadonlyMap<ReaderId, EntitlementSet> = new Map();
  let version = 1;
  const changed = (): void => {
    version += 1;
    for (const listener of listeners) listener();
  };

  // A busy day brings hundreds of ordering physicians: only what says something of a reader makes anybody's list old.
  const ofReaders = (
    type: string,
    items: readonly { readonly resource: Resource }[],
    gone: readonly string[],
  ): boolean =>
    type === 'PractitionerRole' ||
    (type === 'Practitioner' &&
      (gone.some((id) => inRecord.has(id)) ||
        items.some(({ resource }) => inRecord.has(resource.id ?? '') || isAccount(resource))));
  sync.onChange(({ type, items, gone }) => {
    if (!ofReaders(type, items, gone)) return;
    inRecord.clear();
    changed();
  });

  const ofRecord = (id: string): EntitlementSet | null => {
    const known = inRecord.get(id);
    if (known !== undefined) return known;
    const practitioner = sync.get('Practitioner', id)?.resource ?? null;
    const roles = sync.all('PractitionerRole').map((one) => one.resource);
    const read =
      practitioner === null
        ? null
        : credentialsFromFhir(
            practitioner,
            roles.filter((role) => readerOfRole(role) === id),
          );
    inRecord.set(id, read);
    return read;
  };

  const publish = async (reader: Reader, set: EntitlementSet): Promise<boolean> => {
    const read = await record.read('Practitioner', reader.id);
    if (!read.ok && read.error.code !== 'not-found') return false;
    // Somebody set something newer elsewhere: that stands.
    if (read.ok && (credentialsFromFhir(read.value.resource, [])?.setAt ?? 0) >= set.setAt) return true;
    const roles = rolesToFhir(reader.id, set, (part) => deriveId('role', [reader.id, part], sha256));
    for (const role of roles) {
      const written = await record.put(role);
      if (!written.ok) return false;
      sync.learn(written.value);
    }
    // The Practitioner comes last: from this write on the roles of this setting count and no others.
    const before = read.ok ? read.value.resource : practitionerToFhir(reader, []);
    const written = await record.put(
      { ...withCredentials(before, set), id: reader.id },
      read.ok ? { ifMatch: read.value.version } : {},
    );
    if (!written.ok) return false;
    sync.learn(written.value);
    const kept = new Set(roles.map((role) => role.id));
    const old = await record.search('PractitionerRole', { practitioner: `Practitioner/${reader.id}` });
    if (!old.ok) return true;
    for (const { resource, version: stale } of old.value) {
      if (resource.active === false || kept.has(resource.id ?? '')) continue;
      const retired = await record.put(retiredRole(resource), { ifMatch: stale });
      if (retired.ok) sync.learn(retired.value);
    }
    return true;
  };

  const refresh = async (): Promise<void> => {
    const found = await accounts.credentials();
    const same = found.size === own.size && [...found].every(([id, set]) => own.get(id)?.setAt === set.setAt);
    own = found;
    if (!same) changed();
  };

  const of: CredentialBook['of'] = (reader) => {
    const here = own.get(reader.id) ?? null;
    const there = ofRecord(reader.id);
    if (here === null && there === null) return entitlementOfStates(reader.states);
    return (here === null || (there !== null && there.setAt > here.setAt) ? there : here)?.entitlement ?? noLicence;
  };

  return {
    of,
    reminders: (reader) =>
      expiryReminders(of(reader), utcDay(ports.now()), (site) => sync.get('Organization', site)?.resource.name ?? site),
    version: () => version,
    refresh,
    round: async () => {
      await refresh();
      for (const [id, set] of own) {
        if (published.get(id) === set.setAt) continue;
        const reader = await accounts.find(id);
        if (reader === null) continue;
        if (await publish(reader, set)) published.set(id, set.setAt);
        else ports.log.warn('the record did not take a reader’s credentials yet', {});
      }
    },
    onChange: (listener) => {
      listeners.add(listener);
    },
  };
}

const noLicence: Entitlement = entitlementOfStates([]);
