import { displayDate } from '../../study/index.ts';
import { type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { datesIn, isDay } from '../text/dates.ts';
import { hasWords, sentencesOf } from '../text/sentences.ts';

const none = [
  'no prior',
  'no priors',
  'no previous',
  'no comparison',
  'no comparisons',
  'no relevant prior',
  'no relevant priors',
  'no available prior',
  'none available',
  'not available',
  'no old',
  'without comparison',
  'without prior',
  'no earlier',
];

export const noPriorRule: CheckRule = {
  id: 'no-prior',
  title: '“No prior” only where none was opened',
  severity: 'tell',
  why: 'The reader opened an earlier exam, and the report says that there is none.',
  find: ({ sections, priors }) => {
    const opened = priors?.opened.length ?? 0;
    if (opened === 0) return [];
    return sections.flatMap((section) =>
      sentencesOf(section.text).flatMap(({ tokens, from, to }): Found[] => {
        const comparison = section.code === '18834-2';
        const bare = comparison && /^(none|nil)$/.test(tokens[0]?.text ?? '') && tokens.length <= 3;
        if (
          !bare &&
          !(comparison
            ? hasWords(tokens, ...none)
            : hasWords(tokens, ...none.filter((row) => /prior|comparison/.test(row))))
        )
          return [];
        // "No prior surgery" is of the patient, not of exams.
        if (
          !comparison &&
          !hasWords(
            tokens,
            'available',
            'comparison',
            'comparisons',
            'study',
            'studies',
            'exam',
            'exams',
            'examination',
            'examinations',
            'imaging',
            'films',
            'radiographs',
          )
        )
          return [];
        return [
          {
            words: `${quoted(section.text, from, to)}, and ${opened === 1 ? 'a prior was' : `${opened} priors were`} opened.`,
            at: placeOf(section, from, to),
          },
        ];
      }),
    );
  },
};

const compares = [
  'compared to',
  'compared with',
  'in comparison to',
  'in comparison with',
  'comparison',
  'since',
  'prior',
  'previous',
];

export const comparisonNotOpenedRule: CheckRule = {
  id: 'comparison-not-opened',
  title: 'What is compared with was opened',
  severity: 'tell',
  why: 'A date that was dictated from memory, carried from another report, or of an exam that nobody looked at.',
  find: ({ sections, priors }) => {
    if (priors === null) return [];
    const dates = priors.found
      .filter(({ studyUid }) => priors.opened.includes(studyUid))
      .flatMap(({ studyDate }) => (studyDate === null ? [] : [studyDate]));
    const known = priors.found.flatMap(({ studyDate }) => (studyDate === null ? [] : [studyDate]));
    return sections
      .filter(({ code }) => code !== '55752-0' && code !== '55111-9')
      .flatMap((section) =>
        datesIn(section.text).flatMap(({ day, from, to }): Found[] => {
          const sentence = sentencesOf(section.text).find((one) => one.from <= from && to <= one.to);
          const claimed =
            section.code === '18834-2' || (sentence !== undefined && hasWords(sentence.tokens, ...compares));
          if (!claimed || dates.some((one) => isDay(one, day))) return [];
          const there = known.find((one) => isDay(one, day));
          const words =
            there === undefined
              ? `No exam of ${quoted(section.text, from, to)} is known of this patient.`
              : `The exam of ${displayDate(there)} was not opened.`;
          return [{ words, at: placeOf(section, from, to) }];
        }),
      );
  },
};
