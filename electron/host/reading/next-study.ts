import type { Failure, WorklistRow } from '../../../shared/api/index.ts';
import type { MayRead, Reader } from '../../../shared/domain/reader/index.ts';
import {
  type Claim,
  compareRank,
  emptyDesk,
  explainRank,
  type FitReader,
  fitOf,
  notOfferedTo,
  patientKey,
  type RankGround,
  type TaskId,
  waitsForImages,
} from '../../../shared/domain/reading/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Claims } from './claims.ts';

type Row = Omit<WorklistRow, 'mayRead'>;

export type NextStudy = {
  /** Null when there is nothing left that she may read and nobody has. */
  readonly found: { readonly taskId: TaskId; readonly claim: Claim; readonly grounds: readonly RankGround[] } | null;
  readonly words: string;
};

type NextParts = {
  /** Every row of the list. */
  readonly rows: () => readonly Row[];
  /** By her credentials, at the time when she would sign. */
  readonly mayRead: (taskId: TaskId) => MayRead;
  /** As her credentials name them. */
  readonly subspecialties: readonly string[];
  /** "on shift until 07:00 CST"; empty where no shifts are kept. */
  readonly shift: string;
  readonly claims: Pick<Claims, 'claim'>;
  readonly recordNow: () => Instant;
  /** Called once for the claim that was won; answers what came of the exams that go with it, in words, or null. */
  readonly onClaimed: (taskId: TaskId, claim: Claim, why: string) => Promise<string | null>;
};

/** Rows looked at before others get the thread: a hundred thousand rows must not hold up images. */
const inOneGo = 5_000;
/** Rivals in a row after which we say so instead of going on. */
const mostRivals = 25;

/** Whether nobody has it: a lease that has run out holds nobody off. */
function isFree(row: Row, now: Instant): boolean {
  if (row.state === 'queued') return true;
  if (row.state !== 'claimed' && row.state !== 'reading') return false;
  return row.leaseUntil !== null && row.leaseUntil <= now;
}

/** "Past its due time" within a sentence; "STAT" and the like keep theirs. */
function withoutCapital(words: string): string {
  return /^[A-Z][a-z ]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

type Left = { notHers: number; withOthers: number; held: number; noImages: number; arriving: number; passed: number };

/** "2 are with colleagues, 1 is on hold": what stands between her and an empty list, so that an empty answer is no riddle. */
function nothingWords(left: Left): string {
  const parts: string[] = [];
  const say = (count: number, one: string, many: string): void => {
    if (count > 0) parts.push(`${count} ${count === 1 ? one : many}`);
  };
  say(left.withOthers, 'is claimed', 'are claimed');
  say(left.held, 'is on hold', 'are on hold');
  say(left.noImages, 'waits for images', 'wait for images');
  say(
    left.arriving,
    'is still arriving (open it with Read to start early)',
    'are still arriving (open one with Read to start early)',
  );
  say(
    left.passed,
    'was passed by you or is set aside for a colleague',
    'were passed by you or are set aside for colleagues',
  );
  say(left.notHers, 'is not yours to read', 'are not yours to read');
  return parts.length === 0 ? 'Nothing is left to read.' : `Nothing is left for you to read: ${parts.join(', ')}.`;
}

/**
 * Claims the best-ranked study that this reader may read and nobody has. The list is a copy of the record: a rival may have been
 * faster, and then the next best is taken. What was refused for another reason (a record that is silent) is said.
 */
export async function claimNext(
  parts: NextParts,
  reader: Reader,
  justRead: ReadonlySet<string>,
): Promise<Result<NextStudy, Failure>> {
  const lost = new Set<TaskId>();
  for (let rivals = 0; rivals <= mostRivals; rivals += 1) {
    const { best, left } = await bestOf(parts, reader, justRead, lost);
    if (best === null) return ok({ found: null, words: nothingWords(left) });
    const claimed = await parts.claims.claim(best.row.taskId, reader);
    if (!claimed.ok) {
      const { code } = claimed.error;
      if (code !== 'held-by-another' && code !== 'not-a-legal-move' && code !== 'not-found') return claimed;
      lost.add(best.row.taskId);
      continue;
    }
    const { claim } = claimed.value;
    if (claim === null) continue;
    const grounds = explainRank(best.row, fitOf(best.row, best.fit), parts.recordNow());
    const why = grounds.map((one, place) => (place === 0 ? one.words : withoutCapital(one.words))).join(', then ');
    const linked = await parts.onClaimed(best.row.taskId, claim, why);
    const passedOver =
      lost.size === 0
        ? ''
        : ` ${lost.size} that stood before it ${lost.size === 1 ? 'was' : 'were'} just taken by others.`;
    const { pending } = best.row.desk ?? {};
    const waits = pending === undefined ? '' : ` The report of ${pending.readerName} waits here for your signature.`;
    return ok({
      found: { taskId: best.row.taskId, claim, grounds },
      words: `${why}.${waits}${linked === null ? '' : ` ${linked}`}${passedOver}${parts.shift === '' ? '' : ` You are ${parts.shift}.`}`,
    });
  }
  return ok({ found: null, words: 'Colleagues were faster each time. Press it again.' });
}

async function bestOf(
  parts: NextParts,
  reader: Reader,
  justReadTasks: ReadonlySet<string>,
  lost: ReadonlySet<TaskId>,
): Promise<{ readonly best: { readonly row: Row; readonly fit: FitReader } | null; readonly left: Left }> {
  const rows = parts.rows();
  const now = parts.recordNow();
  const justRead = new Set<string>();
  for (const row of rows) {
    // What she holds is hers to read together with what goes with it.
    const hers = row.reader?.id === reader.id && !isFree(row, now) && row.state !== 'completed';
    const key = hers || justReadTasks.has(row.taskId) ? patientKey(row.patient) : null;
    if (key !== null) justRead.add(key);
  }
  const fit: FitReader = { subspecialties: parts.subspecialties, justRead };
  const fitFor = (row: Row) => fitOf(row, fit);
  const left: Left = { notHers: 0, withOthers: 0, held: 0, noImages: 0, arriving: 0, passed: 0 };
  let best: Row | null = null;
  for (const [index, row] of rows.entries()) {
    if (index % inOneGo === inOneGo - 1) await new Promise((resolve) => setImmediate(resolve));
    if (row.state === 'completed' || row.state === 'cancelled') continue;
    if (row.state === 'held') left.held += 1;
    else if (row.link === 'order-without-images') left.noImages += 1;
    else if (lost.has(row.taskId) || !isFree(row, now)) left.withOthers += 1;
    else if (notOfferedTo(row.desk ?? emptyDesk, reader.id)) left.passed += 1;
    // Who has read half a study reads it twice; STAT and code studies cannot wait for that.
    else if (waitsForImages(row, now)) left.arriving += 1;
    else if (best !== null && compareRank(row, best, now, fitFor) >= 0) continue;
    // Asked last: it is the dearest question, and only of what would be taken.
    else if (parts.mayRead(row.taskId).allowed) best = row;
    else left.notHers += 1;
  }
  return { best: best === null ? null : { row: best, fit }, left };
}
