import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';
import { pendingStanding } from './pending-signature.ts';
import type { ReadingTask, ReleasedReport, TaskId } from './reading-task.ts';
import { emptyDesk, notOfferedTo } from './task-desk.ts';
import { leaseDuration, stepTask, type TaskMove } from './task-moves.ts';

const nine = instant(Date.UTC(2026, 10, 30, 3));
const resident = { reader: 'maplethorne' as ReaderId, readerName: 'Dr C. Maplethorne' };
const attending = { reader: 'tandewright' as ReaderId, readerName: 'Dr M. Tandewright' };
const colleague = { reader: 'okonjo' as ReaderId, readerName: 'Dr A. Okonjo' };
const digest = 'd'.repeat(64);

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
const preliminary: ReleasedReport = { ...final, kind: 'preliminary' };

function step(task: ReadingTask, move: TaskMove, now: Instant = nine): ReadingTask {
  const stepped = stepTask(task, move, now);
  if (!stepped.ok) throw new Error(stepped.error.words);
  return stepped.value;
}
function refusal(task: ReadingTask, move: TaskMove, now: Instant = nine): string {
  const stepped = stepTask(task, move, now);
  return stepped.ok ? 'accepted' : stepped.error.words;
}

const give = { kind: 'giveToSign', ...resident, fencingToken: 1, digest, press: 'press-1' } as const;
const takeBack = { kind: 'takeBack', ...resident } as const;
const sendBack = (fencingToken: number | null): TaskMove => ({
  kind: 'sendBack',
  holder: fencingToken === null ? null : { reader: attending.reader, fencingToken },
  by: attending.reader,
  byName: attending.readerName,
  words: ' The side is wrong. ',
});
const written = step(step(queued, { kind: 'claim', ...resident }), {
  kind: 'open',
  reader: resident.reader,
  fencingToken: 1,
});
const given = step(written, give);
const opened = step(given, { kind: 'claim', ...attending });

describe('a report that is given to be signed', () => {
  it('waits in the queue, without a claim, and names whose words it holds', () => {
    expect(given).toMatchObject({ state: 'queued', claim: null, lastFencingToken: 1, released: null });
    expect(given.desk.pending).toEqual({ ...resident, at: nine, digest, press: 'press-1', opened: null });
    expect(pendingStanding(given.desk, resident.reader)).toBe('given');
    expect(pendingStanding(given.desk, attending.reader)).toBe('to-sign');
  });

  it('by the same press twice is given once, also when somebody has opened it meanwhile', () => {
    expect(step(given, give)).toBe(given);
    expect(step(opened, give)).toBe(opened);
    expect(refusal(given, { ...give, press: 'press-2' })).toBe('A task that is queued cannot be given to be signed.');
  });

  it('needs a live claim of its writer, and nothing that is out already', () => {
    expect(refusal(queued, give)).toBe('A task that is queued cannot be given to be signed.');
    expect(refusal(written, { ...give, fencingToken: 7 })).not.toBe('accepted');
    expect(refusal(written, give, timeAfter(nine, leaseDuration))).not.toBe('accepted');
    const out = step(written, {
      kind: 'releasePreliminary',
      reader: resident.reader,
      fencingToken: 1,
      released: preliminary,
    });
    expect(refusal(out, give)).toBe('A report of this study is out already; its final is for who may sign it.');
  });

  it('is never offered to its writer, nor claimed by her: she takes it back first', () => {
    expect(notOfferedTo(given.desk, resident.reader)).toBe(true);
    expect(notOfferedTo(given.desk, attending.reader)).toBe(false);
    expect(refusal(given, { kind: 'claim', ...resident })).toBe(
      'You gave this report to be signed. Take it back to go on with it.',
    );
  });

  it('is taken back by its writer alone, until somebody has opened it; then she has the study again', () => {
    const back = step(given, takeBack);
    expect(back).toMatchObject({ state: 'claimed', claim: { ...resident, fencingToken: 2 }, lastFencingToken: 2 });
    expect(back.desk).toEqual(emptyDesk);
    expect(refusal(given, { kind: 'takeBack', ...colleague })).toBe('You gave nothing to be signed here.');
    const left = step(opened, { kind: 'release', reader: attending.reader, fencingToken: 2 });
    expect(refusal(left, takeBack)).toBe(
      'Dr M. Tandewright has opened it already. Write to them, or ask for it to be sent back.',
    );
  });

  it('keeps who opened it first, whoever claims it after her', () => {
    expect(opened.desk.pending?.opened).toEqual({ ...attending, at: nine });
    expect(pendingStanding(opened.desk, resident.reader)).toBe('given-opened');
    const lapsed = timeAfter(nine, leaseDuration);
    const taken = step(opened, { kind: 'claim', ...colleague }, lapsed);
    expect(taken.desk.pending?.opened).toEqual({ ...attending, at: nine });
  });

  it('survives whatever else is done to the study: release, lapse, hold, pass, another reader', () => {
    const holder = { reader: attending.reader, fencingToken: 2 };
    for (const [move, at] of [
      [{ kind: 'release', ...holder }, nine],
      [{ kind: 'lapse' }, timeAfter(nine, minutes(11))],
      [{ kind: 'hold', ...holder, reason: 'called-away', words: '' }, nine],
      [{ kind: 'pass', ...holder, reason: 'wrong-subspecialty' }, nine],
      [{ kind: 'reassign', holder, byName: attending.readerName, to: colleague }, nine],
      [{ kind: 'releasePreliminary', ...holder, released: preliminary }, nine],
    ] as const satisfies readonly (readonly [TaskMove, Instant])[])
      expect(step(opened, move, at).desk.pending).toEqual(opened.desk.pending);
  });

  it('is not given to its writer as work: it is sent back', () => {
    const move = { kind: 'reassign', holder: null, byName: 'Dr L. Ead', to: resident } as const;
    expect(refusal(given, move)).toBe('Dr C. Maplethorne gave this report to be signed. Send it back instead.');
  });

  it('ends with the final that is signed over it', () => {
    const done = step(opened, { kind: 'complete', reader: attending.reader, fencingToken: 2, released: final });
    expect(done).toMatchObject({ state: 'completed', released: final });
    expect(done.desk.pending).toBeUndefined();
  });

  it('ends with the order: nobody waits for a cancelled study', () => {
    expect(step(given, { kind: 'cancel' }).desk.pending).toBeUndefined();
  });
});

