import { describe, expect, it } from 'vitest';
import { intervalWords } from './interval.ts';
import { recognitionRules, recommendationsIn } from './recognise.ts';

const impression = (text: string) => recommendationsIn([{ code: '19005-8', text }]);

/** Words -> kind of exam, part of the body, time, condition, how many doubts. */
const said: readonly (readonly [
  words: string,
  kinds: string,
  part: string,
  time: string,
  condition: string,
  doubts: number,
])[] = [
  ['Recommend follow-up CT of the chest in 6 months.', 'CT', 'chest', 'in 6 months', '', 0],
  ['RECOMMEND FOLLOW-UP CT CHEST IN 6 MONTHS', 'CT', 'chest', 'in 6 months', '', 0],
  ['Follow up chest CT recommended in 3 to 6 months.', 'CT', 'chest', 'in 3 to 6 months', '', 0],
  ['A chest CT in 3-6 months is recommended', 'CT', 'chest', 'in 3 to 6 months', '', 0],
  ['Pelvic ultrasound is recommended in six to twelve weeks.', 'US', 'pelvis', 'in 6 to 12 weeks', '', 0],
  ['Recommend MRI of the brain within a week.', 'MR', 'head', 'within 1 week', '', 0],
  ['MRI of the lumbar spine is recommended within 48 hours.', 'MR', 'lumbar spine', 'within 2 days', '', 0],
  ['Repeat radiographs of the wrist are advised in 10-14 days.', 'XR', 'hand', 'in 10 to 14 days', '', 0],
  ['Annual mammography is recommended.', 'MG', 'breast', 'in 1 year', '', 0],
  ['Surveillance ultrasound of the aorta every 12 months is suggested.', 'US', 'aorta', 'in 12 months', '', 0],
  ['A 6-month follow-up US of the thyroid is recommended.', 'US', 'neck', 'in 6 months', '', 0],
  ['Renal ultrasound should be obtained in 6 weeks to 3 months.', 'US', 'kidneys', 'in 6 weeks to 3 months', '', 0],
  ['No fracture is seen; recommend MRI of the hip within 3 days.', 'MR', 'hip', 'within 3 days', '', 0],
  ['Nodule not seen before: CT chest in 3 months is recommended.', 'CT', 'chest', 'in 3 months', '', 0],
  ['Recommend CT chest without contrast in 6 months.', 'CT', 'chest', 'in 6 months', '', 0],
  ['Stable for 2 years; CT chest in 12 months is recommended.', 'CT', 'chest', 'in 12 months', '', 0],
  ['Recommend chest radiograph in 6 weeks to ensure resolution.', 'XR', 'chest', 'in 6 weeks', '', 0],
  // A condition is kept with it.
  ['If symptoms persist, recommend MRI of the knee in 2 weeks.', 'MR', 'knee', 'in 2 weeks', 'If symptoms persist', 0],
  ['MRI of the shoulder is recommended if clinically indicated.', 'MR', 'shoulder', '', 'if clinically indicated', 1],
  [
    'Recommend pelvic ultrasound in 6 weeks as clinically indicated.',
    'US',
    'pelvis',
    'in 6 weeks',
    'as clinically indicated',
    0,
  ],
  ['Should symptoms worsen, CT of the abdomen is recommended.', 'CT', 'abdomen', '', 'Should symptoms worsen', 1],
  // What is not said is not filled in; it is told.
  ['Recommend follow-up in 6 months.', '', '', 'in 6 months', '', 2],
  ['Recommend follow-up CT.', 'CT', '', '', '', 2],
  ['Consider MRI of the liver in 3 months.', 'MR', 'abdomen', 'in 3 months', '', 1],
  ['Follow-up CT chest in 3 months.', 'CT', 'chest', 'in 3 months', '', 1],
  ['Recommend CT or MRI of the abdomen in 6 months.', 'CT MR', 'abdomen', 'in 6 months', '', 1],
  ['Recommend chest CT at 6-12 months, then at 18-24 months.', 'CT', 'chest', 'in 6 to 12 months', '', 1],
  // A denial in one part says nothing of the other.
  [
    'No follow-up CT is needed, but ultrasound of the thyroid in 12 months is recommended.',
    'US',
    'neck',
    'in 12 months',
    '',
    0,
  ],
];

/** Words that recommend no imaging. */
const silent: readonly string[] = [
  'No follow-up is needed.',
  'No further imaging is recommended.',
  'Follow-up is not required.',
  'Follow-up imaging is not recommended in 6 months.',
  'This does not require follow-up.',
  'Without need for follow-up imaging.',
  'No routine follow-up imaging recommended for this nodule.',
  'Recommend clinical correlation.',
  'Recommend follow-up with primary care in 2 weeks.',
  'Surgical consultation is recommended.',
  'Compared with the follow-up CT of 6 months ago.',
  'Nodule stable since follow-up CT 6 months ago.',
  'CT chest was performed 3 months ago.',
  'The patient was seen 2 weeks ago.',
  'Unchanged over the last 6 months.',
  'Pulmonary nodule, 6 mm.',
  '',
];

describe('recommendations in the words of a report', () => {
  it.each(said)('%s', (words, kinds, part, time, condition, doubts) => {
    const [found, ...more] = impression(words);
    expect(more).toEqual([]);
    expect({
      kinds: found?.modalities.join(' '),
      part: found?.bodyPart ?? '',
      time: found?.interval == null ? '' : intervalWords(found.interval),
      condition: found?.condition,
      doubts: found?.doubts.length,
    }).toEqual({ kinds, part, time, condition, doubts });
  });

  it.each(silent)('none in: %s', (words) => {
    expect(impression(words)).toEqual([]);
  });

  it('are read in findings, impression and addendum, and not where the history is told', () => {
    const text = 'Recommend CT chest in 6 months.';
    for (const code of ['59776-5', '19005-8', '55107-7', 'addendum'])
      expect(recommendationsIn([{ code, text }])).toHaveLength(1);
    for (const code of ['55752-0', '18834-2', '55111-9', '73568-8'])
      expect(recommendationsIn([{ code, text }])).toEqual([]);
  });

  it('quote the sentence as it stands, with its place and its exam', () => {
    const text = '1. Nodule, 7 mm.\n2. Recommend CT chest in 6 months.';
    const [found] = recommendationsIn([{ code: '19005-8', text, exam: '1.2.3' }]);
    expect(found?.quote).toBe('Recommend CT chest in 6 months');
    expect(text.slice(found?.from, found?.to)).toBe(found?.quote);
    expect(found?.exam).toBe('1.2.3');
  });

  it('name the rules that found them, each of which is listed', () => {
    const rules = new Set(said.flatMap(([words]) => impression(words).flatMap((one) => one.rules)));
    for (const rule of rules) expect(Object.keys(recognitionRules)).toContain(rule);
    for (const rule of [
      'recommended',
      'optional',
      'follow-up',
      'conditional',
      'range',
      'within',
      'in',
      'adjective',
      'every',
    ])
      expect([...rules]).toContain(rule);
  });
});
