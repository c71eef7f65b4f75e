import { describe, expect, it } from 'vitest';
import type { MemberCheck } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { ReleaseOutcome } from './release.ts';
import { createReleaser } from './releaser.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

class Killed extends Error {}

/**
 * A record and a journal that outlive the host: the record holds what was decided, the journal what was noted. `killAt` counts the
 * writes of both; the host dies after that one.
 */
function world(names: readonly string[]) {
  const journal = new Map<string, HeldVersion>();
  const record = new Set<string>();
  const refused = new Map<string, string>();
  const events: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  const write = (): void => {
    left -= 1;
    if (left < 0) throw new Killed();
  };
  for (const name of names) {
    const content = {
      taskId: `task-${name}`,
      orderId: null,
      studyUid: '1.2',
      accession: name,
      exam: { procedure: 'CT' },
      reportId: `report-${name}`,
      version: 1,
      kind: 'final',
      signer: { id: 'ann', name: 'Dr Ann', npi: null },
      together: { id: 'together-1', signed: names.map((one) => `task-${one}`), exams: [] },
    };
    journal.set(name, {
      taskId: `task-${name}`,
      signed: { digest: name, content } as never,
      standing: { kind: 'waiting' },
    });
  }
  const follow = (digest: string, standing: HeldVersion['standing']): boolean => {
    write();
    const held = journal.get(digest);
    if (held?.standing.kind !== 'waiting') throw new Error('its fate was decided before');
    journal.set(digest, { ...held, standing });
    return true;
  };
  const store: Partial<SignedStore> = {
    all: () => [...journal.values()],
    isSettled: () => true,
    release: async (_taskId, digest, at) => follow(digest, { kind: 'released', at }),
    giveBack: async (_taskId, digest, reason) => follow(digest, { kind: 'returned', reason }),
  };
  const check = (held: HeldVersion): MemberCheck => {
    const name = held.signed.digest;
    if (record.has(name)) return { kind: 'released' };
    const reason = refused.get(name);
    return reason === undefined ? { kind: 'ready' } : { kind: 'give-back', reason };
  };
  const start = () =>
    createReleaser({
      signed: store as SignedStore,
      book: { facts: () => null } as never,
      events: {
        write: async (list: readonly { type: string; subject: { accession: string } }[]) => {
          events.push(...list.map((one) => `${one.type} ${one.subject.accession}`));
          return true;
        },
      } as never,
      ports: {} as never,
      recordNow: () => instant(0),
      check: async (held) => check(held),
      release: async (held): Promise<ReleaseOutcome> => {
        const now = check(held);
        if (now.kind === 'give-back') return now;
        if (now.kind !== 'released') {
          write();
          record.add(held.signed.digest);
        }
        return { kind: 'released' };
      },
      onChange: () => undefined,
    });
  return {
    refused,
    events,
    standing: () => names.map((name) => journal.get(name)?.standing.kind),
    reason: (name: string) => {
      const standing = journal.get(name)?.standing;
      return standing?.kind === 'returned' ? standing.reason : null;
    },
    /** One host's life: rounds until nothing is left to do, or until it is killed. */
    live: async (writes: number): Promise<'done' | 'killed'> => {
      left = writes;
      try {
        const releaser = start();
        for (let round = 0; round < 3; round += 1) await releaser.cycle();
        return 'done';
      } catch (reason) {
        if (reason instanceof Killed) return 'killed';
        throw reason;
      }
    },
  };
}

describe('a report over several exams in the releaser', () => {
  it('is released under each accession, each with its own event', async () => {
    const both = world(['LK-1', 'LK-2']);
    expect(await both.live(99)).toBe('done');
    expect(both.standing()).toEqual(['released', 'released']);
    expect(both.events).toEqual(['report.final LK-1', 'report.final LK-2']);
  });

  it('is given back whole, with the exam and the reason, when a claim was lost on one', async () => {
    const both = world(['LK-1', 'LK-2', 'LK-3']);
    both.refused.set('LK-2', 'Dr Bob has claimed this study since you signed.');
    await both.live(99);
    expect(both.standing()).toEqual(['returned', 'returned', 'returned']);
    for (const name of ['LK-1', 'LK-2', 'LK-3']) expect(both.reason(name)).toContain('LK-2: Dr Bob has claimed');
    expect(both.events.some((event) => event.startsWith('report.final'))).toBe(false);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'after a kill behind write %i it is released to the end by the next host',
    async (writes) => {
      const both = world(['LK-1', 'LK-2', 'LK-3']);
      expect(await both.live(writes)).toBe('killed');
      expect(await both.live(99)).toBe('done');
      expect(both.standing()).toEqual(['released', 'released', 'released']);
    },
  );

  it.each([0, 1, 2])('after a kill behind write %i of giving it back it is given back to the end', async (writes) => {
    const both = world(['LK-1', 'LK-2', 'LK-3']);
    both.refused.set('LK-1', 'The order was cancelled after you signed.');
    expect(await both.live(writes)).toBe('killed');
    // What was refused may be undone meanwhile: a report that began to come back comes back whole.
    both.refused.clear();
    expect(await both.live(99)).toBe('done');
    expect(both.standing()).toEqual(
      writes === 0 ? ['released', 'released', 'released'] : ['returned', 'returned', 'returned'],
    );
  });

  it.each([1, 2])(
    'refused on one after a kill behind write %i of releasing: what is out stays out, that one comes back and says so',
    async (writes) => {
      const both = world(['LK-1', 'LK-2']);
      expect(await both.live(writes)).toBe('killed');
      both.refused.set('LK-2', 'Dr Bob has claimed this study since you signed.');
      expect(await both.live(99)).toBe('done');
      expect(both.standing()).toEqual(['released', 'returned']);
      expect(both.reason('LK-2')).toContain('is released under LK-1 already; under LK-2 it is not');
    },
  );
});
