import { countOf, type SeriesCoverage, type ShownWindow } from '../../../shared/domain/coverage/index.ts';

function windowWords(window: ShownWindow): string {
  if ('table' in window) return `table ${window.table}`.trim();
  return `W ${Math.round(window.width)} L ${Math.round(window.center)}`;
}

/** "80 shown: 80 at W 400 L 40, 24 at W 1500 L -600; 80 pixel for pixel" */
export function shownTitle(seen: SeriesCoverage): string {
  const shown = countOf(seen.shown);
  const planes = seen.planes ? ', and planes computed from them' : '';
  if (shown === 0) return seen.planes ? 'shown as computed planes alone' : 'none shown';
  const windows = seen.windows
    .toSorted((one, other) => countOf(other.shown) - countOf(one.shown))
    .slice(0, 4)
    .map((one) => `${countOf(one.shown)} at ${windowWords(one.window)}`);
  const at = windows.length === 0 ? '' : `: ${windows.join(', ')}`;
  return `${shown} shown${at}; ${countOf(seen.full)} pixel for pixel${planes}`;
}
