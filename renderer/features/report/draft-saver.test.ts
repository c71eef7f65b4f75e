import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Draft, draftFrom } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { createDraftSaver, type DraftPlaces, type SaverClock, type SaveTrouble, saverTimes } from './draft-saver.ts';
import { chooseDraft } from './draft-words.ts';

/** A clock that stands until it is told to run; promises settle between its ticks. */
function virtualClock() {
  let now = 1_000_000;
  let number = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const clock: SaverClock = {
    now: () => instant(now),
    after: (milliseconds, run) => {
      number += 1;
      const own = number;
      timers.set(own, { at: now + milliseconds, run });
      return () => timers.delete(own);
    },
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  };
  const run = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    await settle();
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (due === undefined) break;
      timers.delete(due[0]);
      now = Math.max(now, due[1].at);
      due[1].run();
      await settle();
    }
    now = end;
  };
  return { clock, run, settle };
}

/** How one attempt fares. The write happens half way, the answer at the end; `lost` writes and answers with a failure. */
type Fate = { readonly delay: number; readonly outcome: 'kept' | 'refused' | 'lost' | 'hangs' | 'throws' };

/** A durable place as both of ours are: it never takes an older revision over a newer one. */
function place(clock: SaverClock, fates: () => Fate, equalIsStale: boolean) {
  const held: { draft: Draft | null; attempts: number } = { draft: null, attempts: 0 };
  const save = (draft: Draft): Promise<Result<unknown, SaveTrouble>> => {
    held.attempts += 1;
    const { delay, outcome } = fates();
    return new Promise((resolve, reject) => {
      clock.after(delay / 2, () => {
        if (outcome === 'refused' || outcome === 'throws') return;
        const stored = held.draft?.revision ?? -1;
        const stale = equalIsStale ? draft.revision <= stored : draft.revision < stored;
        if (!stale) held.draft = draft;
        clock.after(delay / 2, () => {
          if (stale) resolve(err({ code: 'stale', message: 'newer words' }));
          else if (outcome === 'kept') resolve(ok(undefined));
          else if (outcome === 'lost') resolve(err({ code: 'failed', message: 'no answer' }));
        });
      });
      clock.after(delay, () => {
        if (outcome === 'refused') resolve(err({ code: 'failed', message: 'disk full' }));
        if (outcome === 'throws') reject(new Error('gone'));
      });
    });
  };
  return { held, save };
}

const empty = draftFrom(
  { clinicalInformation: 'Cough', technique: '', comparison: '' },
  { taskId: 'task-1', studyUid: '1.2.3', readerId: 'reader-1', now: instant(0) },
);
const findings = (draft: Draft): string => draft.sections['59776-5'];
const write =
  (text: string) =>
  (draft: Draft): Draft => ({ ...draft, sections: { ...draft.sections, '59776-5': findings(draft) + text } });
const good = (): Fate => ({ delay: 10, outcome: 'kept' });

function house(localFates: () => Fate = good, hostFates: () => Fate = good, draft: Draft = empty) {
  const { clock, run, settle } = virtualClock();
  const local = place(clock, localFates, false);
  const host = place(clock, hostFates, true);
  const places: DraftPlaces = { saveLocal: local.save, saveHost: host.save };
  const saver = createDraftSaver({ draft, known: { local: null, host: null }, places, clock });
  return { saver, clock, run, settle, local, host };
}

