import {
  type DutyLease,
  dutyRenewEvery,
  freeDuty,
  mayAct,
  type SoleDuty,
  stepDuty,
} from '../../../shared/domain/duty/index.ts';
import { dutyFromFhir, dutyLeaseId, dutyToFhir } from '../../../shared/interop/fhir/index.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';

/** The duties that this host has now. Asked again before each effect: a host that was put to sleep must not go on where it stopped. */
export type Duties = {
  holds(duty: SoleDuty): boolean;
  /** Takes what is free, renews what is ours. */
  cycle(): Promise<void>;
  /** Milliseconds until the next cycle. */
  every(): number;
  /** Gives everything back, so that another host goes on at once. */
  giveBack(): Promise<void>;
};

/** The data folder of an embedded record is one host's by its lock: there is nobody to share a duty with. */
export const everyDuty: Duties = {
  holds: () => true,
  cycle: async () => undefined,
  every: () => 3_600_000,
  giveBack: async () => undefined,
};

const cycleEvery = 3_000;
const soon = 400;

type Held = { readonly lease: DutyLease; readonly version: string; readonly renewedAt: number };

/**
 * Duties held through leases in the record (DESIGN 2.6). `hostId` is that of the data folder: its lock lets one process have it, so a
 * new start may take its own leases again at once, under new tokens.
 */
export function createDuties(parts: {
  readonly record: RecordClient;
  readonly hostId: string;
  readonly wanted: readonly SoleDuty[];
  readonly ports: Ports;
  readonly onChange: (duty: SoleDuty, held: boolean) => void;
}): Duties {
  const { record, hostId, ports } = parts;
  const held = new Map<SoleDuty, Held>();
  const takenOnce = new Set<SoleDuty>();
  const told = new Map<SoleDuty, boolean>();
  let created = false;

  const holds = (duty: SoleDuty): boolean => {
    const mine = held.get(duty);
    return mine !== undefined && mayAct(mine.lease, hostId, mine.lease.fencingToken, record.recordNow());
  };
  const tell = (duty: SoleDuty): void => {
    const now = holds(duty);
    if ((told.get(duty) ?? false) === now) return;
    told.set(duty, now);
    ports.log.info(now ? 'took a duty' : 'lost a duty', { duty, token: held.get(duty)?.lease.fencingToken ?? null });
    parts.onChange(duty, now);
  };

  const settle = async (duty: SoleDuty): Promise<void> => {
    const mine = held.get(duty);
    if (mine !== undefined && holds(duty) && record.recordNow() - mine.renewedAt < dutyRenewEvery) return;
    const read = await record.read('Basic', dutyLeaseId(duty));
    if (!read.ok) {
      // Made free and taken in a later cycle: two hosts that both make it then meet at the version of its taking.
      if (read.error.code === 'not-found') created = (await record.put(dutyToFhir(freeDuty(duty)))).ok || created;
      return;
    }
    const lease = dutyFromFhir(read.value.resource);
    if (!lease.ok) {
      ports.log.error('the lease of a duty in the record cannot be understood', { duty });
      return;
    }
    const kind = takenOnce.has(duty) ? 'take' : 'retake';
    const now = record.recordNow();
    const stepped = stepDuty(lease.value, { kind, holder: hostId }, now);
    if (!stepped.ok) {
      held.delete(duty);
      return;
    }
    const written = await record.put(dutyToFhir(stepped.value), { ifMatch: read.value.version });
    // A conflict or a lost answer: what we had stands until it ends by itself, and the next cycle reads.
    if (!written.ok) return;
    takenOnce.add(duty);
    held.set(duty, { lease: stepped.value, version: written.value.version, renewedAt: now });
  };

  return {
    holds,
    every: () => (created ? soon : cycleEvery),
    cycle: async () => {
      created = false;
      await Promise.all(parts.wanted.map(settle));
      for (const duty of parts.wanted) tell(duty);
    },
    giveBack: async () => {
      await Promise.all(
        [...held].map(async ([duty, { lease, version }]) => {
          held.delete(duty);
          const move = { kind: 'give-back', holder: hostId, fencingToken: lease.fencingToken } as const;
          const free = stepDuty(lease, move, record.recordNow());
          if (free.ok) await record.put(dutyToFhir(free.value), { ifMatch: version });
        }),
      );
    },
  };
}

/** The id of this host: made once, kept in the journal. Where it could not be kept the next start has another and waits for the lease to end. */
export async function hostIdOf(journal: Journal, ports: Ports): Promise<string> {
  const known = await journal.latest('duty', 'host-id');
  const id = (known?.body as { readonly id?: unknown } | undefined)?.id;
  if (typeof id === 'string') return id;
  const fresh = ports.newId();
  const kept = await journal.append([{ kind: 'duty', key: 'host-id', body: { id: fresh } }]);
  if (!kept.ok) ports.log.warn('the id of this host could not be kept');
  return fresh;
}
