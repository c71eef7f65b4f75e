import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answerGoodFor,
  ask,
  type Following,
  farewell,
  followedView,
  hear,
  type MainSays,
  nothingHeard,
  type Telling,
} from './follow-main.ts';

const caseOf = (epoch: number): MainSays => ({ kind: 'case', epoch });
const told = (says: MainSays, answers: number | null, turn = 1, main = 'a'): Telling => ({ main, turn, answers, says });

describe('an image window', () => {
  test('shows a case only after an answer to its own question', () => {
    expect(followedView(hear(nothingHeard, told(caseOf(1), null), 5), 5)).toEqual({ show: 'empty', why: 'silent' });
    expect(followedView(hear(nothingHeard, told(caseOf(1), 9), 5), 5)).toEqual({ show: 'empty', why: 'silent' });
    const asked = ask(nothingHeard, 1, 0);
    expect(followedView(hear(asked, told(caseOf(1), 1), 5), 5)).toEqual({ show: 'images', main: 'a', epoch: 1 });
  });

  test('covers its images when the reading window is silent, and drops them when it stays so', () => {
    const shown = hear(ask(nothingHeard, 1, 0), told(caseOf(1), 1), 5);
    expect(followedView(shown, answerGoodFor)).toMatchObject({ show: 'images' });
    expect(followedView(shown, answerGoodFor + 1)).toMatchObject({ show: 'covered', why: 'silent' });
    expect(followedView(shown, 60_000)).toEqual({ show: 'empty', why: 'silent' });
    const again = hear(ask(shown, 2, 5_000), told(caseOf(1), 2), 5_010);
    expect(followedView(again, 5_020)).toMatchObject({ show: 'images', epoch: 1 });
  });

  test('is empty once between one case and the next, and images come back only by asking', () => {
    const shown = hear(ask(nothingHeard, 1, 0), told(caseOf(1), 1), 5);
    const asked = ask(shown, 2, 10);
    const first = hear(asked, told(caseOf(2), 2, 2), 12);
    expect(followedView(first, 12)).toEqual({ show: 'empty', why: 'changing' });
    expect(followedView(hear(first, told(caseOf(2), null, 2), 13), 13)).toEqual({ show: 'empty', why: 'changing' });
    const second = hear(ask(first, 3, 14), told(caseOf(2), 3, 2), 15);
    expect(followedView(second, 15)).toEqual({ show: 'images', main: 'a', epoch: 2 });
    expect(followedView(hear(second, told(caseOf(1), 1, 1), 16), 16)).toMatchObject({ epoch: 2 });
  });

  test('is covered while the screen is locked, and stays so until it is told otherwise on asking', () => {
    const shown = hear(ask(nothingHeard, 1, 0), told(caseOf(1), 1), 5);
    const locked = hear(shown, told({ kind: 'locked', epoch: 1 }, null, 2), 6);
    expect(followedView(locked, 6)).toEqual({ show: 'covered', main: 'a', epoch: 1, why: 'locked' });
    const pushed = hear(locked, told(caseOf(1), null, 3), 7);
    expect(followedView(pushed, 7)).toMatchObject({ show: 'covered', why: 'locked' });
    expect(followedView(hear(ask(pushed, 2, 8), told(caseOf(1), 2, 3), 9), 9)).toMatchObject({ show: 'images' });
  });

  test('shows nothing while two reading windows answer, and goes on with the one that is left', () => {
    const one = hear(ask(nothingHeard, 1, 0), told(caseOf(1), 1), 5);
    const two = hear(ask(one, 2, 10), told(caseOf(2), 2, 1, 'b'), 12);
    expect(followedView(two, 12)).toEqual({ show: 'empty', why: 'several' });
    expect(followedView(farewell(two, 'a'), 12)).toEqual({ show: 'images', main: 'b', epoch: 2 });
  });
});

/** One reading window among those that there are: what it says at which time. */
type Main = { readonly name: string; turn: number; says: MainSays; readonly history: { at: number; says: MainSays }[] };

const says = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }).map(caseOf) },
  { weight: 1, arbitrary: fc.constant<MainSays>({ kind: 'no-case' }) },
  { weight: 1, arbitrary: fc.constant<MainSays>({ kind: 'opening' }) },
  { weight: 1, arbitrary: fc.constant<MainSays>({ kind: 'locked', epoch: 1 }) },
);
const delay = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6_000 }));
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), copies: fc.array(delay, { maxLength: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('change' as const), says, copies: fc.array(delay, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const), says, heard: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('second' as const), says }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), by: fc.integer({ min: 0, max: 900 }) }) },
);

