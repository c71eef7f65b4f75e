import type { Instant } from '../../lib/instant.ts';
import type { Site } from '../order/index.ts';
import type { Action, Reader, Role } from './reader.ts';
import { isStateCode } from './state-codes.ts';

/** Who may do what. A site's desk has no room of its own yet, so its accounts may do nothing here. */
const allowed: Readonly<Record<Role, readonly Action[]>> = {
  radiologist: ['list', 'look', 'read', 'draft', 'sign', 'release-claim', 'see-timeline', 'see-delivery'],
  lead: ['list', 'look', 'read', 'draft', 'sign', 'release-claim', 'see-timeline', 'see-delivery', 'manage-accounts'],
  qa: ['list', 'look', 'see-timeline', 'see-delivery'],
  site: [],
};

export function can(role: Role, action: Action): boolean {
  return allowed[role].includes(action);
}

export type MayRead = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Whether a reader's licences cover the state where the exam was made. The role is `can`'s matter. `now` is there for licences that
 * end; accounts carry no such date yet. An exam without a site has nothing to check against.
 */
export function mayRead(
  reader: Pick<Reader, 'states'>,
  site: Pick<Site, 'name' | 'state'> | null,
  _now: Instant,
): MayRead {
  if (site === null || reader.states === 'all') return { allowed: true };
  const state = site.state.trim().toUpperCase();
  if (!isStateCode(state)) return { allowed: false, reason: `It is not known in which state ${site.name} lies` };
  if (reader.states.some((licensed) => licensed.trim().toUpperCase() === state)) return { allowed: true };
  return { allowed: false, reason: `No licence for ${state} (${site.name})` };
}
