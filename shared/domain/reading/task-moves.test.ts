import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';
import type { ReadingTask, ReleasedReport, TaskId } from './reading-task.ts';
import { emptyDesk, notOfferedTo } from './task-desk.ts';
import { claimStanding, leaseDuration, legalTaskMoves, renewEvery, stepTask, type TaskMove } from './task-moves.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { reader: 'tandewright' as ReaderId, readerName: 'Dr M. Tandewright' };
const okonjo = { reader: 'okonjo' as ReaderId, readerName: 'Dr A. Okonjo' };

const queued: ReadingTask = {
  id: 'task-1' as TaskId,
  state: 'queued',
  orderId: null,
  archive: 'main',
  studyUid: null,
  requestedReport: 'final',
  claim: null,
  lastFencingToken: 0,
  released: null,
  authoredOn: nine,
  desk: emptyDesk,
};
const final: ReleasedReport = { reportId: 'report-1', version: 1, digest: 'f'.repeat(64), kind: 'final' };
const withdrawal: ReleasedReport = { ...final, version: 2, kind: 'withdrawal', digest: 'e'.repeat(64) };
const preliminary: ReleasedReport = { ...final, kind: 'preliminary', digest: 'a'.repeat(64) };

function step(task: ReadingTask, move: TaskMove, now: Instant = nine): ReadingTask {
  const stepped = stepTask(task, move, now);
  if (!stepped.ok) throw new Error(stepped.error.words);
  return stepped.value;
}
function refusal(task: ReadingTask, move: TaskMove, now: Instant = nine) {
  const stepped = stepTask(task, move, now);
  return stepped.ok ? 'accepted' : stepped.error.code;
}
const claimed = step(queued, { kind: 'claim', ...tandewright });
const holder = { reader: tandewright.reader, fencingToken: 1 };
const lapsed = timeAfter(nine, leaseDuration);

describe('a claim', () => {
  it('is a lease of ten minutes with a fencing token that grows by one with each grant', () => {
    expect(claimed.state).toBe('claimed');
    expect(claimed.claim).toEqual({ ...tandewright, fencingToken: 1, leaseUntil: timeAfter(nine, minutes(10)) });
    const again = step(step(claimed, { kind: 'release', ...holder }), { kind: 'claim', ...okonjo });
    expect(again.claim?.fencingToken).toBe(2);
    expect(again.lastFencingToken).toBe(2);
  });

  it('keeps another reader out, and says who and until when', () => {
    const stepped = stepTask(claimed, { kind: 'claim', ...okonjo }, nine);
    expect(stepped).toEqual({
      ok: false,
      error: {
        code: 'held-by-another',
        words: 'Dr M. Tandewright has this study.',
        heldBy: { name: 'Dr M. Tandewright', leaseUntil: timeAfter(nine, minutes(10)) },
      },
    });
  });

  it('by its holder only renews, so that a second window does not cut off the first', () => {
    const later = step(claimed, { kind: 'claim', ...tandewright }, timeAfter(nine, minutes(3)));
    expect(later.claim).toEqual({ ...claimed.claim, leaseUntil: timeAfter(nine, minutes(13)) });
    expect(later.lastFencingToken).toBe(1);
  });

  it('renewed every four minutes outlives the night; two renewals may fail', () => {
    let task = claimed;
    for (let round = 1; round <= 100; round += 1)
      task = step(task, { kind: 'renew', ...holder }, timeAfter(nine, millis(round * renewEvery)));
    expect(task.claim?.leaseUntil).toBe(timeAfter(nine, millis(100 * renewEvery + leaseDuration)));
    expect(2 * renewEvery).toBeLessThan(leaseDuration);
  });

  it('that has lapsed can be claimed by another, and then the first can neither renew nor sign', () => {
    const taken = step(claimed, { kind: 'claim', ...okonjo }, lapsed);
    expect(taken.claim?.fencingToken).toBe(2);
    expect(refusal(taken, { kind: 'renew', ...holder }, lapsed)).toBe('held-by-another');
    expect(refusal(taken, { kind: 'complete', ...holder, released: final }, lapsed)).toBe('held-by-another');
  });

  it('that has lapsed is not renewed and does not sign, but may be given back or claimed again', () => {
    expect(refusal(claimed, { kind: 'renew', ...holder }, lapsed)).toBe('lease-lapsed');
    expect(refusal(claimed, { kind: 'complete', ...holder, released: final }, lapsed)).toBe('lease-lapsed');
    expect(step(claimed, { kind: 'release', ...holder }, lapsed).state).toBe('queued');
    expect(step(claimed, { kind: 'claim', ...tandewright }, lapsed).claim?.fencingToken).toBe(2);
  });

  it('lapses back to the queue, not a moment early', () => {
    expect(refusal(claimed, { kind: 'lapse' }, instant(lapsed - 1))).toBe('not-a-legal-move');
    expect(step(claimed, { kind: 'lapse' }, lapsed)).toMatchObject({
      state: 'queued',
      claim: null,
      lastFencingToken: 1,
    });
  });

  it('is not shortened when the record’s clock steps back', () => {
    expect(step(claimed, { kind: 'renew', ...holder }, instant(nine - 60_000)).claim).toEqual(claimed.claim);
  });

  it('stands as held, lapsed, another’s or none', () => {
    const standing = (task: ReadingTask, token: number | null, now = nine) =>
      claimStanding(task, tandewright.reader, token, now);
    expect(standing(claimed, 1)).toBe('held');
    expect(standing(claimed, 1, lapsed)).toBe('lapsed');
    expect(standing(claimed, 0)).toBe('another');
    expect(standing(claimed, null)).toBe('another');
    expect(standing(queued, 1)).toBe('none');
    expect(claimStanding(claimed, okonjo.reader, 1, nine)).toBe('another');
    expect(claimStanding(claimed, okonjo.reader, 1, lapsed)).toBe('none');
  });
});