describe('a report that is sent back', () => {
  const back = step(opened, sendBack(2));

  it('is set aside for its writer, with who and why, and waits for no signature', () => {
    expect(back).toMatchObject({ state: 'queued', claim: null });
    expect(back.desk).toEqual({
      ...emptyDesk,
      assigned: { ...resident, byName: attending.readerName },
      sentBack: {
        by: attending.reader,
        byName: attending.readerName,
        to: resident.reader,
        at: nine,
        words: 'The side is wrong.',
        digest,
      },
    });
    expect(pendingStanding(back.desk, resident.reader)).toBe('sent-back');
    expect(pendingStanding(back.desk, colleague.reader)).toBe('none');
  });

  it('goes back by whoever holds it or by a lead, never by a claim of before, and never without a reason', () => {
    expect(step(given, sendBack(null)).desk.sentBack?.to).toBe(resident.reader);
    expect(refusal(opened, sendBack(1))).not.toBe('accepted');
    expect(refusal(opened, { ...sendBack(2), words: ' .' } as TaskMove)).toBe('Say in a few words why it goes back.');
    expect(refusal(queued, sendBack(null))).toBe('Nothing waits for a signature here.');
  });

  it('is given again by a new press, and is then sent back no more', () => {
    const again = step(step(back, { kind: 'claim', ...resident }), { ...give, fencingToken: 3, press: 'press-2' });
    expect(again.desk.pending?.press).toBe('press-2');
    expect(again.desk.sentBack).toBeUndefined();
  });
});

const people = [resident, attending, colleague];
const someone = fc.constantFrom(...people);
const token = fc.integer({ min: 0, max: 8 });
const moves: fc.Arbitrary<TaskMove> = fc.oneof(
  someone.map((who): TaskMove => ({ kind: 'claim', ...who })),
  fc
    .tuple(someone, token, fc.constantFrom('press-1', 'press-2', 'press-3'))
    .map(([who, fencingToken, press]): TaskMove => ({ kind: 'giveToSign', ...who, fencingToken, digest, press })),
  someone.map((who): TaskMove => ({ kind: 'takeBack', ...who })),
  fc
    .tuple(someone, fc.option(token, { nil: null }), fc.constantFrom('why', ''))
    .map(([{ reader: by, readerName: byName }, held, words]): TaskMove => {
      const holder = held === null ? null : { reader: by, fencingToken: held };
      return { kind: 'sendBack', holder, by, byName, words };
    }),
  fc
    .tuple(fc.constantFrom('renew', 'open', 'release'), someone, token)
    .map(([kind, { reader }, fencingToken]): TaskMove => ({ kind, reader, fencingToken })),
  fc
    .tuple(someone, token)
    .map(([{ reader }, fencingToken]): TaskMove => ({ kind: 'complete', reader, fencingToken, released: final })),
  fc.constantFrom<TaskMove>({ kind: 'lapse' }, { kind: 'cancel' }),
);
const histories = fc.array(fc.tuple(moves, fc.integer({ min: 0, max: 8 * 60_000 })), { maxLength: 60 });

describe('in any history of giving, taking back, opening, sending back and signing', () => {
  it('words that wait are never replaced, never lost without a word, and never their writer’s to claim', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let task: ReadingTask = queued;
        let now = nine;
        for (const [move, pause] of history) {
          now = timeAfter(now, millis(pause));
          const stepped = stepTask(task, move, now);
          if (!stepped.ok) continue;
          const next = stepped.value;
          const [before, after] = [task.desk.pending, next.desk.pending];
          if (before !== undefined && after !== undefined) {
            expect({ ...after, opened: null }).toEqual({ ...before, opened: null });
            if (before.opened !== null) expect(after.opened).toEqual(before.opened);
          }
          if (before !== undefined && after === undefined) {
            expect(['takeBack', 'sendBack', 'complete', 'cancel']).toContain(move.kind);
            if (move.kind === 'takeBack') expect([before.opened, next.claim?.reader]).toEqual([null, before.reader]);
            if (move.kind === 'sendBack') expect(next.desk.sentBack).toMatchObject({ to: before.reader, digest });
          }
          if (before === undefined && after !== undefined) {
            expect(move.kind).toBe('giveToSign');
            expect(after.reader).toBe(task.claim?.reader);
          }
          if (after !== undefined) {
            expect(next.claim?.reader).not.toBe(after.reader);
            expect(next.desk.sentBack).toBeUndefined();
          }
          if (next.state === 'completed') expect(after).toBeUndefined();
          task = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
