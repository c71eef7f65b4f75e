import { cleanLine } from '../../lib/clean-text.ts';
import type { Laterality } from '../study/index.ts';
import { type Asked, codeClause, sideClause, sideWords } from './asked-exam.ts';
import type { ImagesOfOrder } from './image-facts.ts';
import type { OrderCheck, ProcedureFacts } from './order-check.ts';

/** The side of the order, in all its places, against the side that the images are marked with. */
export function sideChecks(
  { order, words, side, procedure, read }: Asked,
  images: ImagesOfOrder | null,
  listed: ProcedureFacts | null,
): OrderCheck[] {
  const checks: OrderCheck[] = [];
  const add = (check: Omit<OrderCheck, 'group'>): void => void checks.push({ ...check, group: 'side' });
  const told = (one: Laterality | null): string => (one === null ? '' : sideWords[one]);
  const shown = new Set(
    (images?.facts.series ?? []).flatMap((one) => one.sides).flatMap((one) => (one === 'B' ? ['L', 'R'] : [one])),
  );
  const shownWords = [...shown].map((one) => (one === 'L' ? 'left' : 'right')).join(' and ');
  if (order.laterality !== null && words.laterality !== null && order.laterality !== words.laterality) {
    add({
      code: 'code-side',
      state: 'defect',
      words: `The order’s side is ${told(order.laterality)}, and its exam is called ${procedure}.`,
      order: `${told(order.laterality)}; ${procedure}`,
      images: shownWords,
      clause: `${codeClause}; ${sideClause}`,
    });
  }
  if (listed?.laterality != null && side !== null && listed.laterality !== side) {
    add({
      code: 'code-side',
      state: 'defect',
      words: `Procedure code ${cleanLine(order.procedure.code, 32)} stands for ${told(listed.laterality)} in your table; the order says ${told(side)}.`,
      order: `${told(side)}; code ${cleanLine(order.procedure.code, 32)}`,
      images: shownWords,
      clause: `${codeClause}; ${sideClause}`,
    });
  }
  if (side === null) {
    if (words.paired || read(order.bodyPart ?? '').paired) {
      add({
        code: 'side',
        state: 'defect',
        words: 'No side for a part of the body that comes in pairs: the wrong one can be read.',
        order: '',
        images: shownWords,
        clause: sideClause,
      });
    }
    return checks;
  }
  const wanted = side === 'B' ? ['L', 'R'] : [side];
  const missing = wanted.filter((one) => !shown.has(one));
  const extra = [...shown].filter((one) => !wanted.includes(one));
  const [state, words2]: readonly [OrderCheck['state'], string] =
    shown.size === 0
      ? ['not-compared', 'The images do not say which side they show.']
      : missing.length === wanted.length
        ? ['defect', `The order is for ${told(side)}; the images are marked ${shownWords}.`]
        : missing.length > 0
          ? ['note', `Both sides were ordered; the images are marked ${shownWords} only.`]
          : extra.length > 0
            ? ['note', `The other side is shown too.`]
            : ['agrees', 'The images show the side that was ordered.'];
  add({ code: 'side', state, words: words2, order: told(side), images: shownWords, clause: sideClause });
  return checks;
}
