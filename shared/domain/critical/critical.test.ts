import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, type Instant, instant, millis, minutes } from '../../lib/instant.ts';
import { caregiverRoles, closesLevel, contactWays, isLicensed, isSpoken } from './acknowledgement.ts';
import { communicationLines, unsaidLines } from './communication.ts';
import {
  type CriticalMove,
  type CriticalResult,
  checkFinding,
  conversationMove,
  criticalDue,
  ownerOf,
  type ReadBack,
  stepCritical,
} from './critical-result.ts';
import {
  escalationsOf,
  type OnDuty,
  pastEscalations,
  personsOnDuty,
  standingOfCritical,
  whoHasCritical,
} from './escalation.ts';
import { ladderOf, type Rung } from './ladder.ts';
import { criticalLevels, limitWords, usualLimits } from './level.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { id: 'reader-1', name: 'Dr M. Tandewright' };
const quillmoor = { id: 'reader-2', name: 'Dr S. Quillmoor' };
const ladder: readonly Rung[] = ladderOf({
  orderedBy: 'Dr O. Fenwick',
  site: { name: 'Larkspur Imaging', phone: '555-0100' },
  contacts: [
    { role: 'covering', name: 'Dr P. Ashgrove', phone: '555-0102' },
    { role: 'it', name: 'Systems', phone: '555-0199' },
  ],
});
const begun: CriticalResult = {
  id: 'critical-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'site-larkspur',
  patientReference: 'patient-1',
  level: 1,
  finding: 'Tension pneumothorax on the left.',
  origin: 'key',
  identifiedBy: tandewright,
  identifiedAt: nine,
  limit: usualLimits[1],
  agreedBy: 'Nights 2026',
  ladder,
  attempts: [],
  handOvers: [],
  ending: null,
};
const spokenReadBack: ReadBack = {
  who: 'Dr O. Fenwick',
  role: 'physician',
  callBack: '555-0104',
  way: 'phone',
  canAct: true,
  words: 'Left tension pneumothorax, needle now.',
};
const said = (id: string, ago = 0) => ({ id, by: tandewright, ago: millis(ago) });
const voiceMail: CriticalMove = {
  ...said('m1'),
  kind: 'attempt',
  rung: 'ordering',
  whom: 'Dr O. Fenwick',
  way: 'voice-mail',
  words: 'Asked to call back at once.',
};
const at = (seconds: number): Instant => after(nine, millis(seconds * 1_000));
const step = (result: CriticalResult, move: CriticalMove, now: Instant): CriticalResult => {
  const stepped = stepCritical(result, move, now);
  if (!stepped.ok) throw new Error(stepped.error.words);
  return stepped.value;
};

