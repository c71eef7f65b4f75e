import type { Instant } from '../../../shared/lib/instant.ts';
import type { ArchiveFailure } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import type { RecordFailure } from '../record/types.ts';

/** When a trouble was first seen; it stays the same until the trouble is over or turns into another. */
export function createTroubleTimes(ports: Pick<Ports, 'now'>) {
  const since = new Map<string, { readonly code: string; readonly at: Instant }>();
  return {
    troubleSince: (where: 'record' | 'archive', trouble: RecordFailure | ArchiveFailure): Instant => {
      const known = since.get(where);
      if (known?.code === trouble.code) return known.at;
      const at = ports.now();
      since.set(where, { code: trouble.code, at });
      return at;
    },
    troubleOver: (where: 'record' | 'archive'): boolean => since.delete(where),
  };
}
