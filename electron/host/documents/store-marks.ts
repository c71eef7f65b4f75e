import type { Failure, MarksStored } from '../../../shared/api/index.ts';
import type { CaseMarks } from '../../../shared/domain/measurement/index.ts';
import { claimStanding } from '../../../shared/domain/reading/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { type MarksParts, type MarksToFile, marksObjects } from './marks-documents.ts';
import { sendMarks } from './send-marks.ts';

type Parts = MarksParts & {
  readonly archive: Pick<ArchiveClient, 'name' | 'searchStudies' | 'store' | 'instanceMetadata'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly recordNow: () => Instant;
};

const failure = (code: Failure['code'], message: string): Result<never, Failure> => err({ code, message });

/** What a case's documents say beside its marks. */
export function marksToFile(
  facts: CaseFacts,
  study: Study,
  reader: MarksToFile['reader'],
  marks: CaseMarks,
  savedAt: Instant,
): MarksToFile {
  return {
    taskId: facts.task.id,
    reader,
    study,
    referringPhysician: facts.order?.orderedBy?.name ?? null,
    zone: facts.order?.site?.zone ?? 'UTC',
    procedure: facts.order?.procedure ?? null,
    marks,
    savedAt,
  };
}

/**
 * Puts the marks of a case into the archive beside its images, on the reader's word: measurements as SR (TID 1500) and, drawn, as GSPS, key images as KOS.
 * Documents of their own, never part of a report: what is signed stays what it was, and no list of signed images holds them. Marks that
 * cannot be filed are counted.
 */
export async function storeMarks(
  parts: Parts,
  facts: CaseFacts,
  session: LiveSession,
  marks: CaseMarks,
): Promise<Result<MarksStored, Failure>> {
  const study = facts.seen?.study ?? null;
  if (study === null || study.archive !== parts.archive.name)
    return failure(
      'not-a-legal-move',
      'The archive holds no images of this study: there is nothing to put marks beside.',
    );
  if (
    claimStanding(facts.task, session.reader.id, facts.task.claim?.fencingToken ?? 0, parts.recordNow()) === 'another'
  )
    return failure(
      'held-by-another',
      `${facts.task.claim?.readerName ?? 'Another reader'} has this study now. Your marks stay in this window.`,
    );
  const made = await marksObjects(parts, marksToFile(facts, study, session.reader, marks, parts.recordNow()));
  if (!made.ok) return failure('upstream-unreachable', `${made.error} Your marks are kept; try again.`);
  const saved = { sr: 0, kos: 0, gsps: 0 };
  for (const object of made.value.objects) {
    const sent = await sendMarks(parts, object, session.reader.userName);
    if (sent.kind !== 'saved')
      return failure(
        sent.kind === 'wait' ? 'upstream-unreachable' : 'upstream-refused',
        `${sent.why} Your marks are kept; try again.`,
      );
    saved[object.what] += object.marks;
  }
  const left = made.value.left.reduce((sum, one) => sum + one.count, 0);
  return ok({ measurements: saved.sr, drawn: saved.gsps, keyImages: saved.kos, left });
}
