import type { Instant } from '../../lib/instant.ts';
import { parseReadingFrom, readingFromWords } from '../reader/index.ts';
import {
  addendumSectionCode,
  communicationSectionCode,
  type Draft,
  type DraftExam,
  type ReleaseKind,
  type ReportContent,
  reportSections,
  type SectionTexts,
} from './report.ts';
import { type Prefill, sourcedFromPrefill } from './source-words.ts';
import { examSections, isTogether, sectionTitle } from './together.ts';

export function emptySections(): SectionTexts {
  return { '55752-0': '', '55111-9': '', '18834-2': '', '59776-5': '', '19005-8': '' };
}

/** Whose draft it is and what it builds on. */
export type DraftFacts = Pick<Draft, 'taskId' | 'studyUid' | 'readerId'> & {
  readonly kind?: Draft['kind'];
  readonly baseVersion?: number;
  /** How many images are here now. */
  readonly images?: number;
  readonly now: Instant;
};

/** A first draft, revision 0: the sections that order and images fill, and nothing in Findings and Impression. */
export function draftFrom(prefill: Prefill, facts: DraftFacts): Draft {
  const sourced = sourcedFromPrefill(prefill);
  return {
    taskId: facts.taskId,
    studyUid: facts.studyUid,
    readerId: facts.readerId,
    kind: facts.kind ?? 'report',
    baseVersion: facts.baseVersion ?? 0,
    revision: 0,
    sections: {
      ...emptySections(),
      '55752-0': prefill.clinicalInformation,
      '55111-9': prefill.technique,
      '18834-2': prefill.comparison,
    },
    addendum: '',
    reason: '',
    measurements: [],
    ...(facts.images === undefined ? {} : { imagesAtStart: facts.images }),
    ...(sourced.length === 0 ? {} : { sourced }),
    savedAt: facts.now,
  };
}

/**
 * The sections that a signature covers, in reading order: those with words, or the addendum alone. White space at line ends and
 * around the whole is no part of them, because channels that carry lines cannot keep it.
 */
export function signedSections(
  draft: Pick<Draft, 'kind' | 'sections' | 'addendum' | 'communication'> & TogetherWords,
): ReportContent['sections'] {
  if (draft.kind === 'addendum') {
    return [{ code: addendumSectionCode, title: 'Addendum', text: textLines(draft.addendum).join('\n') }];
  }
  const told = communicationSection(draft);
  if (isTogether(draft)) return [...togetherSections(draft), ...told];
  const written = reportSections
    .map(({ code, title }) => ({ code, title, text: textLines(draft.sections[code]).join('\n') }))
    .filter(({ text }) => text !== '');
  return [...written, ...told];
}

function communicationSection({ communication }: Pick<Draft, 'communication'>): ReportContent['sections'] {
  const text = textLines(communication ?? '').join('\n');
  return text === '' ? [] : [{ code: communicationSectionCode, title: 'Communication', text }];
}

type TogetherWords = Partial<Pick<Draft, 'together' | 'studyUid'>>;

/** What is of all exams first, then exam by exam, the open one before the others. */
function togetherSections({
  sections,
  together,
  studyUid,
}: Pick<Draft, 'sections'> & TogetherWords): ReportContent['sections'] {
  const ofAll = reportSections
    .filter(({ code }) => !examSections.some((one) => one.code === code))
    .map(({ code, title }) => ({ code, title, text: textLines(sections[code]).join('\n') }));
  const exams = [{ studyUid: studyUid ?? '', texts: sections as DraftExam['texts'] }, ...(together ?? [])];
  const ofEach = exams.flatMap((exam) =>
    examSections.map(({ code, title }) => ({
      code,
      title,
      text: textLines(exam.texts[code]).join('\n'),
      exam: exam.studyUid,
    })),
  );
  return [...ofAll, ...ofEach].filter(({ text }) => text !== '');
}

