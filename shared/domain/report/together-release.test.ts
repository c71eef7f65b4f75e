import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Member, type MemberCheck, type MemberStanding, stepTogether } from './together-release.ts';

const ready: MemberCheck = { kind: 'ready' };
const member = (name: string, check: MemberCheck = ready, standing: MemberStanding = 'waiting'): Member => ({
  name,
  standing,
  check,
  returned: standing === 'returned' ? 'It was given back.' : null,
});

describe('a report over several exams', () => {
  it('is released when every exam may be', () => {
    expect(stepTogether([member('LK-1'), member('LK-2')])).toEqual({ kind: 'release', which: [0, 1] });
  });

  it('waits whole while one of them cannot be asked', () => {
    const later: MemberCheck = { kind: 'later', why: 'The archive does not answer.' };
    expect(stepTogether([member('LK-1'), member('LK-2', later)])).toEqual({
      kind: 'wait',
      why: 'LK-2: The archive does not answer.',
    });
  });

  it('comes back whole, with the reason and the exam that it is about, when one is refused before any is released', () => {
    const refused: MemberCheck = { kind: 'give-back', reason: 'Dr Bob has claimed this study since you signed.' };
    const step = stepTogether([member('LK-1'), member('LK-2', refused), member('LK-3')]);
    expect(step).toMatchObject({ kind: 'give-back', which: [0, 1, 2] });
    // One that does not answer may be released already: nothing is given back until it has.
    const silent = member('LK-3', { kind: 'later', why: 'The record does not answer.' });
    expect(stepTogether([member('LK-1'), member('LK-2', refused), silent]).kind).toBe('wait');
    expect(step.kind === 'give-back' && step.reason).toMatch(
      /^LK-2: Dr Bob has claimed .* come back with their words\.$/,
    );
  });

  it('never takes back what is released: the one that is refused then comes back alone, and says where the report stands', () => {
    const refused: MemberCheck = { kind: 'give-back', reason: 'The order was cancelled after you signed.' };
    for (const out of [member('LK-1', ready, 'released'), member('LK-1', { kind: 'released' }, 'waiting')]) {
      const step = stepTogether([{ ...out, standing: 'released' }, member('LK-2', refused)]);
      expect(step).toMatchObject({ kind: 'give-back', which: [1] });
      expect(step.kind === 'give-back' && step.reason).toContain(
        'is released under LK-1 already; under LK-2 it is not',
      );
    }
    // Won in the record before a kill, and not noted here yet: it is noted first.
    expect(stepTogether([member('LK-1', { kind: 'released' }), member('LK-2', refused)])).toEqual({
      kind: 'release',
      which: [0],
    });
  });

  it('that was half given back when the host died is given back to the end', () => {
    expect(stepTogether([member('LK-1', ready, 'returned'), member('LK-2')])).toEqual({
      kind: 'give-back',
      which: [1],
      reason: 'It was given back.',
    });
  });
});

/** The record as the writes find it, apart from what the journal knows. */
type World = { won: boolean; refused: boolean; silent: boolean; standing: MemberStanding; returned: string | null };

const happenings = fc.array(
  fc.record({
    what: fc.constantFrom('round', 'round', 'round', 'refuse', 'silence', 'speak', 'kill-in-round'),
    which: fc.nat({ max: 3 }),
    after: fc.nat({ max: 5 }),
  }),
  { maxLength: 30 },
);

describe('the release of several exams, whatever happens between its writes', () => {
  it('never gives back a released one, never releases a given-back one, and gives back all before the first or none but the refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), happenings, (count, history) => {
        const worlds: World[] = Array.from({ length: count }, () => ({
          won: false,
          refused: false,
          silent: false,
          standing: 'waiting',
          returned: null,
        }));
        const checkOf = (world: World): MemberCheck => {
          if (world.silent) return { kind: 'later', why: 'silent' };
          if (world.won) return { kind: 'released' };
          return world.refused ? { kind: 'give-back', reason: 'Refused.' } : ready;
        };
        /** `budget`: writes before the host is killed. */
        const round = (budget: number): void => {
          let left = budget;
          for (let steps = 0; steps < 20; steps += 1) {
            const members = worlds.map((world, place) => ({
              name: `LK-${place}`,
              standing: world.standing,
              check: checkOf(world),
              returned: world.returned,
            }));
            const anyWon = worlds.some((world) => world.won);
            const step = stepTogether(members);
            if (step.kind === 'wait' || step.kind === 'over') return;
            for (const place of step.which) {
              const world = worlds[place] as World;
              expect(world.standing).toBe('waiting');
              if (step.kind === 'give-back') {
                if (left === 0) return;
                left -= 1;
                // Known to the record as released, and known to answer so: it is never given back.
                if (!world.silent) expect(world.won).toBe(false);
                if (!anyWon)
                  expect(step.which.length).toBe(
                    worlds.filter((one) => one.standing === 'waiting').length + step.which.indexOf(place),
                  );
                world.standing = 'returned';
                world.returned = step.reason;
                continue;
              }
              // The write may lose to what happened since it was asked; the record decides.
              if (world.silent || (world.refused && !world.won)) break;
              if (left === 0) return;
              left -= 1;
              world.won = true;
              if (left === 0) return;
              left -= 1;
              world.standing = 'released';
            }
          }
        };
        for (const { what, which, after } of history) {
          const world = worlds[which % count] as World;
          if (what === 'refuse') world.refused = true;
          if (what === 'silence') world.silent = true;
          if (what === 'speak') world.silent = false;
          if (what === 'round') round(Number.MAX_SAFE_INTEGER);
          if (what === 'kill-in-round') round(after);
          for (const one of worlds) if (one.standing === 'released') expect(one.won).toBe(true);
        }
        for (const world of worlds) world.silent = false;
        for (let rounds = 0; rounds < 5; rounds += 1) round(Number.MAX_SAFE_INTEGER);
        // In the end nothing waits, and each has one fate.
        for (const world of worlds) {
          expect(world.standing).not.toBe('waiting');
          expect(world.standing === 'released').toBe(world.won);
        }
        const released = worlds.filter((world) => world.won);
        if (released.length > 0) for (const world of worlds) if (!world.won) expect(world.refused).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
