import { type Delivery, isArrived } from '../delivery/index.ts';

/** What follows a withdrawal beside its way to the receivers. */
export const withdrawalSteps = [
  'exam-again',
  /** A level 1 call to this patient's physician is begun; it escalates and ends by its own rules. */
  'physician-call',
  'right-physician-call',
  'lead-told',
  'site-told',
  'right-site-told',
  'right-report',
] as const;
export type WithdrawalStep = (typeof withdrawalSteps)[number];
export type StepStanding = {
  readonly step: WithdrawalStep;
  /** `not-needed`: there is nobody to tell, or nothing to read again. */
  readonly state: 'open' | 'done' | 'not-needed';
};

export type WithdrawalStanding = {
  /** Channels that have not the withdrawal yet, by name. */
  readonly missing: readonly string[];
  /** Steps that are still open, the right report not counted: that is another exam's reading, with its own clock. */
  readonly open: readonly WithdrawalStep[];
  readonly finished: boolean;
  /** "Withdrawn everywhere" or "Not withdrawn yet at: HL7 results, Larkspur". */
  readonly words: string;
};

/**
 * How far a withdrawal has come. It is finished only when every receiver has it; a list of channels that is not known is no receiver
 * that has it.
 */
export function withdrawalStanding(
  released: boolean,
  channels: readonly Pick<Delivery, 'name' | 'state' | 'channel'>[],
  steps: readonly StepStanding[],
): WithdrawalStanding {
  const missing = channels.filter((one) => !isArrived(one)).map(({ name }) => name);
  const open = steps.filter((one) => one.state === 'open' && one.step !== 'right-report').map(({ step }) => step);
  const everywhere = released && channels.length > 0 && missing.length === 0;
  const words = !released
    ? 'Signed, not released: no receiver has the withdrawal yet'
    : missing.length > 0
      ? `Not withdrawn yet at: ${missing.join(', ')}`
      : channels.length === 0
        ? 'Not known which receivers have the withdrawal'
        : 'Withdrawn at every receiver';
  return { missing, open, finished: everywhere && open.length === 0, words };
}
