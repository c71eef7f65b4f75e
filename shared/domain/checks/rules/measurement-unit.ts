import { type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { sentencesOf, type Token } from '../text/sentences.ts';
import { type NumberRun, numbersIn } from '../text/sizes.ts';

/** The largest that a thing is ever seen, in millimetres: beyond it the unit is wrong. Generous on purpose. */
const largest: readonly (readonly [string, number])[] = [
  ['nodule|nodules|micronodule|micronodules', 60],
  ['granuloma|granulomas', 60],
  ['polyp|polyps', 100],
  ['stone|stones|calculus|calculi', 100],
  ['node|nodes', 120],
  ['appendix', 60],
  ['duct', 50],
  ['wall|endometrium|stripe', 80],
  ['shift', 50],
  ['pneumothorax', 200],
  ['spur|osteophyte|fragment', 60],
  ['aneurysm|aorta', 200],
  ['cyst|cysts', 400],
  ['mass|masses|lesion|collection|hematoma|haematoma|abscess', 400],
];
const limits = new Map(largest.flatMap(([words, limit]) => words.split('|').map((word) => [word, limit] as const)));
/** No length on a picture of a person is longer. */
const longest = 2_500;

const measures = /^(measure|measures|measuring|measured|diameter|diameters|thickness|caliber|calibre)$/;
const sizeWords = /^(measure|measures|measuring|measured)$/;
const otherUnits =
  /^(hu|hounsfield|degrees?|deg|°|%|percent|ml|cc|cm3|mm3|l|liters?|litres?|weeks?|days?|months?|years?|hours?|minutes?|m|ms|sec|seconds?|g|kg|mg|cm2|mm2|suv|bpm|mmhg|cm\/s|kpa|gy|msv|hz|times|vertebrae|vertebral|french|fr|gauge|v|kv|ma|mas|to|of|in|out|and|or|-|–|\/|x|:|f)$/;

function tooLarge(run: NumberRun): boolean {
  if (run.unit === null) return false;
  const most = Math.max(...run.millimetres);
  if (most > longest || run.unit === 'm') return true;
  const { tokens } = run.sentence;
  const near = tokens.slice(Math.max(0, run.at - 6), run.end + 5).map(({ text }) => text);
  // How far a tube or a lesion is from something is no size.
  if (near.some((text) => /^(above|below|from|proximal|distal|beyond|distance|spans?|length|long)$/.test(text)))
    return false;
  const found = near.flatMap((text) => limits.get(text) ?? []);
  return found.length > 0 && most > Math.max(...found);
}

/** "Measures 12." and "12 x 8" of nothing. A count, a date, a level or a list's number is no size. */
function unitMissing(run: NumberRun): boolean {
  if (run.unit !== null) return false;
  const { tokens } = run.sentence;
  const next = tokens[run.end]?.text ?? '';
  if (otherUnits.test(next)) return false;
  if (run.values.length > 1) {
    const text = run.values.join(' ');
    return !/^2 (2|3|4)$/.test(text) || saysSize(tokens, run.at);
  }
  return saysSize(tokens, run.at);
}

function saysSize(tokens: readonly Token[], at: number): boolean {
  const before = tokens.slice(Math.max(0, at - 3), at).map(({ text }) => text);
  const last = before.findLastIndex((text) => sizeWords.test(text) || (measures.test(text) && before.at(-1) === 'of'));
  return (
    last >= 0 &&
    before
      .slice(last + 1)
      .every((text) =>
        /^(approximately|about|up|to|at|least|only|in|diameter|of|nearly|almost|roughly|is|,|~|<|>)$/.test(text),
      )
  );
}

export const measurementUnitRule: CheckRule = {
  id: 'measurement-unit',
  title: 'Measurements have a unit that can be',
  severity: 'tell',
  why: 'A missing unit is guessed by the reader; millimetres dictated as centimetres turn a follow-up into an operation.',
  find: ({ sections }) =>
    sections.flatMap((section) =>
      sentencesOf(section.text)
        .flatMap(numbersIn)
        .flatMap((run): Found[] => {
          const at = placeOf(section, run.from, run.to);
          const words = quoted(section.text, run.from, run.to);
          if (unitMissing(run)) return [{ words: `${words} has no unit.`, at }];
          return tooLarge(run) ? [{ words: `${words} is larger than that can be: is the unit right?`, at }] : [];
        }),
    ),
};