describe('a reading', () => {
  const reading = step(claimed, { kind: 'open', ...holder });

  it('opens, pauses and resumes with its holder, or in the queue when the lease ran out meanwhile', () => {
    expect(reading.state).toBe('reading');
    const held = step(reading, { kind: 'hold', ...holder, reason: 'prior-needed', words: 'the March CT' });
    expect(held).toMatchObject({ state: 'held', desk: { hold: { reason: 'prior-needed', words: 'the March CT' } } });
    expect(step(held, { kind: 'resume' })).toEqual(reading);
    expect(step(held, { kind: 'resume' }, lapsed)).toMatchObject({ state: 'queued', claim: null });
  });

  it('ends with the final that the task asks for', () => {
    expect(step(reading, { kind: 'complete', ...holder, released: final })).toMatchObject({
      state: 'completed',
      claim: null,
      released: final,
    });
  });

  it('is not ended by a preliminary when a final is asked: the preliminary is recorded and the reading goes on', () => {
    expect(refusal(reading, { kind: 'complete', ...holder, released: preliminary })).toBe('not-a-legal-move');
    const prelim = step(reading, { kind: 'releasePreliminary', ...holder, released: preliminary });
    expect(prelim).toMatchObject({ state: 'reading', released: preliminary });
    expect(refusal(prelim, { kind: 'releasePreliminary', ...holder, released: { ...preliminary, version: 2 } })).toBe(
      'rival-final',
    );
    expect(refusal(prelim, { kind: 'complete', ...holder, released: final })).toBe('rival-final');
    expect(step(prelim, { kind: 'complete', ...holder, released: { ...final, version: 2 } }).state).toBe('completed');
  });

  it('ends with a preliminary, or a final, when a preliminary is asked', () => {
    const asked: ReadingTask = { ...reading, requestedReport: 'preliminary' };
    expect(step(asked, { kind: 'complete', ...holder, released: preliminary }).state).toBe('completed');
    expect(step(asked, { kind: 'complete', ...holder, released: final }).state).toBe('completed');
    expect(refusal(asked, { kind: 'releasePreliminary', ...holder, released: preliminary })).toBe('not-a-legal-move');
  });

  it('that is completed refuses a second final, and knows a replay of its own', () => {
    const done = step(reading, { kind: 'complete', ...holder, released: final });
    expect(step(done, { kind: 'complete', ...holder, released: final })).toEqual(done);
    expect(refusal(done, { kind: 'complete', ...holder, released: { ...final, digest: 'b'.repeat(64) } })).toBe(
      'rival-final',
    );
    expect(refusal(done, { kind: 'complete', ...holder, released: { ...final, version: 2 } })).toBe('rival-final');
  });

  it('that is completed takes addenda and corrections as later versions, and nothing else', () => {
    const done = step(reading, { kind: 'complete', ...holder, released: final });
    const addendum: ReleasedReport = { ...final, version: 2, kind: 'addendum' };
    const appended = step(done, { kind: 'append', released: addendum });
    expect(appended).toMatchObject({ state: 'completed', released: addendum });
    expect(refusal(appended, { kind: 'append', released: { ...addendum, kind: 'correction' } })).toBe('rival-final');
    expect(refusal(done, { kind: 'append', released: { ...final, version: 2 } })).toBe('not-a-legal-move');
    expect(refusal(done, { kind: 'append', released: { ...addendum, reportId: 'report-2' } })).toBe('rival-final');
  });

  it('that is cancelled takes nothing more', () => {
    const cancelled = step(reading, { kind: 'cancel' });
    expect(cancelled).toMatchObject({ state: 'cancelled', claim: null });
    expect(refusal(cancelled, { kind: 'claim', ...okonjo })).toBe('not-a-legal-move');
    expect(refusal(cancelled, { kind: 'complete', ...holder, released: final })).toBe('not-a-legal-move');
  });
});

