import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode } from '../case/index.ts';

/** What the address of a reading window names; `/window/{id}` is an image window's, which has no list and no case of its own. */
export type Route =
  | { readonly kind: 'list'; readonly from: TaskId | null }
  | { readonly kind: 'case'; readonly taskId: TaskId; readonly mode: CaseMode };

/** Logical ids of FHIR R4; anything else in the address is not a case. */
const casePath = /^\/case\/([A-Za-z0-9.-]{1,64})$/;

/** A bare address of a case looks; only what was opened to read in this window reads again after a reload. */
export function routeOf(path: string, state: unknown): Route {
  const taskId = casePath.exec(path)?.[1];
  if (taskId === undefined) return { kind: 'list', from: null };
  const reads = typeof state === 'object' && state !== null && 'mode' in state && state.mode === 'read';
  return { kind: 'case', taskId: taskId as TaskId, mode: reads ? 'read' : 'look' };
}
