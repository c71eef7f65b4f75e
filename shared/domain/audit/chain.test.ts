import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { instant } from '../../lib/instant.ts';
import type { AuditEntry, AuditPurpose } from './audit-entry.ts';
import { type AuditFacts, auditSpan, firstPreviousHash, sealEntry, verifyChain } from './chain.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const nine = Date.UTC(2026, 10, 22, 9);

function chainOf(facts: readonly AuditFacts[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const each of facts) entries.push(sealEntry(entries.at(-1) ?? null, each, sha256));
  return entries;
}
function fact(minute: number, user = 'tandewright'): AuditFacts {
  return { at: instant(nine + minute * 60_000), user, purpose: 'look', patient: 'p-1', studyUid: '1.2.3', detail: '' };
}
const entries = chainOf([0, 1, 2, 3, 4, 5].map((minute) => fact(minute)));
const anchor = (at: number) => ({ sequence: at, hash: entries[at - 1]?.hash ?? '' });
const verify = (changed: readonly AuditEntry[], ...anchored: number[]) =>
  verifyChain(changed, anchored.map(anchor), sha256);

describe('the chain of the access log', () => {
  it('as it was written is whole, with and without anchors, and so is an empty one', () => {
    expect(verify(entries, 3, 6)).toEqual({ ok: true });
    expect(verify(entries)).toEqual({ ok: true });
    expect(verifyChain([], [{ sequence: 0, hash: firstPreviousHash }], sha256)).toEqual({ ok: true });
    expect(entries[0]).toMatchObject({ sequence: 1, previousHash: firstPreviousHash });
  });

  it('shows an edit, also one that was hashed anew', () => {
    const edited = entries.with(2, {
      ...fact(2, 'nobody'),
      sequence: 3,
      previousHash: entries[2]?.previousHash ?? '',
      hash: entries[2]?.hash ?? '',
    });
    expect(verify(edited)).toEqual({ ok: false, at: 3, finding: 'edited' });
    const rehashed = entries.with(2, sealEntry(entries[1] ?? null, fact(2, 'nobody'), sha256));
    expect(verify(rehashed)).toEqual({ ok: false, at: 3, finding: 'edited' });
  });

  it('shows a removal, at its head too', () => {
    expect(verify(entries.toSpliced(2, 1))).toEqual({ ok: false, at: 3, finding: 'removed' });
    expect(verify(entries.slice(1))).toEqual({ ok: false, at: 1, finding: 'removed' });
  });

  it('shows a swap and an entry that stands twice', () => {
    const [one, two, three, ...rest] = entries as [AuditEntry, AuditEntry, AuditEntry, ...AuditEntry[]];
    expect(verify([one, three, two, ...rest])).toEqual({ ok: false, at: 2, finding: 'swapped' });
    expect(verify([one, two, two, three, ...rest])).toEqual({ ok: false, at: 3, finding: 'swapped' });
  });

  it('shows a cut tail by an anchor, and by no other means', () => {
    expect(verify(entries.slice(0, 4), 6)).toEqual({ ok: false, at: 5, finding: 'cut-tail' });
    expect(verify([], 6)).toEqual({ ok: false, at: 1, finding: 'cut-tail' });
    expect(verify(entries.slice(0, 4), 4)).toEqual({ ok: true });
  });

  it('shows a chain written anew from end to end by an anchor', () => {
    const rewritten = chainOf([0, 1, 2, 3, 4, 5].map((minute) => fact(minute, 'nobody')));
    expect(verify(rewritten)).toEqual({ ok: true });
    expect(verify(rewritten, 6)).toEqual({ ok: false, at: 6, finding: 'rewritten' });
  });
});

const facts: fc.Arbitrary<AuditFacts> = fc.record({
  at: fc.integer({ min: 0, max: 2 ** 41 }).map(instant),
  user: fc.string(),
  purpose: fc.constantFrom<AuditPurpose>('list', 'look', 'sign', 'export'),
  patient: fc.option(fc.string(), { nil: null }),
  studyUid: fc.option(fc.constantFrom('1.2', '1.3'), { nil: null }),
  detail: fc.string(),
});
const chains = fc.array(facts, { minLength: 2, maxLength: 12 }).map(chainOf);

describe('in any chain anchored at its head', () => {
  const check = (written: readonly AuditEntry[], found: readonly AuditEntry[]) => {
    const head = written.at(-1);
    return verifyChain(found, head === undefined ? [] : [{ sequence: head.sequence, hash: head.hash }], sha256).ok;
  };

  it('any single edit, removal, swap and cut tail is found', () => {
    const field = fc.constantFrom(
      'at',
      'user',
      'purpose',
      'patient',
      'studyUid',
      'detail',
      'sequence',
      'previousHash',
      'hash',
    );
    fc.assert(
      fc.property(chains, fc.nat(), fc.nat(), field, (written, first, second, changed) => {
        expect(check(written, written)).toBe(true);
        const index = first % written.length;
        const other = second % written.length;
        const entry = written[index] as AuditEntry;
        const value = entry[changed];
        const edit = { ...entry, [changed]: typeof value === 'number' ? value + 1 : `${value ?? ''}x` };
        expect(check(written, written.with(index, edit as AuditEntry))).toBe(false);
        expect(check(written, written.toSpliced(index, 1))).toBe(false);
        expect(check(written, written.slice(0, index))).toBe(false);
        if (index !== other) {
          expect(check(written, written.with(index, written[other] as AuditEntry).with(other, entry))).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('the hash of an entry is that of its canonical JSON', () => {
    fc.assert(
      fc.property(chains, (written) => {
        for (const { hash, ...unsealed } of written) expect(hash).toBe(sha256(canonicalJson(unsealed)));
      }),
    );
  });

  it('an edit is found also when everything after it is sealed anew', () => {
    fc.assert(
      fc.property(chains, fc.nat(), (written, place) => {
        const index = place % written.length;
        const changed = written.map((entry, at) => (at === index ? { ...entry, user: `${entry.user}x` } : entry));
        expect(check(written, chainOf(changed))).toBe(false);
      }),
    );
  });
});

it('a quarter of an hour has one key, and the next another', () => {
  expect(auditSpan(instant(nine))).toBe('2026-11-22T09:00Z');
  expect(auditSpan(instant(nine + 15 * 60_000 - 1))).toBe('2026-11-22T09:00Z');
  expect(auditSpan(instant(nine + 15 * 60_000))).toBe('2026-11-22T09:15Z');
});
