import { type Millis, minutes } from '../../lib/instant.ts';

/**
 * How soon somebody who can act has to know (ACR Practice Parameter for Communication of Diagnostic Imaging Findings, II.B.2, and the ACR
 * Actionable Reporting Work Group): 1 within minutes, 2 within hours, 3 within days.
 */
export const criticalLevels = [1, 2, 3] as const;
export type CriticalLevel = (typeof criticalLevels)[number];

/** Within what time each level has to be read back, from when it was identified. */
export type CriticalLimits = Readonly<Record<CriticalLevel, Millis>>;

/** Where a contract says nothing: 60 minutes, 6 hours, 3 days. */
export const usualLimits: CriticalLimits = { 1: minutes(60), 2: minutes(6 * 60), 3: minutes(3 * 24 * 60) };

/** What the contract says, else the group's own times. */
export function criticalLimits(contract: { readonly critical?: CriticalLimits }): CriticalLimits {
  return contract.critical ?? usualLimits;
}

export const levelWords: Readonly<Record<CriticalLevel, { readonly title: string; readonly closes: string }>> = {
  1: {
    title: 'Level 1, minutes',
    closes: 'Closes only with a spoken conversation with a licensed caregiver who can act.',
  },
  2: { title: 'Level 2, hours', closes: 'Closes with a spoken read-back, or one on the physician’s page.' },
  3: {
    title: 'Level 3, days',
    closes: 'Closes with a read-back, spoken or on the physician’s page, or is handed to follow-up.',
  },
};

/** "60 min", "6 h", "3 days". */
export function limitWords(limit: Millis): string {
  const whole = Math.round(limit / 60_000);
  if (whole % (24 * 60) === 0 && whole > 24 * 60) return `${whole / (24 * 60)} days`;
  return whole % 60 === 0 && whole > 60 ? `${whole / 60} h` : `${whole} min`;
}