describe('what readers arrange among themselves', () => {
  const reading = step(claimed, { kind: 'open', ...holder });
  const toOkonjo = { kind: 'reassign', byName: 'Dr L. Ead', to: okonjo } as const;
  const look = { id: 'look-1', byName: tandewright.readerName, to: okonjo.reader, toName: okonjo.readerName };
  const ask = { kind: 'askLook', ...holder, look: { ...look, question: 'Is this a fracture?' } } as const;

  it('a study that is passed goes back to the queue and is not offered to her again', () => {
    const passed = step(reading, { kind: 'pass', ...holder, reason: 'conflict-of-interest' });
    expect(passed).toMatchObject({ state: 'queued', claim: null });
    expect([tandewright, okonjo].map(({ reader }) => notOfferedTo(passed.desk, reader))).toEqual([true, false]);
    expect(refusal(passed, { kind: 'complete', ...holder, released: final })).toBe('not-a-legal-move');
  });

  it('a study that nobody has can be passed without a claim; one that a colleague has cannot', () => {
    const move = { kind: 'pass', reader: okonjo.reader, fencingToken: null, reason: 'wrong-subspecialty' } as const;
    expect(notOfferedTo(step(queued, move).desk, okonjo.reader)).toBe(true);
    expect(refusal(claimed, move)).toBe('held-by-another');
    const held = step(reading, { kind: 'hold', ...holder, reason: 'called-away', words: '' });
    expect(refusal(held, move, lapsed)).not.toBe('accepted');
  });

  it('a study with the token of an earlier claim is neither passed, held, reassigned nor shown', () => {
    const late = step(step(claimed, { kind: 'release', ...holder }), { kind: 'claim', ...tandewright });
    for (const move of [
      { kind: 'pass', ...holder, reason: 'other' },
      { kind: 'hold', ...holder, reason: 'other', words: 'tea' },
      { ...toOkonjo, holder },
      ask,
    ] as const)
      expect(refusal(late, move)).toBe('held-by-another');
  });

  it('a study given to a colleague waits for her, ends the claim that was there, and is hers once she takes it', () => {
    for (const from of [queued, claimed, reading]) {
      const given = step(from, { ...toOkonjo, holder: null });
      expect(given).toMatchObject({ state: 'queued', claim: null, desk: { assigned: { reader: okonjo.reader } } });
      expect([tandewright, okonjo].map(({ reader }) => notOfferedTo(given.desk, reader))).toEqual([true, false]);
      expect(claimStanding(given, tandewright.reader, 1, nine)).toBe('none');
      const taken = step(given, { kind: 'claim', ...okonjo });
      expect(taken.desk.assigned).toBeNull();
      expect(taken.lastFencingToken).toBe(from.lastFencingToken + 1);
    }
    expect(refusal(claimed, { ...toOkonjo, holder: null, to: tandewright })).toBe('not-a-legal-move');
  });

  it('one who was given what she passed before is offered it again', () => {
    const passed = step(queued, { kind: 'pass', reader: okonjo.reader, fencingToken: null, reason: 'prior-needed' });
    expect(notOfferedTo(step(passed, { ...toOkonjo, holder: null }).desk, okonjo.reader)).toBe(false);
  });

  it('a second look leaves the claim, is answered once by the colleague who was asked, and outlives the final', () => {
    const asked = step(reading, ask);
    expect(asked).toMatchObject({ state: 'reading', claim: reading.claim });
    expect(step(asked, ask)).toEqual(asked);
    expect(refusal(reading, { ...ask, look: { ...ask.look, to: tandewright.reader } })).toBe('not-a-legal-move');
    const answer = { kind: 'answerLook', reader: okonjo.reader, lookId: 'look-1', words: 'Yes, buckle.' } as const;
    expect(refusal(asked, { ...answer, reader: tandewright.reader })).toBe('not-a-legal-move');
    expect(refusal(asked, { ...answer, lookId: 'look-2' })).toBe('not-a-legal-move');
    const done = step(asked, { kind: 'complete', ...holder, released: final });
    const answered = step(done, answer);
    expect(answered.desk.looks).toMatchObject([{ question: 'Is this a fracture?', answer: { words: 'Yes, buckle.' } }]);
    expect(step(answered, answer)).toEqual(answered);
    expect(refusal(answered, { ...answer, words: 'No.' })).toBe('not-a-legal-move');
  });

  it('a hold has no reason left once it ends', () => {
    const held = step(reading, { kind: 'hold', ...holder, reason: 'images-missing', words: '' });
    for (const move of [
      { kind: 'resume' },
      { kind: 'release', ...holder },
      { kind: 'pass', ...holder, reason: 'other' },
      { ...toOkonjo, holder },
      { kind: 'cancel' },
    ] as const)
      expect(step(held, move).desk.hold).toBeNull();
  });
});

