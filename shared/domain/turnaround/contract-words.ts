import { assertNever } from '../../lib/assert-never.ts';
import type { Channel } from '../delivery/index.ts';
import type { Priority } from '../order/index.ts';
import { questionKinds, questionWords } from '../question/index.ts';
import type { Terms } from './clock.ts';
import type { Contract, PauseCause, PauseRule, StartType, StopType } from './contract.ts';
import { pausesForQuestion } from './contract.ts';
import type { OpenHours, OpenSpan } from './open-hours.ts';
import { weekdays } from './open-hours.ts';

const startWords: Readonly<Record<StartType, string>> = {
  'order.placed': 'the order is placed',
  'order.accepted': 'the order is accepted',
  'exam.completed': 'the exam is completed',
  'images.complete': 'the images are complete',
  'task.queued': 'the study stands on the reading list',
};

/** Who says it: any receiver, or the one on the channel that the contract names. */
export const receiverWords: Readonly<Record<Channel, string>> = {
  record: 'the patient record',
  archive: 'the archive',
  pdf: 'the archive (the signed PDF)',
  hl7: 'the site’s own system (HL7)',
  imr: 'the site’s own system (FHIR)',
  fax: 'the fax gateway',
  direct: 'the Direct mail gateway',
};

/** What stops a contract’s clock for good, after “when”. */
export function stopWords(stop: StopType, by: Channel | null): string {
  switch (stop) {
    case 'final':
      return 'the first final report is released';
    case 'preliminary':
      return 'the first preliminary or final report is released, whichever comes first';
    case 'accepted':
      return `${by === null ? 'a receiver' : receiverWords[by]} has accepted the first report`;
    case 'filed':
      return by === null
        ? 'the first report is filed at a receiver: read back equal, or its status says so'
        : `the first report is filed at ${receiverWords[by]}: ${by === 'hl7' ? 'its application says so, and a commit is not enough' : 'read back equal, or its status says so'}`;
    case 'opened':
      return `a person at ${by === null ? 'the receiver' : receiverWords[by]} has opened the first report`;
    default:
      return assertNever(stop);
  }
}

export const pauseWords: Readonly<Record<PauseCause, string>> = {
  hold: 'the study is on hold',
  question: 'a question to the site waits for its answer',
};

/** What a contract lets pause, in words; the kinds of question by name where it does not let all of them. */
function pauseRuleWords(rules: readonly PauseRule[]): readonly string[] {
  const kinds = questionKinds.filter((kind) => pausesForQuestion(rules, kind));
  const named = kinds.map((kind) => `“${questionWords[kind].title}”`).join(', ');
  return [
    ...(rules.includes('hold') ? [pauseWords.hold] : []),
    ...(kinds.length === 0
      ? []
      : [rules.includes('question') ? pauseWords.question : `${pauseWords.question}, if it is ${named}`]),
  ];
}

const priorityWords: Readonly<Record<Priority, string>> = {
  stat: 'STAT',
  asap: 'ASAP',
  urgent: 'urgent',
  unknown: 'of unknown priority, which counts as urgent',
  routine: 'routine',
};

/** A contract as two people could read it to each other, and what it leaves the reader for this exam. */
export function contractWords(
  terms: Terms,
  exam: { readonly priority: Priority; readonly modality: string },
  hours: OpenHours | null,
  zone: string,
): readonly string[] {
  const { contract } = terms;
  const [first, ...others] = contract.start.map((one) => startWords[one]);
  const begins = others.map((one) => `; if that is not known, when ${one}`).join('');
  const counts = terms.calendar === null || hours === null ? 'Every hour counts.' : hoursWords(hours, zone);
  return [
    `${contract.name}.`,
    `The clock starts when ${first ?? 'nothing'}${begins}.`,
    `It stops for good when ${stopWords(contract.stop, contract.by ?? null)}.`,
    contract.pauses.length === 0
      ? 'Nothing lets it stand still.'
      : `It stands still while ${pauseRuleWords(contract.pauses).join(', and while ')}.`,
    `${ownTimes(contract, exam.modality)} ordered ${priorityWords[exam.priority]}: ${allowanceWords(terms.allowance)}.`,
    counts,
  ];
}

function ownTimes(contract: Contract, modality: string): string {
  if (Object.hasOwn(contract.dueByModality, modality)) return `${modality}, which has times of its own,`;
  return modality === '' ? 'A study' : modality;
}

/** "45 minutes", "2 hours", "1 hour 30 minutes". */
export function allowanceWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const one = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]);
  return [...one(hours, 'hour'), ...one(rest, 'minute')].join(' ') || '0 minutes';
}

function hoursWords(hours: OpenHours, zone: string): string {
  const spans = hours.spans.map((span) => `${daysWords(span)} ${span.from} to ${span.to}`).join('; ');
  const closed = hours.holidays.length === 0 ? '' : ` Closed on ${hours.holidays.join(', ')}.`;
  return `Only the site's open hours count: ${spans} (${zone}).${closed}`;
}

function daysWords({ days }: OpenSpan): string {
  return days.length === weekdays.length ? 'every day' : weekdays.filter((day) => days.includes(day)).join(', ');
}
