import type { Instant } from '../../lib/instant.ts';
import { checkEvery, type DisplayCheck, type DisplayStanding, displayStanding } from './display-check.ts';

/**
 * Where screens stand: a reader's desktop of the group, the computer that the host itself runs on, or a browser, which is known by nothing
 * but a name that it made up for itself.
 */
export type DisplayPlace =
  | { readonly kind: 'desktop'; readonly id: string }
  | { readonly kind: 'host' }
  | { readonly kind: 'browser'; readonly id: string };

/** What is kept of one place: the newest checks of its screens. */
export const mostOfScreen = 20;
export const mostScreens = 12;

const same = (one: DisplayCheck, other: DisplayCheck): boolean =>
  one.screen === other.screen && one.at === other.at && one.by === other.by;

/** The checks of one place with others added, oldest first. Told twice, a check is kept once; the oldest of too many go. */
export function withChecks(kept: readonly DisplayCheck[], added: readonly DisplayCheck[]): readonly DisplayCheck[] {
  const all: DisplayCheck[] = [];
  for (const one of [...kept, ...added]) if (!all.some((other) => same(one, other))) all.push(one);
  const newestFirst = all.toSorted((one, other) => other.at - one.at);
  const screens = [...new Set(newestFirst.map((one) => one.screen))].slice(0, mostScreens);
  return screens
    .flatMap((screen) => newestFirst.filter((one) => one.screen === screen).slice(0, mostOfScreen))
    .toSorted((one, other) => one.at - other.at);
}

/** Days between two checks by the strictest rule of any site: of screens for mammography, and of all others. */
export type StrictestRule = { readonly usual: number; readonly mammography: number };

/** `rules`: what each site agreed, by modality, `*` for all others. */
export function strictestRule(rules: readonly { readonly [modality: string]: number }[]): StrictestRule {
  const least = (days: readonly number[], usual: number): number => Math.min(...(days.length === 0 ? [usual] : days));
  return {
    usual: least(
      rules.flatMap((rule) => [
        checkEvery('', rule['*']),
        ...Object.entries(rule).flatMap(([modality, days]) => (modality === 'MG' || modality === '*' ? [] : [days])),
      ]),
      checkEvery('', undefined),
    ),
    mammography: least(
      rules.map((rule) => checkEvery('MG', rule.MG ?? rule['*'])),
      checkEvery('MG', undefined),
    ),
  };
}

/** One screen of a place: its newest check, and how it stands by the rule for mammography and by that for all else. */
export type ScreenStanding = {
  readonly newest: DisplayCheck;
  readonly count: number;
  readonly usual: DisplayStanding;
  readonly mammography: DisplayStanding;
};

/** The screens of one place, the one checked last first. */
export function screensOf(
  checks: readonly DisplayCheck[],
  rule: StrictestRule,
  now: Instant,
): readonly ScreenStanding[] {
  const newestFirst = checks.toSorted((one, other) => other.at - one.at);
  return [...new Set(newestFirst.map((one) => one.screen))].flatMap((screen) => {
    const its = newestFirst.filter((one) => one.screen === screen);
    const [newest] = its;
    if (newest === undefined) return [];
    const standing = (every: number): DisplayStanding =>
      displayStanding(its, screen, newest.devicePixelRatio, every, now);
    return [{ newest, count: its.length, usual: standing(rule.usual), mammography: standing(rule.mammography) }];
  });
}