describe('a draft on its way to both places', () => {
  test('an opened draft that nobody touched is not sent anywhere', async () => {
    const { saver, run, local, host } = house();
    await run(10_000);
    expect(saver.state.getState().standing).toBe('untouched');
    expect(local.held.attempts + host.held.attempts).toBe(0);
    expect(await saver.flush()).toBe(true);
  });

  test('it is saved after a pause in typing, with a revision one above the last', async () => {
    const { saver, run, local, host } = house();
    saver.edit(write('No effusion.'));
    await run(saverTimes.debounce - 1);
    expect(host.held.attempts).toBe(0);
    expect(saver.state.getState().standing).toBe('draft');
    await run(30);
    expect(saver.state.getState().standing).toBe('saved');
    expect([local.held.draft?.revision, host.held.draft?.revision]).toEqual([1, 1]);
    saver.edit(write(' No nodule.'));
    expect(saver.state.getState().standing).toBe('draft');
    await run(1_000);
    expect(host.held.draft?.revision).toBe(2);
    expect(findings(host.held.draft ?? empty)).toBe('No effusion. No nodule.');
  });

  test('typing without a pause is never more than a second ahead of the two places', async () => {
    const { saver, run, host } = house();
    for (let second = 0; second < 60; second += 1) {
      saver.edit(write('x'));
      await run(100);
      const behind = findings(saver.state.getState().draft).length - findings(host.held.draft ?? empty).length;
      expect(behind).toBeLessThanOrEqual(11);
    }
  });

  test('"Saving" is said only after 300 ms', async () => {
    const { saver, run } = house(good, () => ({ delay: 900, outcome: 'kept' }));
    saver.edit(write('x'));
    await run(saverTimes.debounce + 299);
    expect(saver.state.getState().standing).toBe('draft');
    await run(2);
    expect(saver.state.getState().standing).toBe('saving');
    await run(900);
    expect(saver.state.getState().standing).toBe('saved');
  });

  test('a host that is away: "this machine only" stays until it is true no more', async () => {
    let away = true;
    const { saver, run, local } = house(good, () => ({ delay: 20, outcome: away ? 'refused' : 'kept' }));
    saver.edit(write('x'));
    await run(500);
    expect(saver.state.getState()).toMatchObject({
      standing: 'not-saved',
      localTrouble: null,
      hostTrouble: 'disk full',
    });
    expect(findings(local.held.draft ?? empty)).toBe('x');
    for (let at = 0; at < 40; at += 1) {
      await run(500);
      expect(saver.state.getState().standing).toBe('not-saved');
    }
    away = false;
    await run(9_000);
    expect(saver.state.getState()).toMatchObject({ standing: 'saved', hostTrouble: null });
  });

  test('a place that never answers is a failure after the deadline, and is tried again', async () => {
    let hangs = true;
    const { saver, run, host } = house(good, () => ({ delay: 20, outcome: hangs ? 'hangs' : 'kept' }));
    saver.edit(write('x'));
    await run(saverTimes.debounce + saverTimes.deadline + 5);
    expect(saver.state.getState().standing).toBe('not-saved');
    hangs = false;
    await run(9_000);
    expect(saver.state.getState().standing).toBe('saved');
    expect(host.held.attempts).toBeGreaterThan(1);
  });

  test('newer words elsewhere: nothing is overwritten, the words stay, and no further attempt is made', async () => {
    const { saver, run, host, local } = house();
    const newer = { ...write('from another window')(empty), revision: 7 };
    host.held.draft = newer;
    saver.edit(write('mine'));
    const flushed = saver.flush();
    await run(2_000);
    expect(await flushed).toBe(false);
    expect(saver.state.getState().standing).toBe('stale');
    expect(findings(saver.state.getState().draft)).toBe('mine');
    expect(host.held.draft).toBe(newer);
    const attempts = host.held.attempts + local.held.attempts;
    saver.edit(write(' more'));
    await run(20_000);
    expect(host.held.draft).toBe(newer);
    expect(host.held.attempts + local.held.attempts).toBe(attempts);
  });

  test('a flush answers true only when both places have the words, and at once when nothing is to be sent', async () => {
    const { saver, run, local, host } = house();
    saver.edit(write('x'));
    const flushed = saver.flush();
    await run(30);
    expect(await flushed).toBe(true);
    expect(findings(local.held.draft ?? empty) + findings(host.held.draft ?? empty)).toBe('xx');
    expect(await saver.flush()).toBe(true);
    expect(host.held.attempts).toBe(1);
  });

  test('a draft that only one place holds is sent to the other without a touch', async () => {
    const { clock, run } = virtualClock();
    const local = place(clock, good, false);
    const host = place(clock, good, true);
    const draft = { ...write('only here')(empty), revision: 4 };
    local.held.draft = draft;
    const saver = createDraftSaver({
      draft,
      known: { local: 4, host: 3 },
      places: { saveLocal: local.save, saveHost: host.save },
      clock,
    });
    expect(saver.state.getState().standing).toBe('draft');
    await run(100);
    expect(saver.state.getState().standing).toBe('saved');
    expect(host.held.draft).toMatchObject({ revision: 5, sections: draft.sections });
  });

  test('what the draft is for is no word: turning an empty one to an addendum sends nothing', async () => {
    const { saver, run, host } = house();
    saver.turnTo('addendum');
    await run(3_000);
    expect([saver.state.getState().draft.kind, host.held.attempts]).toEqual(['addendum', 0]);
  });
});