const someone = fc.constantFrom(tandewright, okonjo);
const token = fc.integer({ min: 0, max: 6 });
const released: fc.Arbitrary<ReleasedReport> = fc.record({
  reportId: fc.constantFrom('report-1', 'report-2'),
  version: fc.integer({ min: 1, max: 3 }),
  digest: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom('preliminary', 'final', 'addendum', 'correction'),
});
const moves: fc.Arbitrary<TaskMove> = fc.oneof(
  someone.map((who): TaskMove => ({ kind: 'claim', ...who })),
  fc
    .tuple(fc.constantFrom('renew', 'open', 'release'), someone, token)
    .map(([kind, { reader }, fencingToken]): TaskMove => ({ kind, reader, fencingToken })),
  fc
    .tuple(fc.constantFrom('complete', 'releasePreliminary'), someone, token, released)
    .map(([kind, { reader }, fencingToken, report]): TaskMove => ({ kind, reader, fencingToken, released: report })),
  released.map((report): TaskMove => ({ kind: 'append', released: report })),
  fc
    .tuple(someone, token)
    .map(
      ([{ reader }, fencingToken]): TaskMove => ({ kind: 'hold', reader, fencingToken, reason: 'other', words: 'x' }),
    ),
  fc
    .tuple(someone, fc.option(token, { nil: null }))
    .map(([{ reader }, fencingToken]): TaskMove => ({ kind: 'pass', reader, fencingToken, reason: 'other' })),
  fc.tuple(someone, someone, fc.option(token, { nil: null })).map(([by, to, held]): TaskMove => {
    const holder = held === null ? null : { reader: by.reader, fencingToken: held };
    return { kind: 'reassign', holder, byName: by.readerName, to };
  }),
  fc.tuple(someone, someone, token).map(
    ([by, to, fencingToken]): TaskMove => ({
      kind: 'askLook',
      reader: by.reader,
      fencingToken,
      look: { id: 'look', byName: by.readerName, to: to.reader, toName: to.readerName, question: '' },
    }),
  ),
  someone.map(({ reader }): TaskMove => ({ kind: 'answerLook', reader, lookId: 'look', words: 'seen' })),
  fc
    .tuple(someone, token)
    .map(
      ([who, fencingToken]): TaskMove => ({ kind: 'giveToSign', ...who, fencingToken, digest: 'd', press: 'press' }),
    ),
  someone.map((who): TaskMove => ({ kind: 'takeBack', ...who })),
  fc.tuple(someone, fc.option(token, { nil: null })).map(([{ reader: by, readerName: byName }, held]): TaskMove => {
    const holder = held === null ? null : { reader: by, fencingToken: held };
    return { kind: 'sendBack', holder, by, byName, words: 'why' };
  }),
  fc.constantFrom<TaskMove>({ kind: 'lapse' }, { kind: 'resume' }, { kind: 'cancel' }),
  fc
    .integer({ min: 1, max: 4 })
    .map((version): TaskMove => ({ kind: 'withdraw', released: { ...withdrawal, version } })),
);
const histories = fc.array(fc.tuple(moves, fc.integer({ min: 0, max: 8 * 60_000 })), { maxLength: 40 });

