import {
  type Draft,
  type DraftField,
  type DraftTemplate,
  type ExamSectionCode,
  examSections,
  reportSections,
  type SectionCode,
  type SourcedWords,
} from '../report/index.ts';
import { type FilledSection, type FillWords, fillTemplate, nothingSaid } from './fill.ts';
import type { LevelledTemplate, TemplateFacts } from './template.ts';

export type ApplyHow = {
  /** Study Instance UID of another exam of a report over several; absent for the open one. */
  readonly exam?: string | undefined;
  /** Sections whose words the reader has said may go. */
  readonly replace?: ReadonlySet<SectionCode> | undefined;
  readonly said?: FillWords | undefined;
};

/** A section where words stand that the template would replace. */
export type InTheWay = {
  readonly code: SectionCode;
  readonly title: string;
  /** The words that would go. */
  readonly words: string;
};

const titleOf = (code: SectionCode): string => reportSections.find((one) => one.code === code)?.title ?? code;

function isOfExam(code: SectionCode): code is ExamSectionCode {
  return examSections.some((one) => one.code === code);
}

/** The text of a section, of the open exam or of another; null where that exam has no such section. */
export function sectionText(draft: Draft, code: SectionCode, exam: string | undefined): string | null {
  if (exam === undefined || exam === draft.studyUid) return draft.sections[code];
  const other = draft.together?.find((one) => one.studyUid === exam);
  return other === undefined || !isOfExam(code) ? null : other.texts[code];
}

export function withSectionText(draft: Draft, code: SectionCode, exam: string | undefined, text: string): Draft {
  if (exam === undefined || exam === draft.studyUid) return { ...draft, sections: { ...draft.sections, [code]: text } };
  const together = draft.together?.map((one) =>
    one.studyUid === exam && isOfExam(code) ? { ...one, texts: { ...one.texts, [code]: text } } : one,
  );
  return { ...draft, together };
}

/** How a span names the exam that it is of: not at all for the open one. */
function spanExam(draft: Draft, exam: string | undefined): string | undefined {
  return exam === draft.studyUid ? undefined : exam;
}

const isAt = (span: Pick<DraftField, 'section' | 'exam'>, code: SectionCode, exam: string | undefined): boolean =>
  span.section === code && span.exam === exam;

/** Whether a section holds nothing that would be lost: no words, or a template's as it put them. */
function isFree(draft: Draft, code: SectionCode, exam: string | undefined): boolean {
  const text = sectionText(draft, code, exam) ?? '';
  if (text.trim() === '') return true;
  return (draft.sourced ?? []).some(
    (one) =>
      one.source === 'template' &&
      isAt(one, code, spanExam(draft, exam)) &&
      one.rest !== true &&
      one.value === text &&
      one.from === 0,
  );
}

/** Sections of the draft with words of somebody else's than a template, where this one has words too: what has to be asked. */
export function sectionsInTheWay(
  draft: Draft,
  { template }: LevelledTemplate,
  facts: TemplateFacts,
  how: ApplyHow = {},
): readonly InTheWay[] {
  return placed(draft, fillTemplate(template, facts, how.said), how.exam)
    .filter(({ code }) => !isFree(draft, code, how.exam))
    .map(({ code }) => ({ code, title: titleOf(code), words: sectionText(draft, code, how.exam) ?? '' }));
}

/** Another exam of a report over several has technique, findings and impression of its own, and nothing else. */
function placed(draft: Draft, sections: readonly FilledSection[], exam: string | undefined): readonly FilledSection[] {
  return sections.filter(({ code }) => sectionText(draft, code, exam) !== null);
}

/** A key that no span of the draft has. */
function newKeys(draft: Draft): (of: string) => string {
  const taken = new Set([...(draft.fields ?? []), ...(draft.sourced ?? [])].map((one) => one.key));
  return (of) => {
    let number = 1;
    while (taken.has(`${of}-${number}`)) number += 1;
    const key = `${of}-${number}`;
    taken.add(key);
    return key;
  };
}

/**
 * A template's words and blanks in the draft: into sections without words, and into those where only a template's untouched words stand.
 * Words that anybody typed stay, unless `replace` names their section: a reader's words are never the price of choosing a template.
 * An addendum has no sections and stays as it is.
 */
export function applyTemplate(draft: Draft, chosen: LevelledTemplate, facts: TemplateFacts, how: ApplyHow = {}): Draft {
  if (draft.kind === 'addendum') return draft;
  const { level, template } = chosen;
  const exam = spanExam(draft, how.exam);
  const own = placed(draft, fillTemplate(template, facts, how.said ?? nothingSaid), how.exam).filter(
    ({ code }) => isFree(draft, code, how.exam) || how.replace?.has(code) === true,
  );
  if (own.length === 0) return draft;
  const key = newKeys(draft);
  const codes = new Set(own.map(({ code }) => code));
  const stays = (span: Pick<DraftField, 'section' | 'exam'>): boolean =>
    !(codes.has(span.section) && span.exam === exam);
  const fields: DraftField[] = (draft.fields ?? []).filter(stays);
  const sourced: SourcedWords[] = (draft.sourced ?? []).filter(stays);
  let next = draft;
  for (const section of own) {
    next = withSectionText(next, section.code, how.exam, section.text);
    const place = { section: section.code, ...(exam === undefined ? {} : { exam }) };
    for (const one of section.fields) fields.push({ key: key(one.field.id), ...place, ...one });
    if (section.text !== '')
      sourced.push({
        key: key('template'),
        ...place,
        from: 0,
        to: section.text.length,
        source: 'template',
        words: `from the template ${template.title}`.slice(0, 200),
        value: section.text,
      });
  }
  const entry: DraftTemplate = {
    id: template.id,
    version: template.version,
    title: template.title,
    level,
    ...(exam === undefined ? {} : { exam }),
  };
  // One for each exam: the latest is what most of its words are made from.
  const templates = [...(draft.templates ?? []).filter((one) => one.exam !== exam), entry].slice(-20);
  return { ...next, fields, sourced, templates };
}

/** Puts back what stood before a template was applied; null where the words were changed since, which then stay. */
export function undoneApply(draft: Draft, before: Draft, after: Draft): Draft | null {
  const words = (one: Draft): string =>
    JSON.stringify([
      one.kind,
      reportSections.map(({ code }) => one.sections[code]),
      (one.together ?? []).map((each) => [each.studyUid, each.texts]),
    ]);
  if (words(draft) !== words(after)) return null;
  const texts = new Map((before.together ?? []).map((one) => [one.studyUid, one.texts]));
  return {
    ...draft,
    sections: before.sections,
    ...(draft.together === undefined
      ? {}
      : { together: draft.together.map((one) => ({ ...one, texts: texts.get(one.studyUid) ?? one.texts })) }),
    fields: before.fields,
    sourced: before.sourced,
    templates: before.templates,
  };
}

/** Whether nothing is written yet, so that a template may be offered: Findings and Impression are empty, whatever order and images filled. */
export function hasNoWords(draft: Draft): boolean {
  return (
    draft.kind !== 'addendum' && draft.sections['59776-5'].trim() === '' && draft.sections['19005-8'].trim() === ''
  );
}
