import { type Instant, instant, type Millis, millis } from '../../lib/instant.ts';
import { type CriticalResult, criticalDue, ownerOf } from './critical-result.ts';
import type { Rung } from './ladder.ts';

/** From then on it is also the matter of that rung; without one it is overdue, and of everybody on duty. */
export type Escalation = {
  readonly at: Instant;
  readonly rung: Rung | null;
  /** "rung-2", "overdue": two hosts name it alike. */
  readonly part: string;
};

type Timed = Pick<CriticalResult, 'identifiedAt' | 'limit' | 'ladder'>;

const wholeSeconds = (duration: number): number => Math.floor(duration / 1_000) * 1_000;

/**
 * When it goes to the next rung, to the second: the limit in equal parts, one for each rung, so that the person on duty has it while there
 * is time left, and everybody on duty when there is none. A ladder of nobody but the person on duty goes to her at half time.
 */
export function escalationsOf(result: Timed): readonly Escalation[] {
  const { identifiedAt, limit, ladder } = result;
  const [first] = ladder;
  const later = first === undefined || first.role === 'duty' ? ladder : ladder.slice(1);
  const parts = later.length + 1;
  const steps = later.map(
    (rung, place): Escalation => ({
      at: instant(identifiedAt + wholeSeconds((limit * (place + 1)) / parts)),
      rung,
      part: `rung-${place + 1}`,
    }),
  );
  return [...steps, { at: criticalDue(result), rung: null, part: 'overdue' }];
}

/** Those that have come by now. What is ended goes no further. */
export function pastEscalations(result: Timed & Pick<CriticalResult, 'ending'>, now: Instant): readonly Escalation[] {
  const { ending } = result;
  return escalationsOf(result).filter(({ at }) => at <= now && (ending === null || at < ending.at));
}

export type CriticalStanding = {
  readonly state: 'open' | 'overdue' | 'ended';
  /** To whom it has gone by now. */
  readonly rung: Rung | null;
  /** When it goes on; null where it goes no further. */
  readonly next: Escalation | null;
  /** Until it has to be read back; below 0 when it is late. */
  readonly left: Millis;
};

export function standingOfCritical(result: CriticalResult, now: Instant): CriticalStanding {
  const { ending, ladder } = result;
  const past = pastEscalations(result, now);
  const rung = past.findLast((one) => one.rung !== null)?.rung ?? ladder[0] ?? null;
  const left = millis(criticalDue(result) - (ending?.at ?? now));
  if (ending !== null) return { state: 'ended', rung, next: null, left };
  const next = escalationsOf(result).find(({ at }) => at > now) ?? null;
  return { state: left > 0 ? 'open' : 'overdue', rung, next, left };
}

/** Somebody of the group, as far as duty goes. */
export type OnDuty = {
  readonly id: string;
  readonly name: string;
  readonly role: 'radiologist' | 'lead';
  /** `unsaid`: no shifts are kept for her, so nothing is known either way. */
  readonly shift: 'on' | 'off' | 'unsaid';
};

/**
 * The persons on duty: leads who are not known to be off, else the readers on shift, else every lead, else everybody. Empty only where the
 * group has nobody at all: a critical result is never left with a machine.
 */
export function personsOnDuty(people: readonly OnDuty[]): readonly OnDuty[] {
  const leads = people.filter((one) => one.role === 'lead');
  const tries = [leads.filter((one) => one.shift !== 'off'), people.filter((one) => one.shift === 'on'), leads, people];
  return tries.find((found) => found.length > 0) ?? [];
}

/**
 * Whose matter it is now: of who has it; of the persons on duty from their rung on, and at once where she is known to be off; of every
 * lead besides when it is overdue.
 */
export function whoHasCritical(result: CriticalResult, people: readonly OnDuty[], now: Instant): ReadonlySet<string> {
  if (result.ending !== null) return new Set();
  const owner = ownerOf(result).id;
  const standing = standingOfCritical(result, now);
  const found = people.find((one) => one.id === owner);
  const alone = found === undefined || found.shift === 'off';
  const duty = alone || standing.state === 'overdue' || standing.rung?.role === 'duty';
  return new Set([
    owner,
    ...(duty ? personsOnDuty(people).map((one) => one.id) : []),
    ...(standing.state === 'overdue' ? people.filter((one) => one.role === 'lead').map((one) => one.id) : []),
  ]);
}
