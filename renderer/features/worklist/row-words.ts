import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId, Role } from '../../../shared/domain/reader/index.ts';
import { timeLeft } from '../../../shared/domain/turnaround/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { arrivalMark } from '../../case/index.ts';
import type { MarkShape } from '../../ui/index.ts';
import { siteStatus } from './site-words.ts';

/** How a row stands to the reader who looks at the list; decides its weight, its colours and what Enter does. */
export type RowStanding = 'mine' | 'open' | 'held' | 'not-yours' | 'done' | 'paused';

/** A lease that has lapsed holds nobody off: the next claim gets it. */
export function heldByAnother(row: WorklistRow, me: ReaderId, now: number): boolean {
  if (row.reader === null || row.reader.id === me) return false;
  if (row.state !== 'claimed' && row.state !== 'reading') return false;
  return row.leaseUntil === null || row.leaseUntil > now;
}

export function standingOf(row: WorklistRow, me: ReaderId, now: number): RowStanding {
  if (row.state === 'completed' || row.state === 'cancelled') return 'done';
  if (!row.mayRead.allowed) return 'not-yours';
  if (heldByAnother(row, me, now)) return 'held';
  if (row.state === 'held') return 'paused';
  if (row.reader?.id === me) return 'mine';
  return 'open';
}

/** Minutes before it is due at which an open study is marked as at risk: about the time that one read takes. */
const riskWithin = 15 * 60_000;

/** Only open work has a clock that the reader can do something about. */
export function clockOf(row: WorklistRow, standing: RowStanding, now: number): 'none' | 'safe' | 'risk' | 'late' {
  if (row.dueAt === null || standing === 'done') return 'none';
  const left = timeLeft(row.dueAt, row.clockPausedAt, now);
  if (left <= 0) return 'late';
  return left <= riskWithin ? 'risk' : 'safe';
}

export type StatusWords = {
  readonly words: string;
  /** All of it, where the column has room for a part. */
  readonly whole?: string;
  readonly shape: MarkShape;
  readonly tone: 'usual' | 'signal' | 'danger';
};

function finishedWords(row: WorklistRow): StatusWords {
  switch (row.report) {
    case 'preliminary':
      return { words: 'Preliminary', shape: 'tick', tone: 'usual' };
    case 'final':
      return { words: 'Final', shape: 'tick', tone: 'usual' };
    case 'appended':
      return { words: 'Addended', shape: 'tick', tone: 'usual' };
    case 'corrected':
      return { words: 'Corrected', shape: 'tick', tone: 'usual' };
    case 'entered-in-error':
      return { words: 'Withdrawn', shape: 'cross', tone: 'usual' };
    case 'signed-not-released':
      return { words: 'Not released', shape: 'diamond', tone: 'signal' };
    case 'draft':
    case null:
      return { words: row.state === 'cancelled' ? 'Cancelled' : 'Read', shape: 'tick', tone: 'usual' };
    default:
      return assertNever(row.report);
  }
}

