import { type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { isWord, type Sentence } from '../text/sentences.ts';
import { type NamedSize, sizesIn } from '../text/sizes.ts';
import { pairsOf } from './contradiction.ts';

const stop =
  /^(the|and|with|this|that|measures|measuring|measured|approximately|about|right|left|seen|there|are|was|has|which|from|for|its|size|diameter|largest|dimension|stable|new|small|large|mm|cm)$/;

const wordsOf = ({ tokens }: Sentence): ReadonlySet<string> =>
  new Set(
    tokens
      .filter(({ text }) => isWord(text) && text.length > 3 && !stop.test(text))
      .map(({ text }) => text.replace(/s$/, '')),
  );

/** Ten times or a tenth in each dimension: the point or the unit slipped. */
function slipped(one: NamedSize, other: NamedSize): boolean {
  if (one.millimetres.length !== other.millimetres.length) return false;
  const ratios = one.millimetres.map((value, place) => value / (other.millimetres[place] ?? Number.NaN));
  const near = (ratio: number, wanted: number): boolean => Math.abs(ratio / wanted - 1) < 0.005;
  return ratios.every((ratio) => near(ratio, 10)) || ratios.every((ratio) => near(ratio, 0.1));
}

const equal = (one: NamedSize, other: NamedSize): boolean =>
  one.millimetres.length === other.millimetres.length &&
  one.millimetres.every((value, place) => Math.abs(value - (other.millimetres[place] ?? Number.NaN)) < 0.51);

function together(one: NamedSize, other: NamedSize): boolean {
  const words = wordsOf(other.sentence);
  return [...wordsOf(one.sentence)].some((word) => words.has(word));
}

export const measurementJumpRule: CheckRule = {
  id: 'measurement-jump',
  title: 'A size is the same in Findings, Impression and on the images',
  severity: 'tell',
  why: 'One size ten times the other is a slip of the unit or of the point, and the orderer reads the Impression.',
  find: ({ sections, measurements }) => {
    const drawn = measurements.flatMap((text) => sizesIn(text));
    const ofSections = pairsOf(sections).flatMap(({ findings, impression }) => {
      const seen = sizesIn(findings.text);
      return sizesIn(impression.text).flatMap((size): Found[] => {
        if (seen.some((one) => equal(one, size))) return [];
        const other = seen.find((one) => slipped(one, size) && together(one, size));
        return other === undefined
          ? []
          : [
              {
                words: `Impression has ${quoted(impression.text, size.from, size.to)}, Findings ${quoted(findings.text, other.from, other.to)}.`,
                at: placeOf(impression, size.from, size.to),
              },
            ];
      });
    });
    const texts = sections.filter(({ code }) => code === '59776-5' || code === '19005-8' || code === 'addendum');
    const ofImages = texts.flatMap((section) =>
      sizesIn(section.text).flatMap((size): Found[] => {
        if (drawn.some((one) => equal(one, size))) return [];
        const other = drawn.find((one) => slipped(one, size));
        return other === undefined
          ? []
          : [
              {
                words: `${quoted(section.text, size.from, size.to)}: ${other.values.join(' x ')} ${other.unit} was measured on the images.`,
                at: placeOf(section, size.from, size.to),
              },
            ];
      }),
    );
    return [...ofSections, ...ofImages];
  },
};
