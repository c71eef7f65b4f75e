import type { CallInput, CallOutput, Failure } from '../../../shared/api/index.ts';
import { type Draft, emptySections, otherExams } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { Signing } from '../delivery/sign.ts';
import type { SigningCommand } from '../delivery/signing-command.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { nameOfExam } from '../reading/link-index.ts';
import type { ReportBook } from '../reading/report-book.ts';
import { failure } from '../routes/mount.ts';

export type Withdrawing = {
  withdraw(
    taskId: string,
    asked: CallInput<'withdrawReport'>,
    session: LiveSession,
  ): Promise<Result<CallOutput<'withdrawReport'>, Failure>>;
};

/**
 * Takes a released report back. It is a signed version like any other: the one write of the signature into the journal decides, and
 * release, channels and all that follows are continued from it after a crash. A report over several exams is taken back as one.
 */
export function createWithdrawing(parts: {
  readonly book: Pick<CaseBook, 'facts'>;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly signing: Signing;
}): Withdrawing {
  const { book, reports, signing } = parts;
  return {
    withdraw: async (taskId, asked, session) => {
      const facts = book.facts(taskId);
      if (facts === null)
        return failure('not-found', 'That study is not on the list any more. Find it by its accession.');
      const { rightTaskId } = asked;
      if (rightTaskId === taskId) return failure('bad-request', 'The right exam cannot be the one that is withdrawn.');
      if (rightTaskId !== null && book.facts(rightTaskId) === null)
        return failure('not-found', 'The exam that you named as the right one is not here. Find it again.');
      const { versions } = await reports.of(taskId);
      const standing = versions.filter((one) => one.returned === null && one.kind !== 'withdrawal').at(-1);
      if (standing !== undefined && standing.version !== asked.version)
        return failure(
          'stale-case',
          `Version ${standing.version} of this report is out since. Look at it, then decide again.`,
        );
      const together = standing === undefined ? [] : otherExams(standing.content);
      const others: NonNullable<SigningCommand['together']>[number][] = [];
      for (const exam of together) {
        const of = book.facts(exam.taskId);
        if (of === null)
          return failure('not-found', `${exam.exam}, which this report is over too, is not on the list any more.`);
        others.push({ context: contextOf(of), fencingToken: null, exam: nameOfExam(of) });
      }
      const command: SigningCommand = {
        commandId: asked.commandId,
        kind: 'withdrawal',
        withdrawal: { why: asked.why, rightTaskId },
        context: asked.context,
        fencingToken: null,
        draft: emptyDraft(taskId, facts.task.studyUid, session.reader.id, asked.reason) as SigningCommand['draft'],
        shown: asked.shown,
        comparisons: [],
        ...(others.length === 0 ? {} : { together: others }),
        ...(asked.password === undefined ? {} : { password: asked.password }),
      };
      return signing.sign(command, session);
    },
  };
}

function emptyDraft(taskId: string, studyUid: string | null, readerId: string, reason: string): Draft {
  return {
    taskId,
    studyUid,
    readerId,
    kind: 'correction',
    baseVersion: 0,
    revision: 0,
    sections: emptySections(),
    addendum: '',
    reason,
    measurements: [],
    savedAt: instant(0),
  };
}
