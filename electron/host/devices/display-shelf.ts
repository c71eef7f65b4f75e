import { z } from 'zod';
import { type DisplayCheck, type DisplayPlace, withChecks } from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { DeviceShelf } from './device-shelf.ts';

export type KeptPlace = { readonly place: DisplayPlace; readonly checks: readonly DisplayCheck[] };

/** Checks of displays by the computer at which they were made: in the record for a group, in the journal of a host that stands alone. */
export type DisplayShelf = {
  /** Adds checks and answers all that is kept of that place; adding none writes nothing. */
  keep(place: DisplayPlace, added: readonly DisplayCheck[]): Promise<Result<readonly DisplayCheck[], 'unreachable'>>;
  list(): Promise<Result<readonly KeptPlace[], 'unreachable'>>;
};

const bodySchema = z.object({
  place: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('desktop'), id: z.string() }),
    z.object({ kind: z.literal('host') }),
    z.object({ kind: z.literal('browser'), id: z.string() }),
  ]),
  checks: z.array(
    z.object({
      screen: z.string(),
      at: z.number().transform(instant),
      by: z.string(),
      devicePixelRatio: z.number(),
      read: z.object({ dark: z.number(), middle: z.number(), bright: z.number() }),
      faults: z.array(z.string()),
    }),
  ),
});
/** Two windows, or two hosts, may tell of one place at the same time. */
const mostTries = 5;

export function createDisplayShelf(shelf: DeviceShelf): DisplayShelf {
  const idOf = (place: DisplayPlace): string => (place.kind === 'host' ? 'host' : `${place.kind[0]}-${place.id}`);
  const read = (body: unknown): KeptPlace | null => {
    const parsed = bodySchema.safeParse(body);
    return parsed.success ? parsed.data : null;
  };
  return {
    keep: async (place, added) => {
      const id = idOf(place);
      for (let turn = 0; turn < mostTries; turn += 1) {
        const found = await shelf.read('display', id);
        if (!found.ok) return err('unreachable');
        const before = found.value === null ? [] : (read(found.value.body)?.checks ?? []);
        const checks = withChecks(before, added);
        if (added.length === 0 || JSON.stringify(checks) === JSON.stringify(before)) return ok(before);
        const put = await shelf.put('display', id, { place, checks }, found.value?.version ?? null);
        if (put.ok) return ok(checks);
        if (put.error !== 'conflict') return err('unreachable');
      }
      return err('unreachable');
    },
    list: async () => {
      const found = await shelf.list('display');
      if (!found.ok) return err('unreachable');
      return ok(found.value.flatMap(({ body }) => read(body) ?? []));
    },
  };
}
