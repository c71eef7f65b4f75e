import { oneSidedRegions, type Region, readExamWords, relateRegions } from '../../order/index.ts';
import { type CheckedExam, type CheckFacts, type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { hasWords, type Sentence, sentencesOf } from '../text/sentences.ts';
import { isOfOrgan, sideOf } from '../text/sides.ts';

const sideWords = { L: 'left', R: 'right' } as const;

/** Parts that are imaged one side at a time; a chest or a head has both sides on it, whatever the order names. */
const limbs: ReadonlySet<Region> = new Set(oneSidedRegions);

/** The one side that order and images are of; null where they are of both, of none, or do not agree. */
export function sideOfExam(exam: CheckedExam): 'L' | 'R' | null {
  const told = [exam.orderSide, exam.imagesSide, readExamWords(exam.names.join(' ')).laterality].filter(
    (one) => one !== null,
  );
  const [first] = told;
  return first === undefined || first === 'B' || told.some((one) => one !== first) ? null : first;
}

function pairedRegions(exam: CheckedExam): ReadonlySet<Region> {
  const all = [...readExamWords(exam.names.join(' ')).regions];
  // "Chest, left ribs": both sides of it are on the images.
  return all.every((one) => limbs.has(one) || one === 'pelvis' || one === 'chest')
    ? new Set(all.filter((one) => limbs.has(one)))
    : new Set();
}

/** The sentence speaks of the other side on purpose. */
const onPurpose = [
  'compared',
  'comparison',
  'contralateral',
  'opposite',
  'asymmetric',
  'asymmetry',
  'symmetric',
  'uninjured',
  'both',
  'bilateral',
  'versus',
  'than',
  'history',
  'status post',
  'handed',
];

function wrongSides(
  sentence: Sentence,
  side: 'L' | 'R',
  regions: ReadonlySet<Region>,
): readonly { from: number; to: number; until: number }[] {
  const { tokens } = sentence;
  if (hasWords(tokens, ...onPurpose)) return [];
  const other = side === 'L' ? 'R' : 'L';
  const named = tokens.some(({ text }) => sideOf(text) === side);
  return tokens.flatMap(({ text, from, to }, at) => {
    const next = tokens[at + 1]?.text ?? '';
    if (sideOf(text) !== other || named || isOfOrgan(next)) return [];
    if (
      /^(lateral|anterior|posterior|oblique|decubitus|upper|lower)$/.test(next) &&
      /^(decubitus|oblique|quadrant|view|projection)$/.test(tokens[at + 2]?.text ?? '')
    )
      return [];
    const place = readExamWords(
      tokens
        .slice(at + 1, at + 4)
        .map((one) => one.text)
        .join(' '),
    ).regions;
    // A part that the exam is not of has its own side: "right groin pain" beside a left knee.
    if (place.size > 0 && relateRegions(place, regions) === 'other') return [];
    return [{ from, to, until: /^\p{L}/u.test(next) ? (tokens[at + 1]?.to ?? to) : to }];
  });
}

function examOf(facts: CheckFacts, exam: string | null): CheckedExam | null {
  if (exam !== null) return facts.exams.find(({ studyUid }) => studyUid === exam) ?? null;
  return facts.exams.length === 1 ? (facts.exams[0] ?? null) : null;
}

export const sideOfExamRule: CheckRule = {
  id: 'side-of-exam',
  title: 'The side in the words is the side of the exam',
  severity: 'ask',
  why: 'A wrong side in a report is a wrong side in the operating room. Laterality (0020,0060), PS3.3 C.7.3.1; Image Laterality (0020,0062), PS3.3 C.8.11.3.',
  find: (facts) =>
    facts.sections.flatMap((section): Found[] => {
      const exam = examOf(facts, section.exam);
      // An indication may be of anything that hurts, and a comparison of the other side.
      if (exam === null || section.code === '55752-0' || section.code === '18834-2') return [];
      const side = sideOfExam(exam);
      const regions = pairedRegions(exam);
      if (side === null || regions.size === 0) return [];
      return sentencesOf(section.text).flatMap((sentence) =>
        wrongSides(sentence, side, regions).map(({ from, to, until }) => ({
          words: `${quoted(section.text, from, until)}: the exam is of the ${sideWords[side]} side.`,
          at: placeOf(section, from, to),
        })),
      );
    }),
};
