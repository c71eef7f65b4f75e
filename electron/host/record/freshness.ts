import type { ResourceType } from '@medplum/fhirtypes';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { RecordClient } from './types.ts';

/** The record's client, noting for each type when it last answered what changed; the list is as old as the oldest of these. */
export function createFreshness(
  record: RecordClient,
  syncedTypes: readonly ResourceType[],
): { readonly record: RecordClient; asOf(): Instant | null } {
  const answered = new Map<string, Instant>();
  return {
    record: {
      ...record,
      changes: async (type, cursor) => {
        const asked = record.recordNow();
        const found = await record.changes(type, cursor);
        if (found.ok) answered.set(type, asked);
        return found;
      },
      changesByPage: async (type, cursor, take) => {
        const asked = record.recordNow();
        const found = await record.changesByPage(type, cursor, take);
        if (found.ok && found.value.whole) answered.set(type, asked);
        return found;
      },
    },
    asOf: () => (syncedTypes.some((type) => !answered.has(type)) ? null : instant(Math.min(...answered.values()))),
  };
}
