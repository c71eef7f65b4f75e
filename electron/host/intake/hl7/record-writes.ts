import { isDeepStrictEqual } from 'node:util';
import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import type { RecordClient, RecordFailure, Versioned } from '../../record/types.ts';

/** Lost races in a row after which the message waits for its next turn. */
const mostRaces = 6;

/** Reads a resource; null where the record has none. */
export async function readOrNull<Type extends ResourceType>(
  record: RecordClient,
  type: Type,
  id: string,
): Promise<Result<Versioned<ExtractResource<Type>> | null, RecordFailure>> {
  const found = await record.read(type, id);
  if (found.ok) return found;
  return found.error.code === 'not-found' ? ok(null) : found;
}

/**
 * Read, make, write over the version that was read; after a lost race again. `make` gives null to leave things as they are, and what
 * would change nothing is not written: a message that is replayed makes no new version.
 */
export async function writeOver<Type extends ResourceType>(
  record: RecordClient,
  type: Type,
  id: string,
  make: (existing: ExtractResource<Type> | null) => ExtractResource<Type> | null,
  onWritten: (written: Versioned) => void,
): Promise<Result<boolean, RecordFailure>> {
  let last: RecordFailure | null = null;
  for (let race = 0; race < mostRaces; race += 1) {
    const existing = await readOrNull(record, type, id);
    if (!existing.ok) return existing;
    const wanted = make(existing.value?.resource ?? null);
    if (wanted === null) return ok(false);
    if (existing.value !== null && isDeepStrictEqual(plain(existing.value.resource), plain(wanted))) return ok(false);
    const written = await record.put(
      wanted as Resource & { id?: string },
      existing.value === null ? {} : { ifMatch: existing.value.version },
    );
    if (written.ok) {
      onWritten(written.value);
      return ok(true);
    }
    if (written.error.code !== 'version-conflict') return written;
    last = written.error;
  }
  return { ok: false, error: last as RecordFailure };
}

/** Without what the server adds. */
function plain(resource: object): unknown {
  const { meta: _meta, ...rest } = JSON.parse(JSON.stringify(resource)) as { meta?: unknown };
  return rest;
}
