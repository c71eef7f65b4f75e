import type { RecordFailure } from '../../record/types.ts';

/** What became of a message. */
export type Outcome = {
  /** How the sender is answered. */
  readonly code: 'AA' | 'AE' | 'AR';
  /** Table 0357; empty for AA. */
  readonly condition: string;
  readonly words: string;
  /** What a person has to see to, and how; null where nothing is left to do. */
  readonly problem: { readonly words: string; readonly nextStep: string } | null;
  /** Orders and patients that the message is about. */
  readonly orderIds: readonly string[];
  readonly patientIds: readonly string[];
  readonly changes: readonly Change[];
};

/** One thing that changed for a case, without a patient's name: it goes on the timeline. */
export type Change = {
  readonly orderId: string;
  readonly type: 'identity.changed' | 'order.changed' | 'site.report';
  readonly words: string;
};

/** `wait`: the record did not take it now; it is tried again, in its turn. */
export type Applied =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'wait'; readonly words: string };

export function taken(words: string, more: Partial<Omit<Outcome, 'code' | 'words'>> = {}): Applied {
  return {
    kind: 'done',
    outcome: { code: 'AA', condition: '', words, problem: null, orderIds: [], patientIds: [], changes: [], ...more },
  };
}

/** Nothing of the message was applied; the sender and the lead are told why. */
export function refused(
  words: string,
  nextStep: string,
  more: Partial<Pick<Outcome, 'orderIds' | 'patientIds' | 'condition'>> = {},
): Applied {
  return {
    kind: 'done',
    outcome: {
      code: 'AE',
      condition: more.condition ?? '204',
      words,
      problem: { words, nextStep },
      orderIds: more.orderIds ?? [],
      patientIds: more.patientIds ?? [],
      changes: [],
    },
  };
}

/** A record that is away is waited for; one that says no to a resource will say it again. */
export function recordRefusal(failure: RecordFailure): Applied {
  return failure.code === 'refused' || failure.code === 'too-large' || failure.code === 'not-fhir'
    ? refused(
        `The record did not take it: ${failure.cameBack.slice(0, 200)}.`,
        'Look at the message as received; if it is right, tell whoever runs the record.',
        { condition: '207' },
      )
    : { kind: 'wait', words: failure.message };
}
