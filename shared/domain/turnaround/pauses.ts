import { assertNever } from '../../lib/assert-never.ts';
import { type Instant, instant } from '../../lib/instant.ts';
import { type PauseCause, type PauseRule, pausesForQuestion } from './contract.ts';
import type { EventType } from './event.ts';
import type { Occurrence } from './occurrences.ts';

/** A time that a contract may leave out, and why; `to` is null while it lasts. */
export type Pause = {
  readonly cause: PauseCause;
  readonly from: Instant;
  readonly to: Instant | null;
  /** The event that began it, and the one that ended it. */
  readonly began: Occurrence;
  readonly ended: Occurrence | null;
};

/** What ends a hold besides its own end: who loses or gives back the case no longer holds it (spec/standards.md 4.1). */
const holdEnds: readonly EventType[] = [
  'task.resumed',
  'task.released',
  'task.reassigned',
  'task.lease.lapsed',
  'task.cancelled',
];

/** Whether a contract with these rules leaves this pause out. */
export function isAllowedPause(pause: Pick<Pause, 'cause' | 'began'>, rules: readonly PauseRule[]): boolean {
  switch (pause.cause) {
    case 'hold':
      return rules.includes('hold');
    case 'question':
      return pausesForQuestion(rules, pause.began.event.questionKind ?? null);
    default:
      return assertNever(pause.cause);
  }
}

/** Every pause that the rules allow, as they began. Pauses may overlap: whoever sums them takes their union. */
export function pausesOf(occurrences: readonly Occurrence[], rules: readonly PauseRule[]): readonly Pause[] {
  if (rules.length === 0) return [];
  const found = [...holds(occurrences), ...questions(occurrences)].filter((one) => isAllowedPause(one, rules));
  return found.sort((left, right) => left.from - right.from || (left.began.event.id < right.began.event.id ? -1 : 1));
}

/** A second "held" while it is held adds nothing. */
function holds(occurrences: readonly Occurrence[]): readonly Pause[] {
  const found: Pause[] = [];
  let began: Occurrence | null = null;
  for (const occurrence of occurrences) {
    if (occurrence.event.type === 'task.held') began ??= occurrence;
    else if (began !== null && holdEnds.includes(occurrence.event.type)) {
      found.push({ cause: 'hold', from: began.at, to: occurrence.at, began, ended: occurrence });
      began = null;
    }
  }
  if (began !== null) found.push({ cause: 'hold', from: began.at, to: null, began, ended: null });
  return found;
}

/** An answer ends the question that it names; one that names none ends the oldest that is open then. */
function questions(occurrences: readonly Occurrence[]): readonly Pause[] {
  const open = new Map<string, Occurrence>();
  const found: Pause[] = [];
  const named = new Set(occurrences.flatMap(({ event }) => (event.type === 'order.query.opened' ? [event.id] : [])));
  // An answer whose clock ran behind stands before its question; it still answers it.
  const early = new Map<string, Occurrence>();
  const close = (began: Occurrence, ended: Occurrence): void => {
    found.push({ cause: 'question', from: began.at, to: instant(Math.max(began.at, ended.at)), began, ended });
  };
  for (const occurrence of occurrences) {
    const { event } = occurrence;
    if (event.type === 'order.query.opened') {
      const answered = early.get(event.id);
      if (answered === undefined) open.set(event.id, occurrence);
      else close(occurrence, answered);
    }
    if (event.type !== 'order.query.answered') continue;
    const id = event.cause !== null && named.has(event.cause) ? event.cause : [...open.keys()][0];
    const began = id === undefined ? undefined : open.get(id);
    if (id !== undefined && began !== undefined) {
      open.delete(id);
      close(began, occurrence);
    } else if (event.cause !== null && !early.has(event.cause)) early.set(event.cause, occurrence);
  }
  for (const began of open.values()) found.push({ cause: 'question', from: began.at, to: null, began, ended: null });
  return found;
}