describe('what closes a critical result', () => {
  it('of level 1 is a conversation with a licensed caregiver who can act, and nothing else of all that there is', () => {
    for (const way of contactWays)
      for (const role of caregiverRoles)
        for (const canAct of [true, false])
          expect(closesLevel(1, { way, role, canAct }).closes, `${way} ${role}`).toBe(
            (way === 'phone' || way === 'in-person' || way === 'video') && isLicensed(role) && canAct,
          );
  });

  it.each([2, 3] as const)(
    'of level %i is also a read-back on the physician’s page, and never a message or a receipt',
    (level) => {
      for (const way of contactWays)
        for (const role of caregiverRoles)
          expect(closesLevel(level, { way, role, canAct: true }).closes, `${way} ${role}`).toBe(
            (isSpoken(way) || way === 'page') && isLicensed(role),
          );
    },
  );

  it('is a read-back with who, number and words; one that lacks any closes nothing', () => {
    const close = (change: Partial<ReadBack>) =>
      stepCritical(begun, { ...said('m2'), kind: 'read-back', ...spokenReadBack, ...change }, at(60));
    expect(close({})).toMatchObject({ ok: true, value: { ending: { kind: 'closed' } } });
    expect(close({ who: ' ' })).toMatchObject({ error: { code: 'lacking' } });
    expect(close({ callBack: 'ext. 4' })).toMatchObject({ error: { code: 'lacking' } });
    expect(close({ words: '\n' })).toMatchObject({ error: { code: 'lacking' } });
    expect(close({ way: 'voice-mail' })).toMatchObject({ error: { code: 'does-not-close' } });
    expect(close({ way: 'page' })).toMatchObject({ error: { words: expect.stringContaining('spoken') } });
    expect(close({ role: 'clerk' })).toMatchObject({ error: { code: 'does-not-close' } });
    expect(close({ canAct: false })).toMatchObject({ error: { code: 'does-not-close' } });
  });

  it('is kept as an attempt where the conversation was not with somebody who can act', () => {
    const move = conversationMove(said('m3'), { ...spokenReadBack, who: 'Front desk', role: 'clerk' }, 'desk', 1);
    expect(step(begun, move, at(30))).toMatchObject({ ending: null, attempts: [{ whom: 'Front desk', way: 'phone' }] });
    expect(conversationMove(said('m4'), spokenReadBack, 'ordering', 1).kind).toBe('read-back');
  });

  it('is follow-up by a named person at level 3 alone, and a slip of the hand before anybody was tried', () => {
    const delegate: CriticalMove = {
      ...said('m5'),
      kind: 'delegate',
      to: { name: 'N. Harrow', role: 'nurse navigator', phone: '555-0108' },
      words: 'Chest CT in three months.',
    };
    expect(stepCritical(begun, delegate, at(60))).toMatchObject({ error: { code: 'not-at-this-level' } });
    expect(step({ ...begun, level: 3 }, delegate, at(60))).toMatchObject({ ending: { kind: 'delegated' } });
    const slip: CriticalMove = { ...said('m6'), kind: 'mistaken', words: 'wrong key' };
    expect(step(begun, slip, at(5))).toMatchObject({ ending: { kind: 'mistaken' } });
    expect(stepCritical(step(begun, voiceMail, at(3)), slip, at(5))).toMatchObject({ error: { code: 'not-now' } });
    expect(stepCritical({ ...begun, origin: 'wrong-patient' }, slip, at(5)).ok).toBe(false);
  });
});

describe('the ladder', () => {
  it('goes from the ordering physician to a person on duty, whatever is known, with numbers from the site’s list alone', () => {
    expect(ladder.map(({ role, phone }) => [role, phone])).toEqual([
      ['ordering', null],
      ['covering', '555-0102'],
      ['desk', '555-0100'],
      ['duty', null],
    ]);
    fc.assert(
      fc.property(
        fc.option(fc.string()),
        fc.option(fc.record({ name: fc.string(), phone: fc.option(fc.string()) })),
        fc.array(
          fc.record({
            role: fc.constantFrom('desk', 'it', 'lead', 'on-call', 'x'),
            name: fc.string(),
            phone: fc.string(),
          }),
        ),
        (orderedBy, site, contacts) => {
          const made = ladderOf({ orderedBy, site, contacts });
          expect(made.at(-1)?.role).toBe('duty');
          expect(made.filter(({ role }) => role === 'duty')).toHaveLength(1);
        },
      ),
    );
  });

  it('takes a level 1 of 60 minutes on at 15, 30 and 45, each to the second, and tells of it as overdue at 60', () => {
    expect(escalationsOf(begun).map((one) => [(one.at - nine) / 1_000, one.rung?.role ?? null])).toEqual([
      [900, 'covering'],
      [1_800, 'desk'],
      [2_700, 'duty'],
      [3_600, null],
    ]);
    for (const { at: due, part } of escalationsOf(begun)) {
      const parts = (now: number) => pastEscalations(begun, instant(now)).map((one) => one.part);
      expect(parts(due - 1)).not.toContain(part);
      expect(parts(due)).toContain(part);
    }
    expect(standingOfCritical(begun, at(3_599)).state).toBe('open');
    expect(standingOfCritical(begun, at(3_600))).toMatchObject({ state: 'overdue', left: 0, next: null });
  });

  it('reaches a person on duty with time left and goes on to the second, whatever the limit and however short the ladder', () => {
    const rung = fc.constantFrom(...ladder.slice(0, 3));
    fc.assert(
      fc.property(
        fc.array(rung, { maxLength: 6 }),
        fc.integer({ min: 60_000, max: 30 * 86_400_000 }),
        (above, limit) => {
          const result = { ...begun, ladder: [...above, ...ladder.slice(-1)], limit: millis(limit) };
          const steps = escalationsOf(result);
          const duty = steps.find((one) => one.rung?.role === 'duty');
          expect(duty !== undefined && duty.at < criticalDue(result)).toBe(true);
          for (const one of steps) if (one.rung !== null) expect((one.at - nine) % 1_000).toBe(0);
          expect(steps.map((one) => one.at)).toEqual([...steps.map((one) => one.at)].sort((a, b) => a - b));
          expect(new Set(steps.map((one) => one.part)).size).toBe(steps.length);
        },
      ),
    );
  });

  it('once gone on stays so, and ends with the read-back', () => {
    const closed = step(begun, { ...said('m2'), kind: 'read-back', ...spokenReadBack }, at(1_700));
    expect(pastEscalations(closed, at(9_999)).map((one) => one.part)).toEqual(['rung-1']);
    expect(standingOfCritical(closed, at(9_999))).toMatchObject({ state: 'ended', next: null });
    fc.assert(
      fc.property(fc.nat(7_200), fc.nat(7_200), (one, more) => {
        const before = pastEscalations(begun, at(one)).map(({ part }) => part);
        const later = pastEscalations(begun, at(one + more)).map(({ part }) => part);
        expect(later.slice(0, before.length)).toEqual(before);
      }),
    );
  });
});

