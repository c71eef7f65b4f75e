import type { WorklistRow } from '../../../shared/api/index.ts';
import { compareRank, emptyDesk, notOfferedTo } from '../../../shared/domain/reading/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { Priors } from '../reading/priors.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { Wanted } from './prefetcher.ts';

type Row = Omit<WorklistRow, 'mayRead'>;

/** Tasks ahead of a reader that are looked after, and priors of each. */
const mostTasks = 6;
const mostPriors = 3;
const inOneGo = 5_000;
/** Milliseconds that a search for priors may hold up the queue. */
const priorsWait = 2_000;

/**
 * The studies that a reader is likely to get: what she holds, then the best ranked that nobody has and that she may read, each with its
 * most relevant priors that she may see. Never a study that she may not read.
 */
export async function wantedBy(
  parts: {
    readonly rows: () => readonly Row[];
    readonly book: Pick<CaseBook, 'facts'>;
    readonly priors: Pick<Priors, 'soon' | 'shown'>;
    readonly rights: Pick<ReadingRights, 'judge'>;
    readonly archive: { readonly name: string };
    readonly recordNow: () => Instant;
  },
  session: LiveSession,
): Promise<readonly Wanted[]> {
  const now = parts.recordNow();
  const judge = parts.rights.judge(session);
  const { id } = session.reader;
  const best: Row[] = [];
  const isHers = (row: Row): boolean => row.reader?.id === id && row.leaseUntil !== null && row.leaseUntil > now;
  const compare = (one: Row, other: Row): number =>
    Number(isHers(other)) - Number(isHers(one)) || compareRank(one, other, now);
  for (const [index, row] of parts.rows().entries()) {
    if (index % inOneGo === inOneGo - 1) await new Promise((resolve) => setImmediate(resolve));
    if (row.studyUid === null || row.link === 'order-without-images') continue;
    const isFree = row.state === 'queued' || (row.leaseUntil !== null && row.leaseUntil <= now && row.state !== 'held');
    if (row.state === 'completed' || row.state === 'cancelled' || (!isFree && !isHers(row))) continue;
    if (notOfferedTo(row.desk ?? emptyDesk, id)) continue;
    const last = best.at(-1);
    if (best.length >= mostTasks && last !== undefined && compare(row, last) >= 0) continue;
    if (!judge(row.taskId).allowed) continue;
    best.push(row);
    best.sort(compare);
    best.length = Math.min(best.length, mostTasks);
  }
  const wanted: Wanted[] = [];
  for (const [place, row] of best.entries()) {
    const facts = parts.book.facts(row.taskId);
    const study = facts?.seen?.study ?? null;
    if (facts === null || study === null || study.archive !== parts.archive.name) continue;
    const { taskId } = row;
    wanted.push({ taskId, studyUid: study.studyUid, role: 'current', place, patient: study.patient.id });
    const search = await parts.priors.soon(facts, priorsWait);
    const priors = search === null ? [] : parts.priors.shown(facts, search);
    for (const { study: prior } of priors
      .filter((one) => one.study.archive === parts.archive.name)
      .slice(0, mostPriors))
      wanted.push({ taskId, studyUid: prior.studyUid, role: 'prior', place, patient: prior.patient.id });
  }
  return wanted;
}
