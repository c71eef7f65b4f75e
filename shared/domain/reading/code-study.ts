import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';
import type { ReaderId, ShiftStanding } from '../reader/index.ts';
import type { CodeStudy } from '../site/index.ts';

/** A code where a site lists none of its own. */
const usualConditions: readonly string[] = ['stroke', 'trauma'];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Said straight before a word, these make it the past or none: "history of stroke", "no trauma". */
const notNow = '(?<!\\b(?:h/o|hx|history|history of|s/p|prior|previous|old|remote|known|no|without|denies)\\s{1,3})';

/** True where one of a site's words stands in the text as a word of its own. */
function names(text: string, word: string): boolean {
  const named = escaped(word.trim()).replace(/\s+/g, '\\s+');
  return named !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${notNow}${named}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

/**
 * The condition of a code study, or null. An order has no field for it, so it is read from words, and only with STAT. What the site
 * lists counts, by any of its words in procedure or reason; where it lists nothing: "code stroke", "stroke alert", "trauma activation",
 * "suspected stroke" in the reason. A stroke of years ago in the history raises no code.
 */
export function codeConditionOf(
  order: { readonly priority: Priority; readonly reason: string; readonly procedure: string },
  listed: readonly CodeStudy[],
): string | null {
  if (order.priority !== 'stat') return null;
  if (listed.length > 0)
    return (
      listed.find(({ words }) => words.some((word) => names(order.reason, word) || names(order.procedure, word)))
        ?.name ?? null
    );
  for (const condition of usualConditions) {
    const before = `(?:code|acute|suspected|suspect|\\?)\\s*${condition}\\b`;
    const behind = `\\b${condition}\\s+(?:code|alert|activation|protocol|level|call)\\b`;
    if (new RegExp(`${before}|${behind}`, 'iu').test(order.reason)) return condition;
  }
  return null;
}

/** After this without an acknowledgement the next reader and the lead are told too; the setting may say otherwise. */
export const codeEscalatesAfter: Millis = minutes(2);

/** Somebody who could be told of a code. */
export type CodePerson = {
  readonly id: ReaderId;
  readonly lead: boolean;
  /** May read the study. */
  readonly eligible: boolean;
  /** At an unlocked screen, and has done something there a moment ago. */
  readonly present: boolean;
  readonly shift: ShiftStanding['kind'];
};

export type CodeCall = {
  /** 0 at first, one more with each span that passes without an acknowledgement. */
  readonly level: number;
  readonly told: readonly ReaderId[];
};

/** How many spans have passed without an acknowledgement. */
export function codeLevelDue(of: {
  readonly raisedAt: Instant;
  readonly now: Instant;
  readonly escalateAfter: Millis;
}): number {
  return Math.max(0, Math.floor((of.now - of.raisedAt) / Math.max(1, of.escalateAfter)));
}

/**
 * The level at which people are told: as many steps as the host with the duty has written down. Where no host could (the record is
 * away, a lease has just lapsed) it follows the time all the same, one span behind: a code must not stay with one reader for ever.
 */
export function codeLevel(due: number, escalated: number): number {
  return Math.min(due, Math.max(escalated, due - 1));
}

const shiftOrder: Readonly<Record<CodePerson['shift'], number>> = { on: 0, unsaid: 1, off: 2 };

/**
 * Who is told of a code at that level. At first the first reader who may read it and is there, those on shift before the others; with
 * each level the next one, and the leads. Whoever is away is never the only one told: where no reader who may read it is there, those
 * on shift who may and the leads are told at once (all who may, where none of them is on shift, and with the next level), and where
 * those are away too, everybody who is there, so that somebody can phone. Told once is told on: the circle only grows.
 */
export function codeCall(facts: {
  readonly level: number;
  readonly ended: boolean;
  readonly people: readonly CodePerson[];
}): CodeCall {
  const { level } = facts;
  if (facts.ended) return { level, told: [] };
  const people = [...facts.people].sort(
    (left, right) =>
      Number(left.lead) - Number(right.lead) ||
      shiftOrder[left.shift] - shiftOrder[right.shift] ||
      (left.id < right.id ? -1 : left.id > right.id ? 1 : 0),
  );
  const hands = people.filter((one) => one.eligible && one.present);
  const leads = people.filter((one) => one.lead);
  const told = new Set(hands.slice(0, level + 1));
  if (level > 0) for (const one of leads) told.add(one);
  if (hands.length === 0) {
    const may = people.filter((one) => one.eligible);
    const atWork = may.filter((one) => one.shift === 'on' && !one.lead);
    for (const one of level > 0 || atWork.length === 0 ? may : atWork) told.add(one);
    for (const one of leads) told.add(one);
    if (![...told].some((one) => one.present)) for (const one of people) if (one.present) told.add(one);
  }
  return { level, told: people.filter((one) => told.has(one)).map((one) => one.id) };
}
