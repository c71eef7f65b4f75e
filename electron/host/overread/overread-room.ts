import type { Failure, OverreadLine } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { agreements } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { HeldVersion, SignedStore } from '../delivery/signed-store.ts';
import { caseEvent, factsOfContent } from '../intake/case-events.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { examLineOfTask } from '../reading/exam-line.ts';
import { failure } from '../routes/mount.ts';

/** What became of a reader's preliminaries, and of reports that she gave to be signed, until she has seen it: that she is told is an event of the case, hers to give. */
export type OverreadRoom = {
  board(reader: Reader): readonly OverreadLine[];
  seen(taskId: string, reader: Reader): Promise<Result<null, Failure>>;
};

const mostLines = 200;

function isDictated({ signed: { content } }: HeldVersion, reader: Reader): boolean {
  return content.dictatedBy?.id === reader.id;
}

export function createOverreadRoom(parts: {
  readonly signed: Pick<SignedStore, 'all' | 'ofTask'>;
  readonly book: Pick<CaseBook, 'facts' | 'row'>;
  readonly events: Pick<EventBook, 'of' | 'write'>;
  readonly recordNow: () => Instant;
}): OverreadRoom {
  const { signed, book, events } = parts;
  const isHers = (held: HeldVersion, reader: Reader): boolean => {
    const { preliminary, kind } = held.signed.content;
    if (held.standing.kind !== 'released') return false;
    if (preliminary?.agreement != null && preliminary.signer.id === reader.id) return true;
    // A preliminary over her words is not what became of them yet, unless the study asks for no more; what is changed later is told as any change is.
    const ends = kind === 'final' || book.facts(held.taskId)?.task.requestedReport === 'preliminary';
    return ends && (kind === 'final' || kind === 'preliminary') && isDictated(held, reader);
  };
  const seenEvent = ({ taskId, signed: { content, digest } }: HeldVersion, reader: Reader) =>
    caseEvent(
      book.facts(taskId) ?? factsOfContent(content),
      content.dictatedBy?.id === reader.id ? 'report.dictated.seen' : 'report.overread.seen',
      parts.recordNow(),
      {
        actor: { kind: 'person', id: reader.id, name: reader.name },
        part: `${digest}|${reader.id}`,
        report: { id: content.reportId, version: content.version },
      },
    );
  const waits = (held: HeldVersion, reader: Reader): boolean => {
    if (!isHers(held, reader)) return false;
    const { id } = seenEvent(held, reader);
    return !events.of(held.taskId).some((one) => one.id === id);
  };
  const weight = ({ agreement, changed }: OverreadLine): number =>
    agreement === null ? (changed ? -1 : 0) : -agreements.indexOf(agreement);

  return {
    board: (reader) =>
      signed
        .all()
        .filter((held) => waits(held, reader))
        .map((held): OverreadLine => {
          const { content } = held.signed;
          const line = examLineOfTask(book, held.taskId);
          return {
            ...line,
            accession: content.accession,
            // What she signed says whom it is about, also where the case is not known here any more.
            ...(line.patient === null ? { patient: content.patient, exam: content.exam.procedure } : {}),
            by: content.signer.name,
            at: content.signedAt,
            ...(isDictated(held, reader)
              ? { agreement: null, changed: content.dictatedBy?.changed === true }
              : {
                  agreement: content.preliminary?.agreement ?? 'agree',
                  changed: content.preliminary?.changed === true,
                }),
          };
        })
        .sort((a, b) => weight(a) - weight(b) || a.at - b.at)
        .slice(0, mostLines),
    seen: async (taskId, reader) => {
      const held = signed.ofTask(taskId).filter((one) => isHers(one, reader));
      if (held.length === 0) return failure('not-found', 'No report of yours was overread or signed there.');
      const open = held.filter((one) => waits(one, reader)).map((one) => seenEvent(one, reader));
      if (open.length > 0 && !(await events.write(open)))
        return failure('not-saved', 'That you have seen it was not saved. Press again.');
      return ok(null);
    },
  };
}
