import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';
import type { ReaderId } from '../reader/index.ts';
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
};

export type CodeCall = {
  /** 0 at first, one more with each span that passes without an acknowledgement. */
  readonly level: number;
  readonly told: readonly ReaderId[];
};

/**
 * Who is told of a code at `now`. At first the first reader who may read it and is there; with each span the next one, and the leads.
 * Whoever is away is never the only one told: where no reader who may read it is there, all who may and the leads are told, and where
 * those are away too, everybody who is there, so that somebody can phone. Told once is told on: the circle only grows.
 */
export function codeCall(facts: {
  readonly raisedAt: Instant;
  readonly ended: boolean;
  readonly now: Instant;
  readonly escalateAfter: Millis;
  readonly people: readonly CodePerson[];
}): CodeCall {
  const level = Math.max(0, Math.floor((facts.now - facts.raisedAt) / Math.max(1, facts.escalateAfter)));
  if (facts.ended) return { level, told: [] };
  const people = [...facts.people].sort(
    (left, right) => Number(left.lead) - Number(right.lead) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0),
  );
  const hands = people.filter((one) => one.eligible && one.present);
  const leads = people.filter((one) => one.lead);
  const told = new Set(hands.slice(0, level + 1));
  if (level > 0) for (const one of leads) told.add(one);
  if (hands.length === 0) {
    for (const one of people) if (one.eligible || one.lead) told.add(one);
    if (![...told].some((one) => one.present)) for (const one of people) if (one.present) told.add(one);
  }
  return { level, told: people.filter((one) => told.has(one)).map((one) => one.id) };
}
