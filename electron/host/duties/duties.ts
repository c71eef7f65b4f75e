import {
  type DutyLease,
  dutyMargin,
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
  /**
   * Leaves a duty to another host: nothing more is begun under it here at once, it is given back when what was begun is over, and not taken
   * again for `milliseconds`, so that whoever else is there has it.
   */
  leave(duty: SoleDuty, milliseconds: number): void;
  /** Gives everything back, so that another host goes on at once. */
  giveBack(): Promise<void>;
};

/** The data folder of an embedded record is one host's by its lock: there is nobody to share a duty with. */
export const everyDuty: Duties = {
  holds: () => true,
  cycle: async () => undefined,
  every: () => 3_600_000,
  leave: () => undefined,
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
  /** On this computer's clock: when what was begun is over, and until when it is another host's. */
  const left = new Map<SoleDuty, { readonly givenBackAt: number; readonly until: number }>();
  let created = false;

  const holds = (duty: SoleDuty): boolean => {
    const mine = held.get(duty);
    return (
      mine !== undefined && !left.has(duty) && mayAct(mine.lease, hostId, mine.lease.fencingToken, record.recordNow())
    );
  };
  const tell = (duty: SoleDuty): void => {
    const now = holds(duty);
    if ((told.get(duty) ?? false) === now) return;
    told.set(duty, now);
    ports.log.info(now ? 'took a duty' : 'lost a duty', { duty, token: held.get(duty)?.lease.fencingToken ?? null });
    parts.onChange(duty, now);
  };

  const giveBack = async (duty: SoleDuty): Promise<void> => {
    const mine = held.get(duty);
    if (mine === undefined) return;
    held.delete(duty);
    const { fencingToken } = mine.lease;
    const free = stepDuty(mine.lease, { kind: 'give-back', holder: hostId, fencingToken }, record.recordNow());
    if (free.ok) await record.put(dutyToFhir(free.value), { ifMatch: mine.version });
  };
  /** True while the duty is another host's to take. */
  const isLeft = async (duty: SoleDuty): Promise<boolean> => {
    const resting = left.get(duty);
    if (resting === undefined) return false;
    if (ports.now() >= resting.givenBackAt) await giveBack(duty);
    if (ports.now() < resting.until) return true;
    left.delete(duty);
    return false;
  };

  const settle = async (duty: SoleDuty): Promise<void> => {
    if (await isLeft(duty)) return;
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
    leave: (duty, milliseconds) => {
      if (!holds(duty)) return;
      const givenBackAt = ports.now() + dutyMargin;
      left.set(duty, { givenBackAt, until: givenBackAt + milliseconds });
      tell(duty);
    },
    giveBack: async () => {
      await Promise.all([...held.keys()].map(giveBack));
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
