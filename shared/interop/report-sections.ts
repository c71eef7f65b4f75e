import {
  addendumSectionCode,
  afterPreliminaryText,
  type ReportContent,
  type ReportSection,
  type ReportState,
  sectionHeading,
  sectionTitle,
  twoNamesText,
} from '../domain/report/index.ts';
import { siteTimeText } from './text/site-time.ts';

/** States of a report that has left the reader's desk; only these are encoded for others. */
export type ReleasedState = Exclude<ReportState, 'draft' | 'signed-not-released'>;

/** Said on every demo document, in every format. */
export const notForClinicalUse = 'NOT FOR CLINICAL USE';

export type PrintedSection = ReportSection;

/**
 * The sections as every format carries them: the signed text, empty ones left out, and the reason of an addendum or a correction
 * in section 55107-7, so that no receiver shows a changed report without saying that and why it changed.
 */
export function printedSections(content: ReportContent): readonly PrintedSection[] {
  const written = content.sections.filter((section) => section.text.trim() !== '');
  if (content.kind !== 'addendum' && content.kind !== 'correction') return written;
  const reason = content.reason === null || content.reason.trim() === '' ? 'not given' : content.reason.trim();
  const line =
    content.kind === 'addendum' ? `Reason of the addendum: ${reason}` : `Corrected report. Reason: ${reason}`;
  const found = written.some((section) => section.code === addendumSectionCode);
  return found
    ? written.map((section) =>
        section.code === addendumSectionCode ? { ...section, text: `${section.text}\n${line}` } : section,
      )
    : [...written, { code: addendumSectionCode, title: 'Addendum', text: line }];
}

/** The same, each section of one exam among several under a title that names the exam: for formats that show titles. */
export function titledSections(content: ReportContent): readonly PrintedSection[] {
  return printedSections(content).map((section) => ({ ...section, title: sectionTitle(content, section) }));
}

/** The same, the exam's heading as the first line of its words: for formats whose receivers may show a code's own title, or none. */
export function headedSections(content: ReportContent): readonly PrintedSection[] {
  return printedSections(content).map((section) => {
    const heading = sectionHeading(content, section);
    return heading === null ? section : { ...section, text: `${heading}:\n${section.text}` };
  });
}

/** The words that a hurried reader sees first: the impression, and an addendum's text after it. */
export function conclusionOf(content: ReportContent): string {
  // A report that is none has no impression, and its one section is no addendum to anything.
  if (content.kind === 'withdrawal') return content.sections.map((section) => section.text).join('\n\n');
  const sections = headedSections(content);
  const impressions = sections.filter((section) => section.code === '19005-8').map((section) => section.text);
  const addendum = sections.find((section) => section.code === addendumSectionCode);
  return [...impressions, addendum === undefined ? '' : `Addendum: ${addendum.text}`]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The word that stands on every page and at the head of every channel of a version that is no report to act upon as it is; null for others. */
export function stateMark(state: ReleasedState): 'PRELIMINARY' | 'WITHDRAWN' | null {
  if (state === 'preliminary') return 'PRELIMINARY';
  return state === 'entered-in-error' ? 'WITHDRAWN' : null;
}

/** Who makes the final of a preliminary and by when, on the site's clock; null for every other version, and where nobody said. */
export function finalisationText(content: Pick<ReportContent, 'finalisation'>, zone: string): string | null {
  const { finalisation } = content;
  if (finalisation === undefined) return null;
  const due = finalisation.due === null ? 'no time agreed' : `due ${siteTimeText(finalisation.due, zone)}`;
  return `by ${finalisation.by}, ${due}`;
}

/** Lines that stand before every word of a version, on channels that carry no page to mark. */
export function noticesOf(content: ReportContent, state: ReleasedState, zone: string): readonly string[] {
  const mark = stateMark(state);
  const final = finalisationText(content, zone);
  const after = afterPreliminaryText(content);
  const two = twoNamesText(content);
  return [
    ...(content.notForClinicalUse ? [notForClinicalUse] : []),
    ...(mark === null ? [] : [mark]),
    ...(final === null ? [] : [`Final report: ${final}`]),
    ...(after === null ? [] : [`This report ${after}`]),
    ...(two === null ? [] : [`This report is ${two}`]),
  ];
}

/** What a version is, in the words that stand on its documents. */
export function stateTitle(state: ReleasedState): string {
  switch (state) {
    case 'preliminary':
      return 'Preliminary report';
    case 'final':
      return 'Final report';
    case 'appended':
      return 'Final report with addendum';
    case 'corrected':
      return 'Corrected final report';
    case 'entered-in-error':
      return 'WITHDRAWN: entered in error';
  }
}
