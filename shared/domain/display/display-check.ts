import type { Instant } from '../../lib/instant.ts';
import { type ScreenFacts, screenTroubles } from './screen.ts';

/** Steps of grey between each digit of a strip and its ground, in 1/255 of the range; the last ones few screens show. */
export const digitSteps = [12, 8, 5, 3, 2, 1] as const;
/** Digits that must be read from the left for a strip to pass: down to 3 steps of 255. */
export const digitsToRead = 4;

export const strips = ['dark', 'middle', 'bright'] as const;
export type Strip = (typeof strips)[number];
/** Grey of each strip's ground, of 255; its digits are lighter, on the bright one darker. */
export const stripGrounds: Readonly<Record<Strip, number>> = { dark: 8, middle: 128, bright: 247 };

export type CheckAnswers = {
  /** What was drawn and what the reader typed. */
  readonly digits: Readonly<Record<Strip, { readonly shown: string; readonly read: string }>>;
  /** The 5% square on black and the 95% square on white are both seen. */
  readonly endSquares: boolean;
  /** Lines of one device pixel are sharp and even everywhere. */
  readonly lines: boolean;
  /** The ramps run from black to white without steps or colour. */
  readonly ramps: boolean;
};

/** One check of one screen, as it is kept. */
export type DisplayCheck = {
  readonly screen: string;
  readonly at: Instant;
  readonly by: string;
  readonly devicePixelRatio: number;
  /** Digits read from the left of each strip. */
  readonly read: Readonly<Record<Strip, number>>;
  /** What did not pass, in words; empty: it passed. */
  readonly faults: readonly string[];
};

/** How many digits from the left were read as drawn; what follows the first error counts no more. */
export function digitsRead(shown: string, read: string): number {
  const typed = [...read].filter((one) => one >= '0' && one <= '9');
  let count = 0;
  while (count < shown.length && typed[count] === shown[count]) count += 1;
  return count;
}

/** What the reader saw, judged; the system's own settings count too. */
export function judgeCheck(answers: CheckAnswers, facts: ScreenFacts): Pick<DisplayCheck, 'read' | 'faults'> {
  const read = {
    dark: digitsRead(answers.digits.dark.shown, answers.digits.dark.read),
    middle: digitsRead(answers.digits.middle.shown, answers.digits.middle.read),
    bright: digitsRead(answers.digits.bright.shown, answers.digits.bright.read),
  };
  const faults = strips.flatMap((strip) =>
    read[strip] >= digitsToRead
      ? []
      : [
          `On the ${strip} strip ${read[strip]} of ${digitsToRead} digits were read: steps of ${digitSteps[Math.min(read[strip], digitSteps.length - 1)]} in 255 are lost.`,
        ],
  );
  if (!answers.endSquares)
    faults.push('The 5% or the 95% square is not seen: the darkest or lightest greys are cut off.');
  if (!answers.lines) faults.push('Lines of one pixel are not sharp: image pixels and screen pixels are not 1 to 1.');
  if (!answers.ramps) faults.push('The ramps show steps or colour: greys are lost on the way to the screen.');
  // Fractional scaling is judged by the lines that were looked at, not by its number.
  faults.push(...screenTroubles({ ...facts, devicePixelRatio: 1 }));
  return { read, faults };
}

/** How one screen stands at `now`. */
export type DisplayStanding =
  | { readonly kind: 'never' }
  | { readonly kind: 'failed'; readonly at: Instant; readonly faults: readonly string[] }
  | { readonly kind: 'rescaled'; readonly at: Instant }
  | { readonly kind: 'overdue'; readonly at: Instant; readonly days: number; readonly every: number }
  | { readonly kind: 'checked'; readonly at: Instant; readonly days: number };

const day = 86_400_000;
/** Days after which a screen is to be checked again where a site says nothing; mammography is read on screens looked at each week. */
export const usualDays = 30;
export const usualDaysMammography = 7;

/** Days between two checks for an exam: what its site says for its modality, else ours. */
export function checkEvery(modality: string, agreed: number | undefined): number {
  return agreed ?? (modality === 'MG' ? usualDaysMammography : usualDays);
}

/** The newest check of this screen, held against what is agreed. A clock that was set back makes no check younger than none. */
export function displayStanding(
  checks: readonly DisplayCheck[],
  screen: string,
  devicePixelRatio: number,
  every: number,
  now: Instant,
): DisplayStanding {
  const newest = checks
    .filter((one) => one.screen === screen)
    .reduce<DisplayCheck | null>((found, one) => (found === null || one.at > found.at ? one : found), null);
  if (newest === null) return { kind: 'never' };
  const { at, faults } = newest;
  if (faults.length > 0) return { kind: 'failed', at, faults };
  if (Math.abs(newest.devicePixelRatio - devicePixelRatio) > 0.001) return { kind: 'rescaled', at };
  const days = Math.max(0, Math.floor((now - at) / day));
  return days >= every ? { kind: 'overdue', at, days, every } : { kind: 'checked', at, days };
}

/** A short line for the bar above; null where there is nothing to warn of. */
export function standingWords(standing: DisplayStanding): string | null {
  switch (standing.kind) {
    case 'never':
      return 'Display not checked';
    case 'failed':
      return 'Display failed its check';
    case 'rescaled':
      return 'Display scaled since its check';
    case 'overdue':
      return `Display checked ${standing.days} d ago`;
    case 'checked':
      return null;
  }
}
