import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../lib/instant.ts';
import {
  checkDowntimeRead,
  clock,
  type DowntimeRead,
  defaultTerms,
  dispute,
  type ReadingEvent,
  type Terms,
} from './index.ts';

const ordered = Date.UTC(2026, 10, 1, 6);
const minute = 60_000;
const now = instant(ordered + 600 * minute);
const aRead: DowntimeRead = {
  readBy: 'Dr Paper',
  readAt: instant(ordered + 90 * minute),
  words: 'No haemorrhage.',
  phoned: { to: 'Dr House', at: instant(ordered + 95 * minute), readBack: true },
};
const check = (change: Partial<DowntimeRead>, orderedAt: Instant | null = instant(ordered)) => {
  const found = checkDowntimeRead({ ...aRead, ...change }, { orderedAt, familyName: 'Quillfeather', now });
  return found.ok ? [] : found.error;
};
const phoned = (at: number) => ({ phoned: { to: 'Dr House', at: instant(at), readBack: false } });

describe('a read that is typed in after downtime', () => {
  it.each([
    [{}, []],
    [{ phoned: null }, []],
    [{ readAt: instant(now + 2 * minute), phoned: null }, ['future']],
    [{ readAt: instant(ordered - 2 * minute), phoned: null }, ['before the order']],
    [phoned(ordered + 89 * minute), ['before the read']],
    [phoned(now + 2 * minute), ['call is in the future']],
    [{ readBy: ' ' }, ['who read']],
    [{ words: '' }, ['words of the read']],
    [{ words: 'QUILLFEATHER has no fracture' }, ['name out']],
  ])('%j has the faults %j', (change, faults) => {
    const found = check(change);
    expect(found).toHaveLength(faults.length);
    for (const [at, words] of faults.entries()) expect(found[at]).toContain(words);
  });

  it('without an order’s time nothing is too early; a future time is never taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 10_000 }), (minutes) => {
        const readAt = instant(now + minutes * minute);
        expect(check({ readAt, phoned: null }, null)).toHaveLength(minutes > 1 ? 1 : 0);
      }),
    );
  });
});

describe('the clock and a read on paper', () => {
  const event = (type: ReadingEvent['type'], at: number, source: ReadingEvent['clock']['source']): ReadingEvent => ({
    id: `ev-${type}`,
    type,
    occurredAt: instant(at),
    recordedAt: instant(ordered + 500 * minute),
    clock: { source, skew: null, confidence: source === 'paper' ? 'low' : 'high' },
    actor: { kind: 'person', id: 'lead', name: 'Lead' },
    subject: { taskId: 't', orderId: null, accession: null, studyUid: null, report: null },
    site: null,
    detail: 'entered after downtime: read by Dr Paper: No haemorrhage.',
    cause: null,
    channel: null,
  });
  const events = [event('images.complete', ordered, 'record'), event('downtime.read', ordered + 25 * minute, 'paper')];
  const until = (stop: Terms['contract']['stop']): Terms => {
    const terms = defaultTerms('stat');
    return { ...terms, contract: { ...terms.contract, stop } };
  };

  it('stops it at its true time where a preliminary does, with low confidence, and nowhere else', () => {
    const stopped = clock(until('preliminary'), events, now);
    expect(stopped).toMatchObject({ state: 'stopped', elapsed: 25 * minute, confidence: 'low' });
    for (const stop of ['final', 'accepted', 'filed', 'opened'] as const)
      expect(clock(until(stop), events, now).state).toBe('running');
    // What was released before it counts.
    const earlier = event('report.prelim', ordered + 10 * minute, 'record');
    expect(clock(until('preliminary'), [...events, earlier], now).elapsed).toBe(10 * minute);
  });

  it('is marked on the dispute file, in its line and in the reckoning', () => {
    const asked = {
      terms: until('preliminary'),
      exam: { priority: 'stat', modality: 'CT' },
      hours: null,
      zone: 'America/Chicago',
      events,
      now,
    } as const;
    const found = dispute(asked, () => 'a'.repeat(64));
    const line = found.lines.find((one) => one.what === 'Read on paper');
    expect(line).toMatchObject({
      time: '2026-11-01 01:25:00 CDT',
      confidence: 'low',
      doubt: 'typed in from paper after downtime',
      clock: 'the clock on the wall, as written on paper',
    });
    expect(found.reckoning.join(' ')).toContain('by a read on paper that was entered after downtime');
  });
});
