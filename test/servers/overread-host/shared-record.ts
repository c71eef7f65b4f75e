import type { SharedItem, SharedItems } from '../../../electron/host/group/shared-items.ts';
import { err, ok } from '../../../shared/lib/result.ts';

/** The record of a group as its hosts share items in it: each write by the version that it follows. */
export function sharedRecord() {
  const kept = new Map<string, SharedItem>();
  const state = { down: false };
  const those = (fits: (item: SharedItem) => boolean) =>
    state.down ? err('unreachable' as const) : ok([...kept.values()].filter(fits));
  const items: SharedItems = {
    nameOf: (about) => about,
    read: async (id) => (state.down ? err('unreachable') : ok(kept.get(id) ?? null)),
    put: async ({ id, kind, body }, ifMatch) => {
      if (state.down) return err('unreachable');
      if ((kept.get(id)?.version ?? null) !== ifMatch) return err('conflict');
      const version = String(Number(ifMatch ?? 0) + 1);
      kept.set(id, { id, kind, body: JSON.parse(JSON.stringify(body)), version });
      return ok(version);
    },
    ofKind: async (kind) => those((item) => item.kind === kind),
    ofName: async () => those(() => false),
    keyFits: async () => true,
  };
  return { items, state };
}