describe('whose matter it is', () => {
  const reader = (id: string, shift: OnDuty['shift'], role: OnDuty['role'] = 'radiologist'): OnDuty => ({
    id,
    name: id,
    role,
    shift,
  });
  const people = [reader('reader-1', 'on'), reader('reader-2', 'on'), reader('lead-1', 'on', 'lead')];
  const whose = (result: CriticalResult, those: readonly OnDuty[], seconds: number) =>
    [...whoHasCritical(result, those, at(seconds))].sort();

  it('is the reader’s who began it, the lead’s on duty from her rung on, and nobody’s once it is closed', () => {
    expect(whose(begun, people, 0)).toEqual(['reader-1']);
    expect(whose(begun, people, 2_699)).toEqual(['reader-1']);
    expect(whose(begun, people, 2_700)).toEqual(['lead-1', 'reader-1']);
    const closed = step(begun, { ...said('m2'), kind: 'read-back', ...spokenReadBack }, at(60));
    expect(whose(closed, people, 4_000)).toEqual([]);
  });

  it('goes to whoever takes it over, and to who is on duty where the reader has gone home', () => {
    const move: CriticalMove = { ...said('m7'), kind: 'hand-over', to: quillmoor };
    const handed = step(begun, move, at(60));
    expect([ownerOf(handed), handed.identifiedAt, handed.ending]).toEqual([quillmoor, nine, null]);
    expect(whose(handed, people, 61)).toEqual(['reader-2']);
    expect(whose(begun, [reader('reader-1', 'off'), ...people.slice(1)], 1)).toEqual(['lead-1', 'reader-1']);
  });

  it('is somebody’s at every moment until it ends, as long as the group has anybody', () => {
    const anybody = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      name: fc.constant('x'),
      role: fc.constantFrom('radiologist' as const, 'lead' as const),
      shift: fc.constantFrom('on' as const, 'off' as const, 'unsaid' as const),
    });
    fc.assert(
      fc.property(fc.array(anybody, { minLength: 1, maxLength: 6 }), fc.nat(100_000), (those, seconds) => {
        const has = whoHasCritical(begun, those, at(seconds));
        // She who began it has no account here any more: others have it at once.
        expect([...has].some((id) => those.some((one) => one.id === id))).toBe(true);
        expect(personsOnDuty(those).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('whatever is tried, in whatever order, however late and however often', () => {
  const way = fc.constantFrom(...contactWays);
  const role = fc.constantFrom(...caregiverRoles);
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const by = fc.constantFrom(tandewright, quillmoor);
  const ago = fc.integer({ min: -60_000, max: 86_400_000 }).map(millis);
  const words = fc.constantFrom('', 'pneumothorax', 'two\nlines');
  const move: fc.Arbitrary<CriticalMove> = fc.oneof(
    fc.record({ id, by, ago, kind: fc.constant('attempt' as const), rung: fc.constant(null), whom: words, way, words }),
    fc.record({
      ...{ id, by, ago, words, way, role },
      kind: fc.constant('read-back' as const),
      who: words,
      callBack: fc.constantFrom('555-0100', 'none'),
      canAct: fc.boolean(),
    }),
    fc.record({ id, by, ago, kind: fc.constant('hand-over' as const), to: by }),
    fc.record({ id, by, ago, words, kind: fc.constant('mistaken' as const) }),
    fc.record({
      ...{ id, by, ago, words },
      kind: fc.constant('delegate' as const),
      to: fc.constant({ name: 'N. Harrow', role: '', phone: '555-0108' }),
    }),
  );

  it('it ends once, level 1 only by a conversation, its clock never moves, and no attempt is lost', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...criticalLevels),
        fc.array(fc.tuple(move, fc.nat(7_200)), { maxLength: 20 }),
        (level, tries) => {
          let result: CriticalResult = { ...begun, level };
          for (const [next, seconds] of tries) {
            const before = result;
            const stepped = stepCritical(before, next, at(seconds));
            if (!stepped.ok) continue;
            result = stepped.value;
            if (before.ending !== null) expect(result.ending).toEqual(before.ending);
            for (const one of before.attempts) expect(result.attempts).toContainEqual(one);
            expect([result.identifiedAt, result.limit, result.level]).toEqual([nine, begun.limit, level]);
            for (const one of result.attempts) expect(one.at).toBeGreaterThanOrEqual(nine);
            // The same press once more changes nothing.
            expect(stepCritical(result, next, at(seconds + 9))).toEqual({ ok: true, value: result });
          }
          const { ending } = result;
          if (ending?.kind === 'closed') expect(closesLevel(level, ending.readBack)).toEqual({ closes: true });
          if (level === 1 && ending !== null && ending.kind !== 'mistaken')
            expect(ending.kind === 'closed' && isSpoken(ending.readBack.way)).toBe(true);
        },
      ),
    );
  });

  it('what was typed offline keeps the time at which it was done, and comes in also when it is closed already', () => {
    const closed = step(begun, { ...said('m2'), kind: 'read-back', ...spokenReadBack }, at(600));
    const late = step(closed, { ...voiceMail, ago: minutes(15) }, at(1_200));
    expect(late.attempts).toMatchObject([{ at: at(300), recordedAt: at(1_200) }]);
    const second = step(
      closed,
      { ...said('m8'), kind: 'read-back', ...spokenReadBack, who: 'Dr P. Ashgrove' },
      at(1_200),
    );
    expect([second.ending, second.attempts[0]?.whom]).toEqual([closed.ending, 'Dr P. Ashgrove']);
  });
});

describe('what the report says of it', () => {
  const told = step(
    step(begun, { ...voiceMail, words: 'Asked to call\nback.' }, at(300)),
    { ...said('m2'), kind: 'read-back', ...spokenReadBack },
    at(720),
  );

  it('is each fact in a line of its own, at the site’s time, and nothing of what was begun by mistake', () => {
    expect(communicationLines([told], 'America/Phoenix')).toEqual([
      'Critical result, level 1 (within 60 min), identified 2026-11-22 02:00 MST by Dr M. Tandewright: Tension pneumothorax on the left.',
      '2026-11-22 02:05 MST: tried to reach: voice mail, Dr O. Fenwick (ordering physician), by Dr M. Tandewright. "Asked to call back."',
      '2026-11-22 02:12 MST: told by phone: Dr O. Fenwick, physician, call-back 555-0104, who read it back: "Left tension pneumothorax, needle now." Recorded by Dr M. Tandewright.',
    ]);
    const slip = step(begun, { ...said('m6'), kind: 'mistaken', words: 'wrong key' }, at(5));
    expect(communicationLines([slip], 'UTC')).toEqual([]);
  });

  it('leaves for an addendum what came after the signature, and no line that was signed', () => {
    const before = communicationLines([step(begun, voiceMail, at(300))], 'UTC');
    const signed = [{ code: '73568-8', text: before.join('\n') }];
    const now = communicationLines(
      [step(step(begun, voiceMail, at(300)), { ...said('m2'), kind: 'read-back', ...spokenReadBack }, at(720))],
      'UTC',
    );
    expect(unsaidLines(before, signed)).toEqual([]);
    expect(unsaidLines(now, signed)).toEqual(now.slice(-1));
  });
});

it('a finding is said in words, and not in more than fit', () => {
  expect(checkFinding('  ').ok).toBe(false);
  expect(checkFinding('x'.repeat(1_001)).ok).toBe(false);
  expect(checkFinding(' Free air. ')).toEqual({ ok: true, value: 'Free air.' });
  expect(criticalLevels.map((level) => limitWords(usualLimits[level]))).toEqual(['60 min', '6 h', '3 days']);
});
