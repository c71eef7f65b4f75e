import type { CaseDetail, LinkedExam, LinkedExams } from '../../../shared/api/index.ts';
import {
  type Draft,
  type DraftExam,
  type ExamSectionCode,
  examHeading,
  isTogether,
  lackingParts,
  otherExams,
  type ReleaseKind,
} from '../../../shared/domain/report/index.ts';
import type { SignInput } from './sign-command.ts';

/** The open exam's own heading in a report over several. */
export function ownHeading(detail: Pick<CaseDetail, 'order' | 'study' | 'context'>): string {
  return examHeading({
    exam: detail.order?.procedure.display ?? detail.study?.description ?? '',
    accession: detail.context.accession,
    studyDate: detail.study?.studyDate ?? null,
  });
}

/** A block for an exam that is taken into the report: her own words of it where she has begun some, else what the images say. */
export function blockFor(exam: LinkedExam, own: Draft | null): DraftExam {
  const technique = own?.sections['55111-9'] ?? '';
  return {
    taskId: exam.context.taskId,
    studyUid: exam.context.studyUid ?? '',
    accession: exam.context.accession,
    exam: exam.exam,
    studyDate: exam.studyDate,
    imagesAtStart: own?.imagesAtStart ?? (exam.atMost === true ? undefined : exam.images),
    texts: {
      '55111-9': technique.trim() === '' ? exam.technique : technique,
      '59776-5': own?.sections['59776-5'] ?? '',
      '19005-8': own?.sections['19005-8'] ?? '',
    },
  };
}

/** Other words of one exam of the draft; all else stays. */
export function withExamText(draft: Draft, taskId: string, code: ExamSectionCode, text: string): Draft {
  const together = (draft.together ?? []).map((exam) =>
    exam.taskId === taskId ? { ...exam, texts: { ...exam.texts, [code]: text } } : exam,
  );
  return { ...draft, together };
}

/** Exams whose findings or impression would be lost from the report if they were taken out of it. */
export function examsWithWords(draft: Draft): readonly DraftExam[] {
  return (draft.together ?? []).filter(({ texts }) => `${texts['59776-5']}${texts['19005-8']}`.trim() !== '');
}

/** What stands against signing a report over several exams, in the reader's words; null when nothing does, or it is over one. */
export function togetherBlock(
  kind: ReleaseKind,
  draft: Draft,
  detail: Pick<CaseDetail, 'order' | 'study' | 'context'>,
  linked: LinkedExams | null,
): string | null {
  if (kind === 'addendum' || !isTogether(draft)) return null;
  if (kind !== 'correction') {
    if (linked === null)
      return 'The host has not told yet whether the exams of this report are still yours; one by one they can be signed.';
    for (const exam of draft.together ?? []) {
      const known = linked?.exams.find((one) => one.context.taskId === exam.taskId);
      if (known === undefined)
        return `${examHeading(exam)} does not go with this exam any more: take it out and report it by itself.`;
      if (known.standing !== 'yours') return `${examHeading(exam)}: ${known.words} Claim it to sign for both.`;
    }
  }
  const lacking = lackingParts(draft, ownHeading(detail));
  return lacking.length === 0 ? null : lacking.join(' ');
}

/** What a report over several that was given to be signed lacks of its exams: it is signed for all of them, or goes back. Null where it lacks none. */
export function givenExamsBlock(draft: Draft, { pending }: Pick<CaseDetail, 'pending'>): string | null {
  if (pending?.standing !== 'to-sign' || pending.report === null) return null;
  const given = otherExams(pending.report);
  const written = draft.together ?? [];
  const missing = given.find((exam) => written.every((one) => one.taskId !== exam.taskId));
  if (missing !== undefined)
    return `It was given as one report with ${examHeading(missing)}: sign for all of its exams, or send it back.`;
  const beside = written.find((exam) => given.every((one) => one.taskId !== exam.taskId));
  return beside === undefined
    ? null
    : `${examHeading(beside)} is not of the report that was given to be signed: take it out and report it by itself.`;
}

/** The other exams as the command names them; empty for a report of one. */
export function togetherInput(
  kind: ReleaseKind,
  draft: Draft,
  linked: LinkedExams | null,
): NonNullable<SignInput['together']> {
  const later = kind === 'addendum' || kind === 'correction';
  if (later) {
    return (linked?.reported ?? []).map(({ context, exam }) => ({ context, exam, fencingToken: null }));
  }
  return (draft.together ?? []).flatMap((exam) => {
    const known = linked?.exams.find((one) => one.context.taskId === exam.taskId);
    return known === undefined ? [] : [{ context: known.context, exam: known.exam, fencingToken: known.fencingToken }];
  });
}
