import type { Communication, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Failure } from '../../../shared/api/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { recordFailure } from '../reading/claims.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { failure } from '../routes/mount.ts';

/** What a matter is in the record. */
export type MatterResource = Task | Communication | ServiceRequest;

/** How one kind of matter stands in the record. */
export type MatterCodec<Matter> = {
  readonly type: MatterResource['resourceType'];
  toFhir(matter: Matter): MatterResource & { readonly id: string };
  fromFhir(resource: unknown): Matter | null;
};

/** Writes matters so that of two who answer one, one wins and the other is told. */
export type Matters = {
  /** A repeat with the same id is the same matter: what the record has is answered. */
  create<Matter>(codec: MatterCodec<Matter>, matter: Matter): Promise<Result<Matter, Failure>>;
  change<Matter>(
    codec: MatterCodec<Matter>,
    id: string,
    step: (matter: Matter, recordNow: Instant) => Result<Matter, { readonly code: string; readonly words: string }>,
  ): Promise<Result<Matter, Failure>>;
};

/** Lost races in a row after which we say so instead of going on. */
const mostRaces = 5;

export function createMatters(record: RecordClient, onWritten: (written: Versioned<MatterResource>) => void): Matters {
  return {
    create: async (codec, matter) => {
      const resource = codec.toFhir(matter);
      const there = await record.read(codec.type, resource.id);
      if (there.ok) {
        const known = codec.fromFhir(there.value.resource);
        return known === null ? failure('upstream-refused', 'The record has something else under that id.') : ok(known);
      }
      if (there.error.code !== 'not-found') return recordFailure(there.error);
      const written = await record.put<MatterResource>(resource);
      if (!written.ok) return recordFailure(written.error);
      onWritten(written.value);
      return ok(matter);
    },
    change: async (codec, id, step) => {
      let mine: string | null = null;
      for (let race = 0; race < mostRaces; race += 1) {
        const read = await record.read(codec.type, id);
        if (!read.ok) return recordFailure(read.error);
        const matter = codec.fromFhir(read.value.resource);
        if (matter === null) return failure('not-found', 'There is no such matter in the record.');
        // An answer that was lost may have been a success: then the record has what we wrote.
        if (mine !== null && JSON.stringify(matter) === mine) {
          onWritten(read.value);
          return ok(matter);
        }
        const stepped = step(matter, record.recordNow());
        if (!stepped.ok) return failure('not-a-legal-move', stepped.error.words);
        const written = await record.put<MatterResource>(codec.toFhir(stepped.value), { ifMatch: read.value.version });
        if (written.ok) {
          onWritten(written.value);
          return stepped;
        }
        const lost = written.error.code === 'timeout' || written.error.code === 'unreachable';
        if (!lost && written.error.code !== 'version-conflict') return recordFailure(written.error);
        mine = JSON.stringify(codec.fromFhir(codec.toFhir(stepped.value)));
      }
      return failure('upstream-refused', 'The record changed under us again and again. Try once more.');
    },
  };
}
