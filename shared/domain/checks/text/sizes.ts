import { type Sentence, sentencesOf, type Token } from './sentences.ts';

/** A length that a section names, in millimetres by dimension. */
export type NamedSize = {
  readonly values: readonly number[];
  readonly unit: 'mm' | 'cm' | 'm' | 'um' | 'inch';
  /** Each value in millimetres. */
  readonly millimetres: readonly number[];
  readonly sentence: Sentence;
  readonly at: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
};

const units: ReadonlyMap<string, NamedSize['unit']> = new Map([
  ['mm', 'mm'],
  ['mms', 'mm'],
  ['millimeter', 'mm'],
  ['millimeters', 'mm'],
  ['millimetre', 'mm'],
  ['millimetres', 'mm'],
  ['cm', 'cm'],
  ['cms', 'cm'],
  ['centimeter', 'cm'],
  ['centimeters', 'cm'],
  ['centimetre', 'cm'],
  ['centimetres', 'cm'],
  ['m', 'm'],
  ['meter', 'm'],
  ['metre', 'm'],
  ['meters', 'm'],
  ['metres', 'm'],
  ['micrometer', 'um'],
  ['micron', 'um'],
  ['microns', 'um'],
  ['inch', 'inch'],
  ['inches', 'inch'],
]);
const inMillimetres = { mm: 1, cm: 10, m: 1_000, um: 0.001, inch: 25.4 } as const;

const isNumber = (token: Token | undefined): boolean => token !== undefined && /^\d/.test(token.text);
const amountOf = (token: Token | undefined): number => Number((token?.text ?? '').replace(',', '.'));

/** A run of numbers with "x" or "by" between them, from token `at`; its end, and the values. */
function runFrom(tokens: readonly Token[], at: number): { readonly values: readonly number[]; readonly end: number } {
  const values = [amountOf(tokens[at])];
  let end = at + 1;
  while (/^(x|×|by)$/.test(tokens[end]?.text ?? '') && isNumber(tokens[end + 1])) {
    values.push(amountOf(tokens[end + 1]));
    end += 2;
  }
  return { values, end };
}

export type NumberRun =
  | NamedSize
  | {
      readonly unit: null;
      readonly values: readonly number[];
      readonly sentence: Sentence;
      readonly at: number;
      readonly end: number;
      readonly from: number;
      readonly to: number;
    };

/** Numbers of a sentence with the unit behind them; `unit` null where no unit of length stands there. */
export function numbersIn(sentence: Sentence): readonly NumberRun[] {
  const { tokens } = sentence;
  const found: NumberRun[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isNumber(tokens[at])) continue;
    const { values, end } = runFrom(tokens, at);
    const gap = tokens[end]?.text === '-' ? 1 : 0;
    const unit = units.get(tokens[end + gap]?.text ?? '') ?? null;
    const from = tokens[at]?.from ?? 0;
    if (unit === null) found.push({ unit, values, sentence, at, end, from, to: tokens[end - 1]?.to ?? from });
    else {
      const last = end + gap;
      const millimetres = values.map((one) => one * inMillimetres[unit]);
      found.push({ unit, values, millimetres, sentence, at, end: last + 1, from, to: tokens[last]?.to ?? from });
    }
    at = end - 1;
  }
  return found;
}

export function sizesIn(text: string): readonly NamedSize[] {
  return sentencesOf(text)
    .flatMap(numbersIn)
    .filter((one): one is NamedSize => one.unit !== null);
}
