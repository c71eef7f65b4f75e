import type { OrderChecks } from '../../../shared/api/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { MarkShape } from '../../ui/index.ts';

export type Check = OrderChecks['checks'][number];
export type Tone = 'danger' | 'signal' | 'dim' | 'mute';

/** Another patient or another side can harm; whatever else is wrong asks. */
export function markOf(check: Check): { readonly shape: MarkShape; readonly tone: Tone; readonly words: string } {
  switch (check.state) {
    case 'defect':
      return check.group === 'patient' || check.group === 'side'
        ? { shape: 'octagon', tone: 'danger', words: 'Defect' }
        : { shape: 'diamond', tone: 'signal', words: 'Defect' };
    case 'note':
      return { shape: 'ring', tone: 'dim', words: 'Note' };
    case 'agrees':
      return { shape: 'tick', tone: 'dim', words: 'Agrees' };
    case 'not-compared':
      return { shape: 'dot', tone: 'mute', words: 'Not compared' };
    default:
      return assertNever(check.state);
  }
}

const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** "Not fit to read: 2 defects", and its mark. */
export function verdictOf(checks: OrderChecks): {
  readonly words: string;
  readonly shape: MarkShape;
  readonly tone: Tone;
} {
  const count = (state: Check['state']): number => checks.checks.filter((one) => one.state === state).length;
  const notes = count('note');
  switch (checks.verdict) {
    case 'not-fit': {
      const harm = checks.checks.some((one) => markOf(one).shape === 'octagon');
      const words = `Not fit to read: ${counted(count('defect'), 'defect')}${notes === 0 ? '' : `, ${counted(notes, 'note')}`}`;
      return harm ? { words, shape: 'octagon', tone: 'danger' } : { words, shape: 'diamond', tone: 'signal' };
    }
    case 'fit-with-notes':
      return { words: `Fit to read, ${counted(notes, 'note')}`, shape: 'ring', tone: 'dim' };
    case 'fit':
      return { words: 'Fit to read', shape: 'tick', tone: 'dim' };
    case 'no-order':
      return { words: 'No order', shape: 'diamond', tone: 'signal' };
    default:
      return assertNever(checks.verdict);
  }
}

/** "order left · images right"; a side that says nothing says so. */
export function evidenceOf(check: Check): string {
  if (check.order === '' && check.images === '') return '';
  if (check.images === '') return `order: ${check.order}`;
  return `order: ${check.order === '' ? 'not given' : check.order} · images: ${check.images}`;
}
