import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode } from '../case/index.ts';

/** What the address of a reading window names; `/window/{id}` is an image window's, which has no list and no case of its own. */
export type Route =
  | { readonly kind: 'list'; readonly from: TaskId | null }
  | { readonly kind: 'case'; readonly taskId: TaskId; readonly mode: CaseMode };

export type Router = {
  readonly route: StoreApi<Route>;
  openCase(taskId: TaskId, mode: CaseMode): void;
  openList(): void;
  close(): void;
};

/** Logical ids of FHIR R4; anything else in the address is not a case. */
const casePath = /^\/case\/([A-Za-z0-9.-]{1,64})$/;

/** A bare address of a case looks; only what was opened to read in this window reads again after a reload. */
export function routeOf(path: string, state: unknown): Route {
  const taskId = casePath.exec(path)?.[1];
  if (taskId === undefined) return { kind: 'list', from: null };
  const reads = typeof state === 'object' && state !== null && 'mode' in state && state.mode === 'read';
  return { kind: 'case', taskId: taskId as TaskId, mode: reads ? 'read' : 'look' };
}

/** Addresses by the history of the window, so that back, reload and links do what they do everywhere. */
export function createRouter(
  place: Pick<Window, 'location' | 'history' | 'addEventListener' | 'removeEventListener'>,
): Router {
  const route = createStore<Route>(() => routeOf(place.location.pathname, place.history.state));
  const follow = (): void => {
    const before = route.getState();
    const next = routeOf(place.location.pathname, place.history.state);
    route.setState(next.kind === 'list' && before.kind === 'case' ? { kind: 'list', from: before.taskId } : next, true);
  };
  place.addEventListener('popstate', follow);
  return {
    route,
    openCase: (taskId, mode) => {
      place.history.pushState({ mode }, '', `/case/${taskId}`);
      route.setState({ kind: 'case', taskId, mode }, true);
    },
    openList: () => {
      const before = route.getState();
      place.history.pushState(null, '', '/');
      route.setState({ kind: 'list', from: before.kind === 'case' ? before.taskId : null }, true);
    },
    close: () => place.removeEventListener('popstate', follow),
  };
}