/**
 * The sections of the next version: an addendum keeps all that was signed and adds to it, a correction replaces the sections and keeps
 * the addenda, so that whoever reads the newest version reads every signed word that still stands.
 */
export function nextSections(
  kind: ReleaseKind,
  draft: Pick<Draft, 'sections' | 'addendum' | 'communication'> & TogetherWords,
  parent: ReportContent['sections'] | null,
): ReportContent['sections'] {
  const own = signedSections({ ...draft, kind: kind === 'addendum' ? 'addendum' : 'report' });
  if (parent === null) return own;
  if (kind === 'addendum') return [...parent, ...own];
  return kind === 'correction' ? [...own, ...parent.filter((section) => section.code === addendumSectionCode)] : own;
}

/** Lines of a section's text, without white space at their ends and without blank lines around the whole; empty for no words. */
export function textLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\r\n\u0085\u2028\u2029]/).map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const headings: Readonly<Record<ReleaseKind, string>> = {
  preliminary: 'PRELIMINARY REPORT',
  final: 'FINAL REPORT',
  addendum: 'ADDENDUM',
  correction: 'CORRECTED REPORT',
  withdrawal: 'WITHDRAWN: ENTERED IN ERROR',
};

/** The mark that demo content carries wherever it is shown. */
export const notForClinicalUseText = 'NOT FOR CLINICAL USE';

/**
 * A signed version as plain lines, the same for every channel: HTML, PDF, SR and HL7 hold these words and no others. Blank lines
 * stand between sections.
 */
export function contentText(content: ReportContent): readonly string[] {
  const lines: string[] = [];
  if (content.notForClinicalUse) lines.push(notForClinicalUseText, '');
  lines.push(headings[content.kind]);
  if (content.reason !== null && content.reason.trim() !== '') {
    lines.push(...textLines(`Reason: ${content.reason}`));
  }
  for (const section of content.sections) lines.push('', sectionTitle(content, section), ...textLines(section.text));
  if (content.identityResolution !== null) {
    const { reason, by, differences } = content.identityResolution;
    lines.push('', 'Patient identity', ...differences.flatMap(textLines), ...textLines(`Resolved by ${by}: ${reason}`));
  }
  const npi = content.signer.npi === null ? '' : `, NPI ${content.signer.npi}`;
  const place = placeOfSignature(content);
  const from = place === null ? '' : `, read from ${place}`;
  lines.push(
    '',
    ...(content.dictatedBy === undefined ? [] : [`Dictated by ${content.dictatedBy.name}`]),
    `Electronically signed by ${content.signer.name}${npi}${from}, ${new Date(content.signedAt).toISOString()}`,
  );
  return lines;
}

/**
 * Puts a measurement into Findings at the caret (UTF-16 index; the end when absent), with a space where words would touch.
 * Answers the new text and the caret behind it.
 */
export function insertMeasurement(
  findingsText: string,
  measurementText: string,
  caret: number = findingsText.length,
): { readonly text: string; readonly caret: number } {
  let at = Math.min(Math.max(Math.trunc(caret), 0), findingsText.length);
  // Never between the two halves of a character outside the basic plane.
  if (/[\udc00-\udfff]/.test(findingsText.charAt(at)) && /[\ud800-\udbff]/.test(findingsText.charAt(at - 1))) at -= 1;
  const before = findingsText.slice(0, at);
  const behind = findingsText.slice(at);
  const lead = before === '' || /[\s([]$/.test(before) ? '' : ' ';
  const trail = behind === '' || /^[\s.,;:)\]]/.test(behind) ? '' : ' ';
  const inserted = `${lead}${measurementText}${trail}`;
  return { text: before + inserted + behind, caret: before.length + inserted.length };
}

/** Where the signer sat, in words ("Nevada"); null where she did not say. */
export function placeOfSignature(content: Pick<ReportContent, 'readingFrom'>): string | null {
  const from = parseReadingFrom(content.readingFrom ?? '');
  return from === null ? null : readingFromWords(from);
}