test('no history of messages shows a case that no reading window had within the bound, and never two that answer', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), (steps) => {
      let now = 1_000;
      let state: Following = nothingHeard;
      let names = 0;
      let questions = 0;
      const birth = (first: MainSays): Main => ({
        name: `main-${++names}`,
        turn: 1,
        says: first,
        history: [{ at: now, says: first }],
      });
      let alive: Main[] = [birth({ kind: 'no-case' })];
      const ever = [...alive];
      /** On their way: the message, and when it comes. */
      let underWay: { at: number; telling?: Telling; farewell?: string }[] = [];
      let shownBefore: string | null = null;

      const look = (): void => {
        const view = followedView(state, now);
        const shown = view.show === 'images' ? `${view.main}|${view.epoch}` : null;
        if (view.show === 'images') {
          const main = ever.find((one) => one.name === view.main);
          // Some stretch of its saying so reaches into the last `answerGoodFor` milliseconds.
          const had = (main?.history ?? []).some(({ says: one, at }, index, all) => {
            const until = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
            return one.kind === 'case' && one.epoch === view.epoch && at <= now && until >= now - answerGoodFor;
          });
          expect(had).toBe(true);
        }
        // Never from one case to another without an empty screen between.
        if (shown !== null && shownBefore !== null) expect(shown).toBe(shownBefore);
        shownBefore = shown;
      };
      const deliver = (until: number): void => {
        for (;;) {
          const next = underWay.filter((one) => one.at <= until).sort((one, other) => one.at - other.at)[0];
          if (next === undefined) break;
          underWay = underWay.filter((one) => one !== next);
          now = Math.max(now, next.at);
          look();
          if (next.telling !== undefined) state = hear(state, next.telling, now);
          if (next.farewell !== undefined) state = farewell(state, next.farewell);
          look();
        }
        now = until;
        look();
      };
      const send = (main: Main, answers: number | null, copies: readonly number[]): void => {
        for (const late of copies)
          underWay.push({ at: now + late, telling: { main: main.name, turn: main.turn, answers, says: main.says } });
      };
      for (const one of steps) {
        if (one.do === 'wait') deliver(now + one.by);
        else if (one.do === 'ask') {
          questions += 1;
          state = ask(state, questions, now);
          for (const main of alive) send(main, questions, one.copies);
        } else if (one.do === 'change') {
          const [main] = alive;
          if (main === undefined) continue;
          main.turn += 1;
          main.says = one.says;
          main.history.push({ at: now, says: one.says });
          send(main, null, one.copies);
        } else if (one.do === 'second') {
          if (alive.length > 1) continue;
          const second = birth(one.says);
          alive.push(second);
          ever.push(second);
        } else {
          const [gone, ...rest] = alive;
          gone?.history.push({ at: now, says: { kind: 'no-case' } });
          if (one.do === 'reload' && gone !== undefined && one.heard)
            underWay.push({ at: now + 1, farewell: gone.name });
          alive = rest;
          if (one.do === 'reload') {
            const again = birth(one.says);
            alive.push(again);
            ever.push(again);
          }
        }
        deliver(now);
      }
      // After every one is silent nothing is left on screen.
      alive = [];
      underWay = [];
      deliver(now + answerGoodFor + 1);
      expect(followedView(state, now).show).not.toBe('images');
    }),
    { numRuns: 2_000 },
  );
});

test('on a line that loses nothing the case of the reading window is on screen after two questions', () => {
  fc.assert(
    fc.property(fc.array(says, { minLength: 1, maxLength: 12 }), (all) => {
      let state = nothingHeard;
      let now = 0;
      let question = 0;
      for (const [index, one] of all.entries()) {
        state = hear(state, told(one, null, index + 1), now);
        for (let times = 0; times < 2; times += 1) {
          now += 20;
          question += 1;
          state = hear(ask(state, question, now), told(one, question, index + 1), now + 5);
        }
        const view = followedView(state, now + 5);
        if (one.kind === 'case') expect(view).toEqual({ show: 'images', main: 'a', epoch: one.epoch });
        else expect(view.show).not.toBe('images');
      }
    }),
  );
});
