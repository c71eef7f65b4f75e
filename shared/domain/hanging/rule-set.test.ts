import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changed, type HangingProtocol, mostVersions, type RuleSet, rulesFor, undone, withRule } from './index.ts';

const rule = (id: string): HangingProtocol => ({ id }) as unknown as HangingProtocol;
const owner = { kind: 'user', id: 'u' } as const;

describe('the rules of an owner', () => {
  it('come back step by step as they were before each change, as far as versions are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 20 }), (steps) => {
        let set: RuleSet | null = null;
        for (const [at, ids] of steps.entries()) set = changed(set, owner, { protocols: ids.map(rule), by: 'A', at });
        const went = [[], ...steps].slice(-(mostVersions + 1), -1).toReversed();
        for (const before of went) {
          set = set === null ? null : undone(set, 'B', 99);
          expect(set?.now.protocols.map((one) => one.id)).toEqual(before);
          expect(set?.now.by).toBe('B');
        }
        expect(set === null ? null : undone(set, 'B', 99)).toBeNull();
      }),
    );
  });

  it('take a rule in place of the one with its name, and are those of the case’s own site', () => {
    expect(withRule([rule('a'), rule('b')], { ...rule('a'), hangingProtocolName: 'new' })).toMatchObject([
      { id: 'a', hangingProtocolName: 'new' },
      { id: 'b' },
    ]);
    const of = (kind: 'site' | 'group', id: string) =>
      ({
        owner: kind === 'site' ? { kind, id } : { kind },
        now: { protocols: [rule(id)], by: '', at: 0 },
        before: [],
      }) as RuleSet;
    const chosen = rulesFor([of('site', 'cedar'), of('site', 'larkspur'), of('group', 'all')], 'cedar');
    expect(chosen.map((one) => [one.level, one.protocol.id])).toEqual([
      ['site', 'cedar'],
      ['group', 'all'],
    ]);
    expect(rulesFor([of('site', 'cedar')], null)).toEqual([]);
  });
});
