import type { Failure, StudiesAhead } from '../../../shared/api/index.ts';
import { deviceOfWindow } from '../../../shared/domain/devices/index.ts';
import { can } from '../../../shared/domain/reader/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { createRunningAnswers } from '../identity/running-answers.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import { failure } from '../routes/mount.ts';
import type { Wanted } from './prefetcher.ts';
import type { SeriesLists } from './series-lists.ts';

/** What is asked for ahead: a study, and the series where it is one. */
export type AskedAhead = { readonly taskId: string; readonly studyUid: string; readonly seriesUid: string | null };

/**
 * Images that a reader's own desktop fetches ahead through this host. Each request is judged here anew: the desktop is told what she is
 * likely to get, and is believed in nothing.
 */
export type DesktopDoor = {
  studies(
    session: LiveSession,
    held: readonly { readonly taskId: string; readonly studyUid: string }[],
  ): Promise<StudiesAhead>;
  /** Whose study it is, for the access log; the refusal where she may not have it ahead now. */
  judge(session: LiveSession, asked: AskedAhead): Promise<Result<{ readonly patient: string | null }, Failure>>;
  /** Ties a running answer to its session: it ends when that is locked or ends. The returned function unties it. */
  hold(token: string, aborter: AbortController): () => void;
  stop(): void;
};

/** Answers that run for one desktop at the same time: it fetches one thing after another. */
const mostRunning = 3;

export function createDesktopDoor(parts: {
  readonly archive: { readonly name: string };
  readonly wanted: (session: LiveSession) => Promise<readonly Wanted[]>;
  readonly lists: SeriesLists;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly rights: Pick<ReadingRights, 'judge' | 'shift'>;
  readonly sessions: Pick<Sessions, 'onChange'>;
  readonly recordNow: () => Instant;
}): DesktopDoor {
  const { lists, book, rights } = parts;
  const running = createRunningAnswers(parts.sessions);

  /** Neither read nor another's, and hers to read: only such a study's pixels may be at her desktop before she opens it. */
  const mayBeHers = (session: LiveSession): ((taskId: string) => boolean) => {
    const judge = rights.judge(session);
    const now = parts.recordNow();
    return (taskId) => {
      const task = book.facts(taskId)?.task;
      if (task === undefined || task.state === 'completed' || task.state === 'cancelled') return false;
      const { claim } = task;
      const isAnothers = claim !== null && claim.reader !== session.reader.id && claim.leaseUntil > now;
      return !isAnothers && judge(taskId).allowed;
    };
  };
  const notAhead = failure('forbidden', 'That study is none of those that are fetched ahead for you now.');

  return {
    studies: async (session, held) => {
      const isHers = mayBeHers(session);
      const studies: StudiesAhead['studies'][number][] = [];
      for (const { taskId, studyUid, role, place, patient } of await parts.wanted(session)) {
        if (!isHers(taskId)) continue;
        const series = await lists.of(studyUid);
        studies.push({
          ...{ archive: parts.archive.name, taskId, studyUid, role, place, patient },
          series: lists.known(studyUid) === null ? null : series.map((one) => ({ ...one })),
        });
      }
      return {
        studies,
        over: held.filter(({ taskId }) => !isHers(taskId)),
        offShift: rights.shift(session.reader).kind === 'off',
      };
    },
    judge: async (session, { taskId, studyUid, seriesUid }) => {
      if (deviceOfWindow(session.window) === null)
        return failure('forbidden', 'Only a reader’s desktop of this group fetches images ahead.');
      if (!can(session.reader.role, 'next-study')) return notAhead;
      if (running.count(session.token) >= mostRunning)
        return failure('not-known', 'This desktop fetches several things ahead already; one after another.');
      const wanted = await parts.wanted(session);
      const found = wanted.find((one) => one.taskId === taskId && one.studyUid === studyUid);
      if (found === undefined || !mayBeHers(session)(taskId)) return notAhead;
      const isSet =
        seriesUid !== null && (await lists.of(studyUid)).some((one) => one.seriesUid === seriesUid && one.set);
      if (isSet)
        return failure('not-found', 'A rejection note names images of that series: it comes when it is opened.');
      return ok({ patient: found.patient });
    },
    hold: running.hold,
    stop: running.stop,
  };
}
