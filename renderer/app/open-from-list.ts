import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode, CaseStore } from '../case/index.ts';
import type { Router } from './route.ts';

/**
 * Milliseconds that the list stays on the screen while a case is being opened: most are open before, and no screen that only says so comes
 * between list and images.
 */
export const listStays = 120;

/** Asks for the case at once and goes to its screen when it is open, or refused, or late. From anywhere but the list the screen goes first. */
export function openFromList(
  cases: Pick<CaseStore, 'begin' | 'state'>,
  router: Pick<Router, 'route' | 'openCase'>,
  taskId: TaskId,
  mode: CaseMode,
): void {
  if (router.route.getState().kind !== 'list') {
    router.openCase(taskId, mode);
    return;
  }
  cases.begin(taskId, mode);
  const begun = cases.state.getState();
  const isStill = (): boolean => {
    const now = cases.state.getState();
    return begun.kind === 'opening' && now.kind !== 'none' && now.epoch === begun.epoch;
  };
  const go = (): void => {
    stop();
    clearTimeout(late);
    // Another key, link or lock may have led elsewhere meanwhile.
    if (isStill() && router.route.getState().kind === 'list') router.openCase(taskId, mode);
  };
  const late = setTimeout(go, listStays);
  const stop = cases.state.subscribe((now) => {
    if (now.kind !== 'opening' || !isStill()) go();
  });
}