describe('in any history of moves', () => {
  it('tokens only grow, ends are ends, one final is released, and what happens is what the table allows', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('preliminary', 'final'), (history, requestedReport) => {
        let task: ReadingTask = { ...queued, requestedReport };
        let now = nine;
        let finals = 0;
        for (const [move, pause] of history) {
          now = timeAfter(now, millis(pause));
          const stepped = stepTask(task, move, now);
          if (!stepped.ok) continue;
          const next = stepped.value;
          const replayed =
            (move.kind === 'complete' && task.state === 'completed') ||
            (move.kind === 'giveToSign' && task.desk.pending !== undefined);
          if (replayed) expect(next).toEqual(task);
          else {
            const rule: { readonly from: readonly string[]; readonly to: readonly string[] } =
              legalTaskMoves[move.kind];
            expect(rule.from).toContain(task.state);
            expect(rule.to.includes(next.state) || (rule.to.includes('same') && next.state === task.state)).toBe(true);
          }
          expect(next.lastFencingToken - task.lastFencingToken).toBeOneOf([0, 1]);
          if (next.desk.hold !== null) expect(next.state).toBe('held');
          expect(next.desk.looks.length).toBeGreaterThanOrEqual(task.desk.looks.length);
          if (next.claim !== null) expect(next.claim.fencingToken).toBe(next.lastFencingToken);
          if (task.state === 'completed' || task.state === 'cancelled') expect(next.state).toBe(task.state);
          if (next.released?.kind === 'final' && next.released !== task.released) finals += 1;
          if (task.released?.kind === 'withdrawal') expect(next.released).toEqual(task.released);
          if (next.state === 'claimed' || next.state === 'reading') expect(next.claim).not.toBeNull();
          if (task.claim !== null && next.claim !== null && next.claim.reader !== task.claim.reader) {
            expect(now).toBeGreaterThanOrEqual(task.claim.leaseUntil);
          }
          task = next;
        }
        expect(finals).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('two readers are never both told that they hold it', () => {
    fc.assert(
      fc.property(histories, token, token, (history, one, other) => {
        let task: ReadingTask = queued;
        let now = nine;
        for (const [move, pause] of history) {
          now = timeAfter(now, millis(pause));
          const stepped = stepTask(task, move, now);
          if (stepped.ok) task = stepped.value;
          const both = [
            claimStanding(task, tandewright.reader, one, now),
            claimStanding(task, okonjo.reader, other, now),
          ];
          expect(both).not.toEqual(['held', 'held']);
        }
      }),
    );
  });
});

describe('a withdrawal', () => {
  const read = step(step(claimed, { kind: 'open', ...holder }), { kind: 'complete', released: final, ...holder });
  it('follows what was released, once, and nothing of the report follows it', () => {
    const withdrawn = step(read, { kind: 'withdraw', released: withdrawal });
    expect(withdrawn).toEqual({ ...read, released: withdrawal });
    expect(step(withdrawn, { kind: 'withdraw', released: withdrawal })).toEqual(withdrawn);
    const another = { ...withdrawal, version: 3, digest: 'd'.repeat(64) };
    expect(refusal(withdrawn, { kind: 'withdraw', released: another })).toBe('not-a-legal-move');
    const addendum: ReleasedReport = { ...final, version: 3, kind: 'addendum', digest: 'c'.repeat(64) };
    expect(refusal(withdrawn, { kind: 'append', released: addendum })).toBe('not-a-legal-move');
  });

  it('of a preliminary ends a task that waited for its final', () => {
    const open = step(claimed, { kind: 'releasePreliminary', released: preliminary, ...holder });
    const withdrawn = step(open, { kind: 'withdraw', released: withdrawal });
    expect(withdrawn).toMatchObject({ state: 'cancelled', claim: null, released: withdrawal });
    const late: ReleasedReport = { ...final, version: 3 };
    expect(refusal(withdrawn, { kind: 'complete', released: late, ...holder })).toBe('not-a-legal-move');
  });

  it('needs something that is out', () => {
    expect(refusal(claimed, { kind: 'withdraw', released: withdrawal })).toBe('not-a-legal-move');
  });
});