const fate: fc.Arbitrary<Fate> = fc.record({
  delay: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 9_000 })),
  outcome: fc.oneof(
    { weight: 5, arbitrary: fc.constant('kept' as const) },
    { weight: 1, arbitrary: fc.constantFrom('refused' as const, 'lost' as const, 'hangs' as const, 'throws' as const) },
  ),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), wait: fc.integer({ min: 0, max: 1_500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), wait: fc.integer({ min: 0, max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const), wait: fc.integer({ min: 0, max: 9_000 }) }) },
);

test('under any delays, losses and reorderings "Saved" never shows with a copy missing, and no acknowledged word is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fate),
      fc.infiniteStream(fate),
      async (steps, localFates, hostFates) => {
        let healed = false;
        const from = (stream: fc.Stream<Fate>) => (): Fate => (healed ? good() : (stream.next().value ?? good()));
        const { saver, run, local, host } = house(from(localFates), from(hostFates));
        let acknowledged = '';
        const look = (): void => {
          const { standing, draft } = saver.state.getState();
          expect(standing).not.toBe('stale');
          if (standing !== 'saved') return;
          for (const one of [local.held.draft, host.held.draft]) {
            expect(one?.revision).toBe(draft.revision);
            expect(findings(one ?? empty)).toBe(findings(draft));
          }
          acknowledged = findings(draft);
        };
        saver.state.subscribe(look);
        let flushes = 0;
        const broken: string[] = [];
        for (const [at, one] of steps.entries()) {
          if (one.do === 'type') saver.edit(write(String.fromCharCode(97 + (at % 26))));
          if (one.do === 'flush') {
            const asked = findings(saver.state.getState().draft);
            flushes += 1;
            void saver.flush().then((saved) => {
              flushes -= 1;
              if (!saved) return;
              for (const kept of [local.held.draft, host.held.draft]) {
                if (!findings(kept ?? empty).startsWith(asked)) broken.push(asked);
              }
              if (asked.length > acknowledged.length) acknowledged = asked;
            });
          }
          await run(one.wait);
          look();
          // The process could be killed here: what comes back holds every acknowledged word.
          const back = chooseDraft(local.held.draft === null ? [] : [local.held.draft], host.held.draft, 0).draft;
          expect(findings(back ?? empty).startsWith(acknowledged)).toBe(true);
        }
        healed = true;
        await run(60_000);
        look();
        const end = saver.state.getState();
        expect(flushes).toBe(0);
        expect(broken).toEqual([]);
        expect(end.standing).toBe(steps.some((one) => one.do === 'type') ? 'saved' : 'untouched');
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

test('a window that is closed while it saves still brings its last words to both places when these answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 5_000 }), async (pause, delay) => {
      const { saver, run, local, host } = house(
        () => ({ delay: 30, outcome: 'kept' }),
        () => ({ delay, outcome: 'kept' }),
      );
      saver.edit(write('first '));
      await run(pause);
      saver.edit(write('last'));
      const closed = saver.close();
      await run(12_000);
      expect(await closed).toBe(true);
      expect(findings(local.held.draft ?? empty)).toBe('first last');
      expect(findings(host.held.draft ?? empty)).toBe('first last');
    }),
    { numRuns: 60 },
  );
});
