import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode } from '../case/index.ts';
import { type Route, routeOf } from './route-of.ts';

export type Router = {
  readonly route: StoreApi<Route>;
  openCase(taskId: TaskId, mode: CaseMode): void;
  openList(): void;
  close(): void;
};

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
