import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, type Instant, instant, millis } from '../../lib/instant.ts';
import {
  codeOf,
  endLink,
  linkLasts,
  linkStanding,
  linkWords,
  mayLookAgain,
  mostWrongCodes,
  type PhysicianLink,
  pressOpen,
  spokenCode,
  typedCode,
  viewLasts,
  withShown,
} from './index.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const later = (milliseconds: number): Instant => after(nine, millis(milliseconds));
const fresh: PhysicianLink = {
  id: 'link-1',
  taskId: 'task-1',
  reportId: 'report-1',
  version: 1,
  madeBy: { id: 'reader-1', name: 'Dr M. Tandewright' },
  madeAt: nine,
  recipient: 'Dr O. Farrow',
  expiresAt: after(nine, linkLasts),
  codeMark: 'right',
  wrongCodes: 0,
  opening: null,
  shown: [],
  ended: null,
};
const right = { codeMark: 'right', pressMark: 'press-1' };
const wrong = { codeMark: 'wrong', pressMark: 'press-2' };

describe('a link to the ordering physician’s page', () => {
  it('is opened once by its code; the same press is answered again, another press is not', () => {
    const { link, answer } = pressOpen(fresh, right, nine);
    expect(answer).toBe('open');
    expect(linkStanding(link, nine)).toBe('opened');
    expect(pressOpen(link, right, later(1_000))).toEqual({ link, answer: 'again' });
    expect(pressOpen(link, { ...right, pressMark: 'press-9' }, later(1_000)).answer).toBe('used');
    expect(mayLookAgain(link, 'press-1', later(1_000))).toBe(true);
    expect(mayLookAgain(link, 'press-9', later(1_000))).toBe(false);
  });

  it('may be looked at for half an hour after it was opened, and not a moment longer', () => {
    const { link } = pressOpen(fresh, right, nine);
    expect(mayLookAgain(link, 'press-1', later(viewLasts - 1))).toBe(true);
    expect(mayLookAgain(link, 'press-1', later(viewLasts))).toBe(false);
    expect(pressOpen(link, right, later(viewLasts)).answer).toBe('used');
  });

  it('expires to the moment, and says so only to who has the code', () => {
    expect(pressOpen(fresh, right, later(linkLasts - 1)).answer).toBe('open');
    expect(pressOpen(fresh, right, later(linkLasts)).answer).toBe('expired');
    expect(pressOpen(fresh, wrong, later(linkLasts)).answer).toBe('refused');
  });

  it('is locked by five wrong codes, also for the right one', () => {
    let link = fresh;
    for (let guess = 0; guess < mostWrongCodes; guess += 1) link = pressOpen(link, wrong, nine).link;
    expect(linkStanding(link, nine)).toBe('locked');
    expect(pressOpen(link, right, nine)).toEqual({ link, answer: 'refused' });
  });

  it('stays with who opened it, whatever codes others try afterwards', () => {
    let { link } = pressOpen(fresh, right, nine);
    for (let guess = 0; guess < 9; guess += 1) link = pressOpen(link, wrong, nine).link;
    expect(link.wrongCodes).toBe(mostWrongCodes);
    expect(pressOpen(link, right, later(1_000)).answer).toBe('again');
  });

  it('that is ended shows nothing more, opened or not', () => {
    expect(pressOpen(endLink(fresh, 'Dr M. Tandewright', nine), right, nine).answer).toBe('ended');
    const opened = endLink(pressOpen(fresh, right, nine).link, 'Dr M. Tandewright', nine);
    expect(pressOpen(opened, right, later(1)).answer).toBe('ended');
    expect(mayLookAgain(opened, 'press-1', later(1))).toBe(false);
  });

  it('notes each version that was put before the person, once', () => {
    const first = withShown(fresh, [{ version: 1, digest: 'a' }], nine);
    expect(withShown(first, [{ version: 1, digest: 'a' }], later(5))).toBe(first);
    const both = withShown(first, [{ version: 2, digest: 'b' }], later(9));
    expect(both.shown).toEqual([
      { version: 1, digest: 'a', at: nine },
      { version: 2, digest: 'b', at: later(9) },
    ]);
  });

  it.each([
    [fresh, 'waits for its code'],
    [{ ...fresh, wrongCodes: 1 }, 'waits for its code; 1 wrong code so far'],
    [{ ...fresh, wrongCodes: 5 }, 'locked after 5 wrong codes'],
    [{ ...fresh, expiresAt: nine }, 'not opened; it has expired'],
    [pressOpen(fresh, right, nine).link, 'opened (a person)'],
    [endLink(fresh, 'x', nine), 'ended before it was opened'],
  ])('is told in words', (link, words) => {
    expect(linkWords(link, nine)).toBe(words);
  });

  it('is never opened by a wrong code, never twice by two presses, never out of time, whatever is tried in which order', () => {
    const attempt = fc.record({
      code: fc.constantFrom('right', 'wrong', 'other'),
      press: fc.constantFrom('p1', 'p2', 'p3'),
      wait: fc.nat(30 * 3_600_000),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 30 }), (attempts) => {
        let link = fresh;
        let now = nine;
        let wrongBefore = 0;
        const openers = new Set<string>();
        for (const { code, press, wait } of attempts) {
          now = after(now, millis(wait));
          const done = pressOpen(link, { codeMark: code, pressMark: press }, now);
          if (done.answer === 'open' || done.answer === 'again') {
            expect(code).toBe('right');
            openers.add(press);
          }
          if (done.answer === 'open') {
            expect(now).toBeLessThan(fresh.expiresAt);
            expect(wrongBefore).toBeLessThan(mostWrongCodes);
          }
          if (code !== 'right') {
            expect(done.answer).toBe('refused');
            wrongBefore += 1;
          }
          link = done.link;
        }
        expect(openers.size).toBeLessThanOrEqual(1);
        expect(link.wrongCodes).toBeLessThanOrEqual(mostWrongCodes);
      }),
    );
  });
});

describe('a code', () => {
  it('is taken however it was typed, and nothing else is', () => {
    for (const text of ['48210937', '4821 0937', ' 4821-0937 ', '48 21 09 37'])
      expect(typedCode(text)).toBe('48210937');
    for (const text of ['', '4821093', '482109370', '4821o937', '４８２１０９３７']) expect(typedCode(text)).toBeNull();
    expect(spokenCode('48210937')).toBe('4821 0937');
  });

  it('has eight digits, each code as likely as another', () => {
    expect(codeOf(new Uint8Array([0, 0, 0, 7]))).toBe('00000007');
    // 4 200 000 000 and above would make the low codes likelier.
    expect(codeOf(new Uint8Array([0xff, 0xff, 0xff, 0xff]))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const code = codeOf(bytes);
        if (code !== null) expect(typedCode(code)).toBe(code);
      }),
    );
  });
});
