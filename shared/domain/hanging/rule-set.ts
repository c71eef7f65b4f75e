import type { HangingProtocol, HangingRule, RuleLevel } from './protocol.ts';

/** Whose rules: a reader's own, those of a site, those of the whole group. */
export type RuleOwner =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'site'; readonly id: string }
  | { readonly kind: 'group' };

/** What an owner's rules were, and who changed them when (milliseconds since 1970). */
export type RuleVersion = {
  readonly protocols: readonly HangingProtocol[];
  readonly by: string;
  readonly at: number;
};

/** The rules of one owner with those that they replaced, the latest last. */
export type RuleSet = { readonly owner: RuleOwner; readonly now: RuleVersion; readonly before: readonly RuleVersion[] };

/** Steps that can be undone. */
export const mostVersions = 10;

/** Puts other rules in place; what was is kept, so that it can be brought back. */
export function changed(set: RuleSet | null, owner: RuleOwner, next: RuleVersion): RuleSet {
  if (set === null) return { owner, now: next, before: [{ protocols: [], by: next.by, at: next.at }] };
  return { owner, now: next, before: [...set.before, set.now].slice(-mostVersions) };
}

/** What was before the last change; null where nothing is left to go back to. */
export function undone(set: RuleSet, by: string, at: number): RuleSet | null {
  const last = set.before.at(-1);
  return last === undefined
    ? null
    : { owner: set.owner, now: { protocols: last.protocols, by, at }, before: set.before.slice(0, -1) };
}

/** A rule among those of its owner: in place of the one with its id, else at the end. */
export function withRule(protocols: readonly HangingProtocol[], rule: HangingProtocol): readonly HangingProtocol[] {
  const at = protocols.findIndex((one) => one.id === rule.id);
  return at === -1 ? [...protocols, rule] : protocols.with(at, rule);
}

/** All rules for a case: the reader's, those of the site where it was made, the group's. Of other sites none. */
export function rulesFor(
  sets: readonly Pick<RuleSet, 'owner' | 'now'>[],
  siteId: string | null,
): readonly HangingRule[] {
  return sets.flatMap(({ owner, now }) => {
    if (owner.kind === 'site' && owner.id !== siteId) return [];
    const level: RuleLevel = owner.kind;
    return now.protocols.map((protocol): HangingRule => ({ level, protocol }));
  });
}
