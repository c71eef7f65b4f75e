import { type Millis, minutes } from '../../lib/instant.ts';
import type { Channel } from '../delivery/index.ts';
import type { Priority } from '../order/index.ts';
import { type QuestionKind, questionKinds } from '../question/index.ts';

/** What may start a contract's clock (spec/standards.md 3.3, CTAT): the first of those named that occurred at all. */
export const startTypes = [
  'order.placed',
  'order.accepted',
  'exam.completed',
  'images.complete',
  'task.queued',
] as const;
export type StartType = (typeof startTypes)[number];

/**
 * What stops it: `preliminary` is the first preliminary or final, or read on paper in downtime, whichever comes first; `accepted`, `filed` and `opened` are those of
 * the first report that was released, by any channel or by the one that the contract names.
 */
export const stopTypes = ['final', 'preliminary', 'accepted', 'filed', 'opened'] as const;
export type StopType = (typeof stopTypes)[number];

/** Why a clock may stand still: `hold`, from put on hold to resumed; `question`, from a question to the site to its answer. */
export type PauseCause = 'hold' | 'question';

/** A pause for one kind of question alone: the site's silence about a side may count where its silence about a prior does not. */
export type QuestionPause = `question.${QuestionKind}`;

/** What a contract may let pause. `question` is every kind of question, also one whose kind is not known. */
export const pauseRules: readonly (PauseCause | QuestionPause)[] = [
  'hold',
  'question',
  ...questionKinds.map((kind): QuestionPause => `question.${kind}`),
];
export type PauseRule = (typeof pauseRules)[number];

/** Whether a contract with these rules lets the clock stand still while a question of that kind waits; null: its kind is not known. */
export function pausesForQuestion(rules: readonly PauseRule[], kind: QuestionKind | null): boolean {
  return rules.includes('question') || (kind !== null && rules.includes(`question.${kind}`));
}

/** `hours`: only time counts in which the site is open. */
export const calendars = ['always', 'hours'] as const;
export type CalendarKind = (typeof calendars)[number];

export type DueTimes = Readonly<Record<Priority, Millis>>;

/** What was agreed about time: when the clock starts, what stops and pauses it, how long the reader has, and which hours count. */
export type Contract = {
  /** For people, as it stands on the dispute file: "Night coverage 2026". */
  readonly name: string;
  readonly start: readonly StartType[];
  readonly stop: StopType;
  /** By which channel a receiver's word stops it, where `stop` is one (accepted, filed, opened); absent: by any. */
  readonly by?: Channel;
  readonly pauses: readonly PauseRule[];
  /** From the clock's start; unknown priority counts as urgent. */
  readonly due: DueTimes;
  /** Where a modality (DICOM (0008,0060)) has times of its own. */
  readonly dueByModality: { readonly [modality: string]: DueTimes };
  readonly calendar: Readonly<Record<Priority, CalendarKind>>;
  /** Within what time a critical result of each level has to be read back; absent where the group's own times hold. */
  readonly critical?: Readonly<Record<1 | 2 | 3, Millis>>;
};

export const defaultContract: Contract = {
  name: 'No contract: the times of the group',
  // Without an order, and without a count of images to complete, the clock still runs (spec/standards.md 3.2, event 10).
  start: ['images.complete', 'task.queued'],
  stop: 'final',
  pauses: [],
  due: {
    stat: minutes(30),
    asap: minutes(60),
    urgent: minutes(120),
    unknown: minutes(120),
    routine: minutes(24 * 60),
  },
  dueByModality: {},
  calendar: { stat: 'always', asap: 'always', urgent: 'always', unknown: 'always', routine: 'always' },
};
