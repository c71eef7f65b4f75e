import { type CheckedSection, type CheckRule, type Found, placeOf, quoted } from '../check.ts';

const blank = ({ text }: CheckedSection): boolean => text.trim() === '';
const whole = (section: CheckedSection) => placeOf(section, 0, section.text.length);

export const impressionEmptyRule: CheckRule = {
  id: 'impression-empty',
  title: 'The impression is written',
  severity: 'stop',
  why: 'It is what the orderer reads first, and often all (ACR Practice Parameter for Communication of Diagnostic Imaging Findings, II.C).',
  find: ({ kind, sections }) =>
    kind === 'addendum'
      ? []
      : sections
          .filter((one) => one.code === '19005-8' && blank(one))
          .map((one) => ({ words: 'The Impression is empty.', at: whole(one) })),
};

export const fieldOpenRule: CheckRule = {
  id: 'field-open',
  title: 'Required fields are filled',
  severity: 'stop',
  why: 'A template marks a field as required where a report without it is incomplete.',
  find: ({ openFields }) =>
    openFields.map(({ name, section, exam, from }) => ({
      words: `${name} is required and still open.`,
      at: { section, exam, from, to: from },
    })),
};

export const sectionEmptyRule: CheckRule = {
  id: 'section-empty',
  title: 'Findings and Comparison say something',
  severity: 'tell',
  why: 'A report without findings cannot be checked against its impression; priors that were opened are named.',
  find: ({ kind, sections, priors }) =>
    kind === 'addendum'
      ? []
      : sections.filter(blank).flatMap((one): Found[] => {
          if (one.code === '59776-5') return [{ words: 'Findings are empty.', at: whole(one) }];
          if (one.code === '18834-2' && (priors?.opened.length ?? 0) > 0)
            return [{ words: 'Comparison is empty, and a prior was opened.', at: whole(one) }];
          return [];
        }),
};

export const sectionUntouchedRule: CheckRule = {
  id: 'section-untouched',
  title: 'Findings and Impression are the reader’s own',
  severity: 'tell',
  why: 'A normal template that nobody has changed says what nobody has looked for.',
  find: ({ sections }) =>
    sections
      .filter(
        ({ code, untouched, text }) =>
          (code === '59776-5' || code === '19005-8') && untouched !== null && text.trim() !== '',
      )
      .map((one) => ({
        words: `${one.code === '59776-5' ? 'Findings' : 'The Impression'}: every word is still from ${one.untouched}.`,
        at: whole(one),
      })),
};

/** What templates and macros leave where words are to come. */
const left = /\[[^\]\n]{0,60}\]|\{[^}\n]{0,60}\}|<<[^>\n]{0,60}>>|\*{3,}|_{3,}|\?{3,}/g;

export const placeholderRule: CheckRule = {
  id: 'placeholder',
  title: 'Nothing of a template is left open',
  severity: 'tell',
  why: 'Blanks of a template or macro that nobody filled reach the orderer as they stand.',
  find: ({ sections }) =>
    sections.flatMap((section) =>
      [...section.text.matchAll(left)].slice(0, 5).map((match) => ({
        words: `A blank was left: ${quoted(section.text, match.index, match.index + match[0].length)}.`,
        at: placeOf(section, match.index, match.index + match[0].length),
      })),
    ),
};
