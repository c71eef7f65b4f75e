import { assertNever } from '../../lib/assert-never.ts';
import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import { type Priority, priorityRank } from '../order/index.ts';
import { formatTimeLeft } from '../turnaround/index.ts';
import { type Fit, fitRank, noFit } from './fit.ts';
import type { TaskState } from './reading-task.ts';

/** What the rank reads of a study. */
export type Ranked = {
  readonly taskId: string;
  readonly priority: Priority;
  /** The condition of a code study ("stroke"), which stands above STAT; absent for all others. */
  readonly codeStudy?: string | undefined;
  readonly dueAt: Instant | null;
  readonly state: TaskState;
  readonly clockStartedAt: Instant | null;
  readonly accession: string | null;
};

/** How near a study is to its due time. Steps, not minutes: within one step the better fit goes first, and rows rest between steps. */
export type BreachRisk = 'late' | 'within-15' | 'within-60' | 'later' | 'no-clock';

const riskRanks: Readonly<Record<BreachRisk, number>> = {
  late: 0,
  'within-15': 1,
  'within-60': 2,
  later: 3,
  'no-clock': 4,
};
/** About the time that one read takes. */
const soon: Millis = minutes(15);
const thisHour: Millis = minutes(60);

export function breachRisk(dueAt: Instant | null, now: Instant): BreachRisk {
  if (dueAt === null) return 'no-clock';
  const left = dueAt - now;
  return left <= 0 ? 'late' : left <= soon ? 'within-15' : left <= thisHour ? 'within-60' : 'later';
}

/** Asked only where priority and risk are equal. */
export type FitFor<Row extends Ranked> = (row: Row) => Fit;

const anyFit = (): Fit => noFit;

/**
 * Negative when `left` is to be read first: clinical priority, then risk of breach, then fit. A late routine study does not pass a
 * STAT one: the clock is a promise to a site, the priority a danger to a patient. Within all that, what is due soonest, then what
 * has waited longest. Finished work is last. For one `now` and one reader this is a strict total order of tasks with different ids.
 */
export function compareRank<Row extends Ranked>(
  left: Row,
  right: Row,
  now: Instant,
  fitFor: FitFor<Row> = anyFit,
): number {
  const bothFinished = finished(left);
  return (
    finished(left) - finished(right) ||
    (bothFinished === 1
      ? 0
      : clinicalRank(left) - clinicalRank(right) ||
        riskRanks[breachRisk(left.dueAt, now)] - riskRanks[breachRisk(right.dueAt, now)] ||
        (fitFor === anyFit ? 0 : fitRank(fitFor(left)) - fitRank(fitFor(right)))) ||
    soonest(left.dueAt, right.dueAt) ||
    priorityRank(left.priority) - priorityRank(right.priority) ||
    soonest(left.clockStartedAt, right.clockStartedAt) ||
    compareText(left.accession ?? '', right.accession ?? '') ||
    compareText(left.taskId, right.taskId)
  );
}

function finished(row: Ranked): number {
  return row.state === 'completed' || row.state === 'cancelled' ? 1 : 0;
}

/** A code study stands above every priority; unknown ranks as urgent (`priorityRank`). */
function clinicalRank(row: Ranked): number {
  return row.codeStudy === undefined ? priorityRank(row.priority) : -1;
}

/** Unknown comes after every known instant. */
function soonest(left: Instant | null, right: Instant | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left - right;
}

/** By code unit: the language of the machine must not change the order of the list. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** One ground of the rank, for people. */
export type RankGround = {
  readonly ground: 'finished' | 'code' | 'priority' | 'risk' | 'fit';
  readonly words: string;
  readonly small: string;
  /** The figure that the ground rests on: "STAT", "0:16". */
  readonly figure: string;
};

const priorityWords: Readonly<
  Record<Priority, { readonly words: string; readonly small: string; readonly figure: string }>
> = {
  stat: { words: 'Ordered STAT', small: 'clinical priority goes before the clock', figure: 'STAT' },
  asap: { words: 'Ordered ASAP', small: 'clinical priority goes before the clock', figure: 'ASAP' },
  urgent: { words: 'Ordered urgent', small: 'clinical priority goes before the clock', figure: 'URG' },
  routine: { words: 'Ordered routine', small: 'after all that is ordered more urgently', figure: 'routine' },
  unknown: {
    words: 'Priority not told by the site',
    small: 'stands as urgent until somebody says',
    figure: 'unknown',
  },
};

/** Why a study ranks where it ranks: the rank's own grounds in the rank's own order, each with its figure. */
export function explainRank(row: Ranked, fit: Fit, now: Instant): readonly RankGround[] {
  if (finished(row) === 1)
    return [{ ground: 'finished', words: 'Finished', small: 'finished work stands last', figure: '' }];
  const grounds: RankGround[] = [];
  if (row.codeStudy !== undefined) {
    grounds.push({
      ground: 'code',
      words: `Code: ${row.codeStudy}`,
      small: 'a code goes before all else',
      figure: 'CODE',
    });
  }
  grounds.push({ ground: 'priority', ...priorityWords[row.priority] });
  const figure = row.dueAt === null ? '' : formatTimeLeft(row.dueAt - now);
  grounds.push({ ground: 'risk', ...riskWords(breachRisk(row.dueAt, now)), figure });
  if (fit.samePatient) {
    grounds.push({
      ground: 'fit',
      words: 'Same patient as another study of yours',
      small: 'before others of equal priority and risk',
      figure: '',
    });
  }
  if (fit.subspecialty === 'match') {
    grounds.push({
      ground: 'fit',
      words: 'In your subspecialty',
      small: 'before others of equal priority and risk',
      figure: '',
    });
  } else if (fit.subspecialty === 'other') {
    grounds.push({
      ground: 'fit',
      words: 'In another subspecialty',
      small: 'after others of equal priority and risk',
      figure: '',
    });
  }
  return grounds;
}

function riskWords(risk: BreachRisk): { readonly words: string; readonly small: string } {
  switch (risk) {
    case 'late':
      return { words: 'Past its due time', small: 'the contract\u2019s time has run out' };
    case 'within-15':
      return { words: 'Due within 15 minutes', small: 'about the time that one read takes' };
    case 'within-60':
      return { words: 'Due within the hour', small: 'after what is due within 15 minutes' };
    case 'later':
      return { words: 'Due later than in an hour', small: 'what is due sooner goes first' };
    case 'no-clock':
      return { words: 'No clock runs', small: 'after others of the same priority that have one' };
    default:
      return assertNever(risk);
  }
}
