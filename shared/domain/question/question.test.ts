import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import { type CallRequest, endCallRequest, isPhone } from './call-request.ts';
import {
  escalateAfter,
  lateralityOfChoice,
  type Question,
  type QuestionMove,
  questionKinds,
  questionWords,
  standingOfQuestion,
  stepQuestion,
  waited,
} from './question.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { id: 'reader-1', name: 'Dr M. Tandewright' };
const desk = { id: 'desk-1', name: 'Larkspur desk' };
const side: Question = {
  id: 'question-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'site-larkspur',
  patientReference: 'patient-1',
  kind: 'side',
  words: 'The order says left, the images say right.',
  asker: tandewright,
  askedAt: nine,
  state: { kind: 'asked' },
};
const answer = (more: Partial<Extract<QuestionMove, { kind: 'answer' }>> = {}): QuestionMove => ({
  kind: 'answer',
  by: desk,
  choice: 'right',
  words: '',
  attachment: null,
  correction: null,
  ...more,
});

describe('a question to the site', () => {
  it('is answered by one press, and that press names the side', () => {
    const answered = stepQuestion(side, answer(), timeAfter(nine, minutes(3)));
    expect(answered).toMatchObject({ ok: true, value: { state: { kind: 'answered', answer: { choice: 'right' } } } });
    expect(lateralityOfChoice('side', 'right')).toBe('R');
    expect(lateralityOfChoice('prior', 'sent')).toBe(null);
    expect(answered.ok && waited(answered.value, timeAfter(nine, minutes(60)))).toBe(minutes(3));
  });

  it('is not answered by silence, nor by a choice of another question', () => {
    expect(stepQuestion(side, answer({ choice: null, words: '  ' }), nine)).toMatchObject({
      error: { code: 'nothing-said' },
    });
    expect(stepQuestion(side, answer({ choice: 'given' }), nine)).toMatchObject({ error: { code: 'no-such-choice' } });
    expect(stepQuestion(side, answer({ choice: null, words: 'See the note' }), nine).ok).toBe(true);
  });

  it('is withdrawn with a reason only, and then needs no answer', () => {
    expect(stepQuestion(side, { kind: 'withdraw', by: tandewright, reason: ' ' }, nine)).toMatchObject({
      error: { code: 'no-reason' },
    });
    const withdrawn = stepQuestion(side, { kind: 'withdraw', by: tandewright, reason: 'seen on the scout' }, nine);
    if (!withdrawn.ok) throw new Error('refused');
    expect(stepQuestion(withdrawn.value, answer(), nine)).toMatchObject({ error: { code: 'withdrawn-already' } });
    expect(standingOfQuestion(withdrawn.value, 'stat', timeAfter(nine, minutes(500)))).toBe('withdrawn');
  });

  it.each([
    ['stat', 10],
    ['asap', 15],
    ['urgent', 30],
    ['unknown', 30],
    ['routine', 120],
  ] as const)('of a study that is %s goes to the lead after %i minutes without an answer', (priority, count) => {
    expect(standingOfQuestion(side, priority, timeAfter(nine, millis(minutes(count) - 1)))).toBe('asked');
    expect(standingOfQuestion(side, priority, timeAfter(nine, minutes(count)))).toBe('escalated');
  });

  it('can be answered when it has gone to the lead', () => {
    const late = timeAfter(nine, minutes(300));
    const answered = stepQuestion(side, answer(), late);
    expect(answered.ok && standingOfQuestion(answered.value, 'stat', late)).toBe('answered');
  });

  it('has words and different answers for every kind', () => {
    for (const kind of questionKinds) {
      const { title, asks, choices } = questionWords[kind];
      expect([title, asks].every((text) => text !== '')).toBe(true);
      expect(new Set(choices.map((one) => one.code)).size).toBe(choices.length);
    }
  });

  const move: fc.Arbitrary<QuestionMove> = fc.oneof(
    fc.record({
      kind: fc.constant('answer' as const),
      by: fc.constant(desk),
      choice: fc.constantFrom('left', 'right', 'both', 'given', null),
      words: fc.string({ maxLength: 20 }),
      attachment: fc.constant(null),
      correction: fc.constant(null),
    }),
    fc.record({
      kind: fc.constant('withdraw' as const),
      by: fc.constant(tandewright),
      reason: fc.string({ maxLength: 20 }),
    }),
  );
  const times = fc.array(fc.tuple(move, fc.integer({ min: -7_200_000, max: 86_400_000 })), { maxLength: 12 });

  it('ends once, stays as it ended, and never waits less than no time, whatever is tried and whatever the clocks say', () => {
    fc.assert(
      fc.property(fc.constantFrom(...questionKinds), times, (kind, tries) => {
        let question: Question = { ...side, kind };
        let ended: Question | null = null;
        for (const [next, offset] of tries) {
          const now = timeAfter(nine, millis(offset));
          const stepped = stepQuestion(question, next, now);
          expect(stepped.ok && ended !== null).toBe(false);
          if (stepped.ok) {
            ended = stepped.value;
            question = stepped.value;
          }
          expect(waited(question, now)).toBeGreaterThanOrEqual(0);
          if (ended !== null) expect(question).toEqual(ended);
          expect(question.words).toBe(side.words);
        }
      }),
    );
  });

  it('once escalated stays so until it ends: time alone takes nothing back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(escalateAfter)),
        fc.nat(86_400_000),
        fc.nat(86_400_000),
        (name, one, more) => {
          const priority = name as keyof typeof escalateAfter;
          if (standingOfQuestion(side, priority, timeAfter(nine, millis(one))) === 'escalated')
            expect(standingOfQuestion(side, priority, timeAfter(nine, millis(one + more)))).toBe('escalated');
        },
      ),
    );
  });
});

describe('"call me about this patient"', () => {
  const call: CallRequest = {
    id: 'call-1',
    taskId: 'task-1',
    orderId: null,
    siteId: 'site-larkspur',
    patientReference: null,
    from: desk,
    phone: '+1 555 0100',
    words: 'Surgeon waits',
    at: nine,
    done: null,
  };

  it('ends when somebody called and says what came of it, and by the first who did', () => {
    expect(endCallRequest(call, tandewright, '', nine)).toMatchObject({ error: { code: 'nothing-said' } });
    const done = endCallRequest(call, tandewright, 'Told: no fracture.', timeAfter(nine, minutes(2)));
    if (!done.ok) throw new Error('refused');
    expect(endCallRequest(done.value, tandewright, 'again', nine)).toMatchObject({ error: { code: 'done-already' } });
  });

  it.each([
    ['+1 (555) 010-0199', true],
    ['555-0100', true],
    ['ext. 4', false],
    ['call the desk', false],
    ['-------', false],
    ['', false],
  ])('the number %j can be dialled: %s', (text, can) => {
    expect(isPhone(text)).toBe(can);
  });
});
