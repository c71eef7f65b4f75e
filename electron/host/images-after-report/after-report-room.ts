import type { AfterReportLine, CaseAfterReport, Failure } from '../../../shared/api/index.ts';
import {
  type ImagesAfterReport,
  type NoChangeReason,
  stepAfterReport,
} from '../../../shared/domain/images-after-report/index.ts';
import type { MayRead, Reader } from '../../../shared/domain/reader/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { examLineOfTask } from '../reading/exam-line.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import { failure } from '../routes/mount.ts';
import type { Matters } from '../site-desk/matters.ts';
import { type AfterReportBook, afterReports } from './after-report-book.ts';

/** Images after reports as people see and end them. */
export type AfterReportRoom = {
  /** Open ones that this person was told of or signed; for a lead all of them. */
  board(reader: Reader): readonly AfterReportLine[];
  ofCase(facts: CaseFacts, session: LiveSession): CaseAfterReport;
  endNoChange(
    facts: CaseFacts,
    session: LiveSession,
    asked: {
      readonly id: string;
      readonly seen: string;
      readonly reason: NoChangeReason;
      readonly words: string;
    },
  ): Promise<Result<ImagesAfterReport, Failure>>;
};

/** More than these no list of a night has; the ones that are due first are shown. */
const mostLines = 500;
const mostEnded = 20;

export function createAfterReportRoom(parts: {
  readonly items: AfterReportBook;
  readonly book: Pick<CaseBook, 'facts' | 'row'>;
  readonly matters: Matters;
  readonly rights: Pick<ReadingRights, 'mayRead'>;
}): AfterReportRoom {
  const { items, book, matters, rights } = parts;
  const concerns = (item: ImagesAfterReport, reader: Reader): boolean =>
    reader.role === 'lead' || item.signer.id === reader.id || item.told.some((one) => one.to.id === reader.id);
  /**
   * Whoever may read the site's studies may say that the report stands; where the site has rejected what it was signed on, that is a
   * lead's to say.
   */
  const mayEnd = (facts: CaseFacts, { reader, readingFrom }: LiveSession, item: ImagesAfterReport | null): MayRead =>
    (item?.difference.notes ?? []).length === 0
      ? rights.mayRead({ reader, readingFrom }, facts)
      : reader.role === 'lead'
        ? { allowed: true }
        : { allowed: false, reason: 'The site rejected images that this report was signed on', reasons: [] };

  return {
    board: (reader) =>
      items
        .open()
        .filter((item) => concerns(item, reader))
        .slice(0, mostLines)
        .map((item) => ({ ...examLineOfTask(book, item.taskId), item })),
    ofCase: (facts, session) => {
      const all = items.ofTask(facts.task.id);
      return {
        open: all.find((one) => one.ending === null) ?? null,
        ended: all.filter((one) => one.ending !== null).slice(-mostEnded),
        mayEnd: mayEnd(facts, session, all.find((one) => one.ending === null) ?? null),
      };
    },
    endNoChange: async (facts, session, { id, ...said }) => {
      const known = items.ofTask(facts.task.id).find((one) => one.id === id);
      if (known === undefined) return failure('not-found', 'That is not there any more. Look at the case again.');
      const allowed = mayEnd(facts, session, known);
      if (!allowed.allowed) {
        const who =
          (known.difference.notes ?? []).length > 0
            ? 'a lead has to end it, or a version that is signed without them'
            : 'somebody who may read this site’s studies has to end it';
        return failure('forbidden', `${allowed.reason}: ${who}.`);
      }
      const by = { id: session.reader.id, name: session.reader.name };
      return matters.change(afterReports, id, (item, now) =>
        stepAfterReport(item, { kind: 'no-change', by, ...said }, now),
      );
    },
  };
}