/** One short status: the one thing that matters most about this study now. */
export function statusOf(
  row: WorklistRow,
  standing: RowStanding,
  now: number,
  me: ReaderId | null = null,
  role: Role | null = null,
): StatusWords {
  const asked = me === null ? undefined : row.desk?.looks.find((one) => one.to === me && one.answer === null);
  if (asked !== undefined) return { words: `${shortReader(asked.byName)} asks`, shape: 'diamond', tone: 'signal' };
  const site = siteStatus(row, now, me === null || role === null ? null : { id: me, role });
  if (site?.first === true) return site.status;
  if (standing === 'done') return finishedWords(row);
  if (row.report === 'signed-not-released') return finishedWords(row);
  if (row.identity === 'stop') return { words: 'Identity clash', shape: 'octagon', tone: 'danger' };
  const waits = pendingStatus(row, me);
  if (waits !== null && waits.own) return waits.status;
  if (standing === 'not-yours') return { words: 'Not yours', shape: 'cross', tone: 'usual' };
  if (standing === 'held') {
    const who = row.reader === null ? '' : `${shortReader(row.reader.name)}, `;
    return { words: `${who}${row.state === 'reading' ? 'reading' : 'claimed'}`, shape: 'padlock', tone: 'usual' };
  }
  if (row.link === 'order-without-images') return { words: 'No images yet', shape: 'diamond', tone: 'signal' };
  if (row.link === 'images-without-order') return { words: 'No order', shape: 'diamond', tone: 'signal' };
  if (row.identity === 'ask') return { words: 'Who is it?', shape: 'diamond', tone: 'signal' };
  const arrival = arrivalMark(row);
  if (arrival !== null && row.arrival?.kind === 'arriving')
    return { words: arrival.words, whole: arrival.whole, shape: 'diamond', tone: 'signal' };
  if (row.clockPausedAt !== null && standing === 'open')
    return { words: 'Clock stands', shape: 'pause', tone: 'usual' };
  if (site !== null) return site.status;
  if (standing === 'paused') return { words: 'Held', shape: 'pause', tone: 'usual' };
  if (standing === 'mine')
    return { words: row.state === 'reading' ? 'Reading' : 'Yours', shape: 'disc', tone: 'signal' };
  if (waits !== null) return waits.status;
  const assigned = row.desk?.assigned ?? null;
  if (assigned !== null)
    return assigned.reader === me
      ? { words: 'For you', shape: 'disc', tone: 'signal' }
      : { words: `For ${shortReader(assigned.readerName)}`, shape: 'ring', tone: 'usual' };
  if (row.report === 'preliminary') return { words: 'Preliminary', shape: 'ring', tone: 'usual' };
  if (row.report === 'draft') return { words: 'Draft', shape: 'ring', tone: 'usual' };
  if (arrival !== null) return { words: arrival.words, whole: arrival.whole, shape: 'diamond', tone: 'signal' };
  return { words: 'Unread', shape: 'ring', tone: 'usual' };
}

/** A report that waits here for a signature, or came back to its writer; null where neither is. */
function pendingStatus(
  row: WorklistRow,
  me: ReaderId | null,
): { readonly own: boolean; readonly status: StatusWords } | null {
  const { pending, sentBack } = row.desk ?? {};
  if (pending === undefined) {
    if (sentBack === undefined || sentBack.to !== me) return null;
    const whole = `Sent back by ${sentBack.byName}: ${sentBack.words}`;
    return { own: false, status: { words: 'Sent back', whole, shape: 'diamond', tone: 'signal' } };
  }
  const name = pending.readerName;
  if (pending.reader !== me)
    return {
      own: false,
      status: { words: 'To sign', whole: `Dictated by ${name}, waits for a signature`, shape: 'disc', tone: 'signal' },
    };
  const whole =
    pending.opened === null
      ? 'You gave it to be signed; nobody has opened it yet'
      : `You gave it to be signed; ${pending.opened.readerName} opened it`;
  return { own: true, status: { words: 'Given to sign', whole, shape: 'ring', tone: 'usual' } };
}

export function priorityWords(priority: WorklistRow['priority']): {
  words: string;
  form: 'filled' | 'outlined' | 'plain';
} {
  switch (priority) {
    case 'stat':
      return { words: 'STAT', form: 'filled' };
    case 'asap':
      return { words: 'ASAP', form: 'outlined' };
    case 'urgent':
      return { words: 'URG', form: 'outlined' };
    case 'routine':
      return { words: 'routine', form: 'plain' };
    case 'unknown':
      return { words: 'unknown', form: 'outlined' };
    default:
      return assertNever(priority);
  }
}

export const sideWords = { L: 'L', R: 'R', B: 'L R' } as const;

/** `212/260`, `486`, `0/?`: present of expected where the site said how many; `≤26/26` while documents among them are not told apart. */
export function imagesWords(images: WorklistRow['images']): string {
  const { present, expected } = images;
  if (images.atMost === true) return `≤${present}${expected === null ? '' : `/${expected}`}`;
  if (expected === null) return present === 0 ? '0/?' : String(present);
  return present === expected ? String(present) : `${present}/${expected}`;
}

/** "With 1 more exam of this patient: CT chest, SFR-123": what goes together goes to one reader. */
export function linkedWords(linked: NonNullable<WorklistRow['linked']>): string {
  const exams = linked.map((one) => `${one.exam}, ${one.accession ?? 'no accession'}`).join('; ');
  return `With ${linked.length} more ${linked.length === 1 ? 'exam' : 'exams'} of this patient: ${exams}`;
}

/** "Dr M. Tandewright" as "Tandewright" where a column is narrow; the whole name stands in the title and the panel. */
export function shortReader(name: string): string {
  const words = name.replace(/,.*$/, '').trim().split(/\s+/);
  return words.at(-1) ?? name;
}
