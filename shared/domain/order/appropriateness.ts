import { readExamWords } from './exam-words.ts';
import { type ModalityGroup, modalityGroup } from './modality-groups.ts';
import type { Order } from './order.ts';

/** When a rule speaks: every condition that is given must hold. Words are looked for in the reason and in the words of its codes. */
export type AdviceCondition = {
  /** Any of these modality groups: CT, MR, XR, US, MG, NM, PT, RF, XA, DXA. */
  readonly modalities?: readonly string[];
  /** Any of these parts of the body, in the words of orders. */
  readonly parts?: readonly string[];
  readonly contrast?: 'with' | 'without' | 'both';
  /** The reason has one of these words, or one of these ICD-10-CM codes or what lies below them. */
  readonly reasonWords?: readonly string[];
  readonly reasonCodes?: readonly string[];
  /** The rule is silent where the reason has one of these: red flags. */
  readonly unlessWords?: readonly string[];
  readonly unlessCodes?: readonly string[];
  readonly youngerThan?: number;
  readonly olderThan?: number;
};

/** One rule of appropriateness that a group loaded, with who says so. */
export type AdviceRule = {
  readonly id: string;
  readonly title: string;
  readonly advice: string;
  readonly citation: string;
  readonly when: AdviceCondition;
};

export type Advice = { readonly id: string; readonly title: string; readonly words: string; readonly citation: string };

/** What the rules say of an order. It is advice to talk about, never a check of the order: nothing is marked, held or blocked by it. */
export function adviceFor(order: Order, ageYears: number | null, rules: readonly AdviceRule[]): readonly Advice[] {
  return rules
    .filter((rule) => speaks(rule.when, order, ageYears))
    .map(({ id, title, advice, citation }) => ({ id, title, words: advice, citation }));
}

function speaks(when: AdviceCondition, order: Order, age: number | null): boolean {
  const exam = readExamWords(`${order.bodyPart ?? ''} ${order.procedure.display}`);
  const own = order.modality === null ? null : modalityGroup(order.modality);
  const modalities: ReadonlySet<ModalityGroup> = own === null ? exam.modalities : new Set([own]);
  if (when.modalities !== undefined && !when.modalities.some((one) => modalities.has(one as ModalityGroup)))
    return false;
  if (when.parts !== undefined) {
    const wanted = new Set(when.parts.flatMap((part) => [...readExamWords(part).regions]));
    if (![...exam.regions].some((one) => wanted.has(one))) return false;
  }
  if (when.contrast !== undefined && exam.contrast !== when.contrast) return false;
  // A rule about children says nothing of a patient whose age is not known.
  if (when.youngerThan !== undefined && (age === null || age >= when.youngerThan)) return false;
  if (when.olderThan !== undefined && (age === null || age <= when.olderThan)) return false;
  const reason = [order.reason, ...order.reasonCodes.map((one) => one.display)].join('; ');
  const codes = order.reasonCodes.map((one) => plain(one.code));
  const named = (words: readonly string[] | undefined): boolean => words?.some((one) => hasWord(reason, one)) ?? false;
  const coded = (list: readonly string[] | undefined): boolean =>
    list?.some((one) => codes.some((code) => code.startsWith(plain(one)))) ?? false;
  if (named(when.unlessWords) || coded(when.unlessCodes)) return false;
  const asksReason = when.reasonWords !== undefined || when.reasonCodes !== undefined;
  return !asksReason || named(when.reasonWords) || coded(when.reasonCodes);
}

const plain = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

const longest = 2_000;
/** A word, or words in a row, as a reader would find them: whatever the case, and only from the beginning of a word. */
function hasWord(text: string, word: string): boolean {
  const spaced = (one: string): string =>
    ` ${one
      .slice(0, longest)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()}`;
  const wanted = spaced(word);
  return wanted !== ' ' && spaced(text).includes(wanted);
}
