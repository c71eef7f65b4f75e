import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import type { ReleaseOutcome } from './release.ts';
import { createReleaser } from './releaser.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

/** A store in memory of versions that wait; only what the releaser asks of it. */
function storeOf(digests: readonly string[]): { store: SignedStore; add(digest: string): void; released: string[] } {
  const held = new Map<string, HeldVersion>();
  const released: string[] = [];
  const add = (digest: string): void => {
    const content = {
      taskId: `task-${digest}`,
      orderId: null,
      studyUid: '1.2',
      accession: null,
      reportId: 'r',
      version: 1,
      kind: 'final',
      signer: { id: 'ann', name: 'Dr Ann', npi: null },
    };
    held.set(digest, { taskId: `task-${digest}`, signed: { digest, content } as never, standing: { kind: 'waiting' } });
  };
  for (const digest of digests) add(digest);
  const store: Partial<SignedStore> = {
    all: () => [...held.values()],
    isSettled: () => true,
    release: async (_taskId, digest, at) => {
      released.push(digest);
      const one = held.get(digest);
      if (one !== undefined) held.set(digest, { ...one, standing: { kind: 'released', at } });
      return true;
    },
  };
  return { store: store as SignedStore, add, released };
}

function releaserOf(store: SignedStore, release: (held: HeldVersion) => Promise<ReleaseOutcome>) {
  const events: string[] = [];
  const releaser = createReleaser({
    signed: store,
    book: { facts: () => null } as never,
    events: {
      write: async (list: readonly { type: string }[]) => {
        events.push(...list.map((one) => one.type));
        return true;
      },
    } as never,
    ports: {} as never,
    recordNow: () => instant(0),
    release,
    check: async () => ({ kind: 'ready' }),
    onChange: () => undefined,
  });
  return { releaser, events };
}

describe('rounds of releasing', () => {
  it('never overlap: a version is released once, however many ask at once', async () => {
    const { store, released } = storeOf(['a', 'b']);
    let inside = 0;
    let most = 0;
    const asked: string[] = [];
    const { releaser } = releaserOf(store, async (held) => {
      inside += 1;
      most = Math.max(most, inside);
      asked.push(held.signed.digest);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      return { kind: 'released' };
    });
    await Promise.all([releaser.cycle(), releaser.cycle(), releaser.cycle(), releaser.cycle()]);
    expect(most).toBe(1);
    expect(asked).toEqual(['a', 'b']);
    expect(released).toEqual(['a', 'b']);
  });

  it('who asks during a round has her own version in the next one when the answer comes', async () => {
    const { store, add, released } = storeOf(['a']);
    const { releaser } = releaserOf(store, async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { kind: 'released' };
    });
    const first = releaser.cycle();
    add('late');
    await releaser.cycle();
    expect(released).toContain('late');
    await first;
  });

  it('leave a version alone while nobody knows whether its fate is in the journal, and go on with the others', async () => {
    const { store, released } = storeOf(['a', 'b']);
    let settled = false;
    const asked: string[] = [];
    const doubtful = { ...store, isSettled: (digest: string) => digest !== 'a' || settled };
    const { releaser } = releaserOf(doubtful, async (held) => {
      asked.push(held.signed.digest);
      return { kind: 'released' };
    });
    await releaser.cycle();
    expect([asked, released, releaser.waiting()]).toEqual([['b'], ['b'], 1]);
    settled = true;
    await releaser.cycle();
    expect([asked, released]).toEqual([
      ['b', 'a'],
      ['b', 'a'],
    ]);
  });

  it('one that fails by a bug does not end the rounds', async () => {
    const { store, released } = storeOf(['a']);
    let failures = 1;
    const { releaser } = releaserOf(store, async () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('bug');
      }
      return { kind: 'released' };
    });
    const [first, second] = await Promise.allSettled([releaser.cycle(), releaser.cycle()]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect(released).toEqual(['a']);
  });

  it('an event is written also when the record has not told the case yet, after a start', async () => {
    const { store } = storeOf(['a']);
    const { releaser, events } = releaserOf(store, async () => ({ kind: 'released' }));
    await releaser.cycle();
    expect(events).toEqual(['report.final']);
  });
});
