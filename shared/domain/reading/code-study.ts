import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';
import type { ReaderId } from '../reader/index.ts';

/** What a code is called for where a site names nothing else. */
export const usualCodeConditions: readonly string[] = ['stroke', 'trauma'];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The condition of a code study, or null. An order has no field for it, so it is read from the reason's own words, and only with STAT:
 * "code stroke", "stroke alert", "trauma activation", "suspected stroke". A stroke of years ago in the history raises no code.
 */
export function codeConditionOf(
  order: { readonly priority: Priority; readonly reason: string },
  conditions: readonly string[] = usualCodeConditions,
): string | null {
  if (order.priority !== 'stat') return null;
  for (const condition of conditions) {
    const named = escaped(condition.trim());
    if (named === '') continue;
    const before = `(?:code|acute|suspected|suspect|\\?)\\s*${named}\\b`;
    const behind = `\\b${named}\\s+(?:code|alert|activation|protocol|level|call)\\b`;
    if (new RegExp(`${before}|${behind}`, 'iu').test(order.reason)) return condition.trim();
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
