import { displayDate } from '../study/index.ts';
import type { Draft, DraftExam, ExamSectionCode, ReportContent, ReportExam, ReportSection } from './report.ts';

/** The parts that each exam of a report over several has of its own; clinical information and comparison are of all. */
export const examSections: readonly { readonly code: ExamSectionCode; readonly title: string }[] = [
  { code: '55111-9', title: 'Technique' },
  { code: '59776-5', title: 'Findings' },
  { code: '19005-8', title: 'Impression' },
];

/** Most exams of one report, the open one among them. */
export const mostTogether = 6;

/** "CT head, accession LKG-12, 2026-11-22": over an exam's words wherever they stand, so that no word is read of another exam. */
export function examHeading(exam: Pick<ReportExam, 'exam' | 'accession' | 'studyDate'>): string {
  const date = displayDate(exam.studyDate ?? '');
  return [
    exam.exam.trim() === '' ? 'Exam not named' : exam.exam.trim(),
    exam.accession === null ? 'no accession' : `accession ${exam.accession}`,
    ...(date === '' ? [] : [date]),
  ].join(', ');
}

/** The heading of a section that speaks of one exam among several; null where it speaks of all, or there is but one. */
export function sectionHeading(content: Pick<ReportContent, 'together'>, section: ReportSection): string | null {
  if (section.exam === undefined) return null;
  const exam = content.together?.exams.find((one) => one.studyUid === section.exam);
  // A section of an exam that the report does not list must never pass as one of another.
  return exam === undefined ? `Exam ${section.exam}` : examHeading(exam);
}

/** The title under which a section is read: "CT head, accession LKG-12, 2026-11-22: Findings". */
export function sectionTitle(content: Pick<ReportContent, 'together'>, section: ReportSection): string {
  const heading = sectionHeading(content, section);
  return heading === null ? section.title : `${heading}: ${section.title}`;
}

/** Whether a draft is one over several exams. */
export function isTogether(draft: Pick<Draft, 'together'>): boolean {
  return (draft.together ?? []).length > 0;
}

/**
 * What each exam lacks of its own: technique, findings, impression. Empty where nothing is lacking, and for a report of one exam, of
 * which other rules speak. `own` is the heading of the open exam.
 */
export function lackingParts(draft: Pick<Draft, 'sections' | 'together'>, own: string): readonly string[] {
  if (!isTogether(draft)) return [];
  const all = [
    { heading: own, texts: draft.sections as DraftExam['texts'] },
    ...(draft.together ?? []).map((exam) => ({ heading: examHeading(exam), texts: exam.texts })),
  ];
  return all.flatMap(({ heading, texts }) => {
    const missing = examSections.filter(({ code }) => texts[code].trim() === '').map(({ title }) => title);
    const last = missing.at(-1);
    if (last === undefined) return [];
    const words = missing.length === 1 ? last : `${missing.slice(0, -1).join(', ')} and ${last}`;
    return [`${heading} lacks ${words}.`];
  });
}

/** The studies of a signed version other than its own: they are read with it and are no comparisons. */
export function otherExams(content: Pick<ReportContent, 'together' | 'taskId'>): readonly ReportExam[] {
  return (content.together?.exams ?? []).filter((exam) => exam.taskId !== content.taskId);
}

/** A signed version's words of one exam, for an editor; its other exams as blocks beside it. */
export function draftExamsOf(content: Pick<ReportContent, 'together' | 'taskId' | 'sections'>): readonly DraftExam[] {
  return otherExams(content).map(({ taskId, studyUid, accession, exam, studyDate }) => {
    const text = (code: ExamSectionCode): string =>
      content.sections.find((section) => section.code === code && section.exam === studyUid)?.text ?? '';
    const texts = { '55111-9': text('55111-9'), '59776-5': text('59776-5'), '19005-8': text('19005-8') };
    return { taskId, studyUid, accession, exam, studyDate, texts };
  });
}
