import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { SharedItems } from '../group/shared-items.ts';
import type { Journal } from '../journal/types.ts';

export type ShelfKind = 'device' | 'device-rules' | 'device-report' | 'display';
export type ShelfItem = { readonly id: string; readonly body: unknown; readonly version: string };
type Failure = 'conflict' | 'unreachable';

/** Where devices are kept: in the record for all hosts of a group, in the journal of a host that stands alone. */
export type DeviceShelf = {
  list(kind: ShelfKind): Promise<Result<readonly ShelfItem[], 'unreachable'>>;
  read(kind: ShelfKind, id: string): Promise<Result<ShelfItem | null, 'unreachable'>>;
  /** Without `ifMatch` the item is new. */
  put(kind: ShelfKind, id: string, body: unknown, ifMatch: string | null): Promise<Result<string, Failure>>;
};

export function shelfInRecord(items: SharedItems): DeviceShelf {
  const idOf = (kind: ShelfKind, id: string): string => `overread-${kind}-${id}`.slice(0, 64);
  const own = (kind: ShelfKind, id: string): string => id.slice(`overread-${kind}-`.length);
  return {
    list: async (kind) => {
      const found = await items.ofKind(kind);
      if (!found.ok) return err('unreachable');
      return ok(found.value.map(({ id, body, version }) => ({ id: own(kind, id), body, version })));
    },
    read: async (kind, id) => {
      const found = await items.read(idOf(kind, id));
      if (!found.ok) return err('unreachable');
      return ok(found.value === null ? null : { id, body: found.value.body, version: found.value.version });
    },
    put: async (kind, id, body, ifMatch) => {
      const names = [items.nameOf(`${kind}|${id}`)];
      const put = await items.put({ id: idOf(kind, id), kind, names, body }, ifMatch);
      if (put.ok) return put;
      return err(put.error === 'conflict' ? 'conflict' : 'unreachable');
    },
  };
}

export async function shelfInJournal(journal: Journal): Promise<DeviceShelf> {
  const kept = new Map<string, ShelfItem & { readonly kind: ShelfKind }>();
  const take = (kind: ShelfKind, id: string, body: unknown): string => {
    const version = String(Number(kept.get(`${kind}|${id}`)?.version ?? '0') + 1);
    kept.set(`${kind}|${id}`, { kind, id, body, version });
    return version;
  };
  for (const { body } of await journal.all('device')) {
    const entry = body as { readonly kind: ShelfKind; readonly id: string; readonly body: unknown };
    take(entry.kind, entry.id, entry.body);
  }
  return {
    list: async (kind) => ok([...kept.values()].filter((one) => one.kind === kind)),
    read: async (kind, id) => ok(kept.get(`${kind}|${id}`) ?? null),
    put: async (kind, id, body, ifMatch) => {
      if ((kept.get(`${kind}|${id}`)?.version ?? null) !== ifMatch) return err('conflict');
      const written = await journal.append([{ kind: 'device', key: `${kind}|${id}`, body: { kind, id, body } }]);
      return written.ok ? ok(take(kind, id, body)) : err('unreachable');
    },
  };
}
