import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { Versioned } from './types.ts';

/** The newest version of each resource of one type. */
export type Kept = {
  stamp(id: string): Pick<Versioned, 'version' | 'lastUpdated'> | null;
  get(id: string): Versioned | null;
  set(id: string, item: Versioned): void;
  delete(id: string): void;
  ids(): IterableIterator<string>;
};

/** Kept as it came: every `get` answers the same object. */
export function keptWhole(): Kept {
  const items = new Map<string, Versioned>();
  const get = (id: string): Versioned | null => items.get(id) ?? null;
  return {
    stamp: get,
    get,
    set: (id, item) => items.set(id, item),
    delete: (id) => items.delete(id),
    ids: () => items.keys(),
  };
}

type Text = { readonly text: string; readonly version: string; readonly lastUpdated: Instant | null };

/**
 * Kept as JSON: there are as many as there are studies, and each is looked at again only when something about it changes. As objects, a
 * hundred thousand orders are millions of small things that every collection of garbage has to visit.
 */
export function keptAsText(): Kept {
  const items = new Map<string, Text>();
  return {
    stamp: (id) => items.get(id) ?? null,
    get: (id) => {
      const found = items.get(id);
      if (found === undefined) return null;
      const { text, version, lastUpdated } = found;
      return { resource: JSON.parse(text) as Resource, version, lastUpdated };
    },
    set: (id, { resource, version, lastUpdated }) =>
      items.set(id, { text: JSON.stringify(resource), version, lastUpdated }),
    delete: (id) => items.delete(id),
    ids: () => items.keys(),
  };
}

/** Types of which there is one or more for each study. */
const manyOf: ReadonlySet<ResourceType> = new Set(['Task', 'ServiceRequest', 'Patient', 'DiagnosticReport']);

export const keptOf = (type: ResourceType): Kept => (manyOf.has(type) ? keptAsText() : keptWhole());
