import { err, ok, type Result } from '../../lib/result.ts';
import type { Draft, DraftField, ReportField, SectionCode, SourcedWords } from '../report/index.ts';
import { sectionText, withSectionText } from './apply.ts';
import { type FilledText, fillStatements } from './fill.ts';
import { type Condition, meetsCondition, type Statement, type TemplateFacts } from './template.ts';

/** Autotext: words with blanks, put in by name. */
export type ReportMacro = {
  readonly id: string;
  readonly version: number;
  /** By which it is called: "no pneumothorax". */
  readonly name: string;
  readonly also: readonly string[];
  /** Where it goes when the caret is in no section; null: Findings. */
  readonly section: SectionCode | null;
  readonly when: Condition | null;
  readonly fields: readonly ReportField[];
  readonly statements: readonly Statement[];
};

export type UnknownMacro =
  | {
      readonly code: 'unknown-macro' | 'not-for-this-exam';
      readonly name: string;
      /** Names that would do. */
      readonly near: readonly string[];
    }
  /** It is meant for this patient and exam, and one whose word counts there turned it off. */
  | { readonly code: 'turned-off'; readonly macro: ReportMacro };

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Macros that are meant for this patient and exam, by name. */
export function macrosFor(macros: readonly ReportMacro[], facts: TemplateFacts): readonly ReportMacro[] {
  return macros.filter(({ when }) => meetsCondition(when ?? undefined, facts));
}

/** The macro of that name for this patient and exam; of several with one name the first that is meant for it. `off`: those that were turned off. */
export function macroNamed(
  macros: readonly ReportMacro[],
  name: string,
  facts: TemplateFacts,
  off: readonly ReportMacro[] = [],
): Result<ReportMacro, UnknownMacro> {
  const wanted = plain(name);
  const isCalled = (one: ReportMacro): boolean =>
    [one.name, one.id, ...one.also].some((each) => plain(each) === wanted);
  const called = macros.filter(isCalled);
  const meant = macrosFor(called, facts)[0];
  if (meant !== undefined) return ok(meant);
  const meantAndOff = macrosFor(off.filter(isCalled), facts)[0];
  if (meantAndOff !== undefined) return err({ code: 'turned-off', macro: meantAndOff });
  const words = wanted.split(' ').filter((one) => one !== '');
  const near = macrosFor(macros, facts)
    .filter((one) => words.some((word) => ` ${plain(one.name)}`.includes(` ${word}`)))
    .map((one) => one.name)
    .slice(0, 5);
  return err({ code: called.length > 0 ? 'not-for-this-exam' : 'unknown-macro', name, near });
}

export function unknownMacroWords({
  code,
  name,
  near,
}: Exclude<UnknownMacro, { readonly code: 'turned-off' }>): string {
  const instead = near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`;
  return code === 'unknown-macro'
    ? `There is no macro “${name}”.${instead}`
    : `The macro “${name}” is not for this patient or exam.${instead}`;
}

/** A macro's words and blanks, as they go in. */
export function expandMacro(macro: ReportMacro, facts: TemplateFacts): FilledText {
  return fillStatements(macro.statements, macro.fields, facts);
}

export type MacroPlace = {
  readonly section: SectionCode;
  readonly exam?: string | undefined;
  /** UTF-16 offset in that section's text; the end when absent. */
  readonly at?: number | undefined;
};

/** The draft with the macro at its place, and the caret behind it; spans behind the place move with their words. An addendum has none. */
export function insertMacro(
  draft: Draft,
  macro: ReportMacro,
  facts: TemplateFacts,
  place: MacroPlace,
): { readonly draft: Draft; readonly caret: number } | null {
  const text = draft.kind === 'addendum' ? null : sectionText(draft, place.section, place.exam);
  if (text === null) return null;
  let at = Math.min(Math.max(Math.trunc(place.at ?? text.length), 0), text.length);
  // Never between the two halves of a character outside the basic plane.
  if (/[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1))) at -= 1;
  const filled = expandMacro(macro, facts);
  const lead = at === 0 || /\s$/.test(text.slice(0, at)) ? '' : ' ';
  const trail = at === text.length || /^[\s.,;:)\]]/.test(text.slice(at)) ? '' : ' ';
  const put = `${lead}${filled.text}${trail}`;
  const exam = place.exam === draft.studyUid ? undefined : place.exam;
  const isHere = (span: Pick<DraftField, 'section' | 'exam'>): boolean =>
    span.section === place.section && span.exam === exam;
  const fields = (draft.fields ?? []).map((one) => (isHere(one) ? moved(one, at, put.length) : one));
  // Words with others in the middle of them are no longer those that came from there.
  const sourced = (draft.sourced ?? [])
    .filter((one) => !isHere(one) || at <= one.from || at >= one.to)
    .map((one) => (isHere(one) ? moved(one, at, put.length) : one));
  const taken = new Set([...fields, ...sourced].map((one) => one.key));
  const key = (of: string): string => {
    let number = 1;
    while (taken.has(`${of}-${number}`)) number += 1;
    taken.add(`${of}-${number}`);
    return `${of}-${number}`;
  };
  const begin = at + lead.length;
  const where = { section: place.section, ...(exam === undefined ? {} : { exam }) };
  const own: DraftField[] = filled.fields.map((one) => ({
    key: key(one.field.id),
    ...where,
    ...one,
    from: one.from + begin,
    to: one.to + begin,
  }));
  const source: SourcedWords[] =
    filled.text === ''
      ? []
      : [
          {
            key: key('macro'),
            ...where,
            from: begin,
            to: begin + filled.text.length,
            source: 'macro',
            words: `from the macro ${macro.name}`.slice(0, 200),
            value: filled.text,
          },
        ];
  const next = withSectionText(draft, place.section, place.exam, text.slice(0, at) + put + text.slice(at));
  return {
    draft: { ...next, fields: [...fields, ...own], sourced: [...sourced, ...source] },
    caret: at + put.length,
  };
}

/** A span after words were put in: behind the place it moves, around it it grows. */
function moved<Span extends { readonly from: number; readonly to: number }>(span: Span, at: number, by: number): Span {
  const from = span.from >= at ? span.from + by : span.from;
  const to = span.to > at || (span.to === at && span.from === at) ? span.to + by : span.to;
  return from === span.from && to === span.to ? span : { ...span, from, to };
}
