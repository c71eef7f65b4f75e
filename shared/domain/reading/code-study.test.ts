import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';
import {
  type CodePerson,
  codeCall,
  codeConditionOf,
  codeEscalatesAfter,
  codeLevel,
  codeLevelDue,
} from './code-study.ts';

describe('a code study', () => {
  it.each([
    ['stat', 'Code stroke: left weakness since 01:20', 'stroke'],
    ['stat', 'STROKE ALERT, last seen well 0100', 'stroke'],
    ['stat', 'trauma level 1, ejected', 'trauma'],
    ['stat', 'Fall. ?stroke', 'stroke'],
    ['stat', 'Headache, history of stroke 2019', null],
    ['stat', 'Traumatic amputation in 1999', null],
    ['stat', '', null],
    ['urgent', 'Code stroke', null],
    ['unknown', 'Code stroke', null],
  ] as const)('%s, %j: %j', (priority, reason, condition) => {
    expect(codeConditionOf({ priority, reason, procedure: 'CT head' }, [])).toBe(condition);
  });

  const larkspur = [
    { name: 'Stroke', words: ['stroke', 'code stroke', 'lvo'] },
    { name: 'Aorta', words: ['aortic dissection', 'code aorta'] },
  ];
  it.each([
    ['Left weakness, LVO?', 'CTA head and neck', 'Stroke'],
    ['Chest pain', 'CT aortic  dissection protocol', 'Aorta'],
    ['Tearing pain, code aorta', 'CT chest', 'Aorta'],
    ['Trauma alert', 'CT head', null],
    ['Headache, history of stroke 2019', 'CT head', null],
    ['s/p stroke 2011, fall. No stroke.', 'CT head', null],
    ['Heat strokes', 'CT head', null],
    ['history of stroke 2019, now new stroke', 'CT head', 'Stroke'],
  ])('at a site that lists its own: %j, %j: %j', (reason, procedure, condition) => {
    expect(codeConditionOf({ priority: 'stat', reason, procedure }, larkspur)).toBe(condition);
    expect(codeConditionOf({ priority: 'urgent', reason, procedure }, larkspur)).toBeNull();
  });

  it('takes a site’s words as words and not as a pattern', () => {
    expect(
      codeConditionOf({ priority: 'stat', reason: 'any', procedure: '' }, [{ name: 'x', words: ['.*', ' '] }]),
    ).toBe(null);
    const listed = fc.array(fc.record({ name: fc.string(), words: fc.array(fc.string(), { maxLength: 3 }) }));
    fc.assert(
      fc.property(fc.string(), fc.string(), listed, (reason, procedure, codes) => {
        const found = codeConditionOf({ priority: 'stat', reason, procedure }, codes);
        if (found === null || codes.length === 0) return;
        const words = codes.filter((one) => one.name === found).flatMap((one) => one.words);
        const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();
        const text = `${plain(reason)}\n${plain(procedure)}`;
        expect(words.some((word) => word.trim() !== '' && text.includes(plain(word)))).toBe(true);
      }),
    );
  });
});

const raisedAt = instant(Date.UTC(2026, 10, 22, 9));
const person = (id: string, change: Partial<CodePerson> = {}): CodePerson => ({
  ...{ id: id as ReaderId, lead: false, eligible: true, present: true, shift: 'unsaid' },
  ...change,
});
const anyone: fc.Arbitrary<readonly CodePerson[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f').map((id) => id as ReaderId),
    lead: fc.boolean(),
    eligible: fc.boolean(),
    present: fc.boolean(),
    shift: fc.constantFrom('on', 'off', 'unsaid'),
  }),
  { selector: (one) => one.id },
);
const due = (count: number) =>
  codeLevelDue({ raisedAt, now: timeAfter(raisedAt, minutes(count)), escalateAfter: codeEscalatesAfter });
const at = (people: readonly CodePerson[], count: number, ended = false) =>
  codeCall({ level: due(count), ended, people });

describe('who is told of a code', () => {
  it('first one reader who may read it and is there, after two minutes the next one and the lead', () => {
    const people = [
      person('c'),
      person('a', { present: false }),
      person('b'),
      person('lead', { lead: true, eligible: false }),
    ];
    expect(at(people, 0)).toEqual({ level: 0, told: ['b'] });
    expect(at(people, 1.9).told).toEqual(['b']);
    expect(at(people, 2)).toEqual({ level: 1, told: ['b', 'c', 'lead'] });
  });

  it('one on shift before one who is there all the same; of those away the one on shift and the lead, then all who may', () => {
    const off = { shift: 'off' } as const;
    expect(at([person('a', off), person('b', { shift: 'on' })], 0).told).toEqual(['b']);
    const away = [
      person('a', { present: false, ...off }),
      person('b', { present: false, shift: 'on' }),
      person('lead', { lead: true, present: false, eligible: false }),
    ];
    expect(at(away, 0).told).toEqual(['b', 'lead']);
    expect(at(away, 2).told).toEqual(['b', 'a', 'lead']);
  });

  it('at the level that was escalated, and one span behind the time where no host could', () => {
    expect([codeLevel(0, 0), codeLevel(1, 0), codeLevel(1, 1), codeLevel(3, 1), codeLevel(1, 3)]).toEqual([
      0, 0, 1, 2, 1,
    ]);
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (spans, escalated) => {
        const level = codeLevel(spans, escalated);
        expect(level).toBeLessThanOrEqual(spans);
        expect(level).toBeGreaterThanOrEqual(spans - 1);
        expect(codeLevel(spans + 1, escalated)).toBeGreaterThanOrEqual(level);
        expect(codeLevel(spans, escalated + 1)).toBeGreaterThanOrEqual(level);
      }),
    );
  });

  it('nobody any more once it is acknowledged or taken', () => {
    expect(at([person('a')], 30, true).told).toEqual([]);
  });

  it('everybody who may and the leads at once, where no reader who may is there; who is there at all, where those are away', () => {
    const away = [person('a', { present: false }), person('lead', { lead: true, present: false })];
    expect(at([...away, person('x', { eligible: false })], 0).told).toEqual(['a', 'x', 'lead']);
    expect(at(away, 0).told).toEqual(['a', 'lead']);
  });

  it('never only people who are away while somebody is there, and never nobody while somebody could be told', () => {
    fc.assert(
      fc.property(anyone, fc.integer({ min: -5, max: 30 }), (people, count) => {
        const { told } = at(people, count);
        if (people.some((one) => one.present))
          expect(told.some((id) => people.find((one) => one.id === id)?.present)).toBe(true);
        if (people.some((one) => one.eligible || one.lead)) expect(told.length).toBeGreaterThan(0);
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });

  it('a circle that only grows with time, the same whatever order people are named in', () => {
    fc.assert(
      fc.property(anyone, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (people, count, more) => {
        const first = at(people, count).told;
        const second = at(people, count + more).told;
        for (const id of first) expect(second).toContain(id);
        expect(at([...people].reverse(), count)).toEqual(at(people, count));
        if (count >= 2) for (const one of people) if (one.lead) expect(first).toContain(one.id);
      }),
    );
  });
});
