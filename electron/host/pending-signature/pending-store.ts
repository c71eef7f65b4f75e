import type { Failure } from '../../../shared/api/index.ts';
import { pendingReportSchema } from '../../../shared/api/index.ts';
import { deriveId, type PendingReport } from '../../../shared/domain/report/index.ts';
import { pendingFromProvenance, pendingToProvenance, publicKeysOf } from '../../../shared/interop/fhir/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import { type SigningKey, verifyJws } from '../identity/index.ts';
import { recordFailure } from '../reading/claims.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';

/** What was given to be signed, as its writer's signature proves it. */
export type GivenReport = { readonly report: PendingReport; readonly digest: string };

/** Reports that wait for a signature, in the record: whichever host of a group is asked has them. */
export type PendingStore = {
  /** Signs and keeps it; answers its digest. Nothing is given by that alone: the Task says what waits. */
  keep(report: PendingReport, key: SigningKey): Promise<Result<string, Failure>>;
  /** The words behind a digest, by the signature of that writer over exactly them; anything else is refused with the reason. */
  read(taskId: string, digest: string, writer: string): Promise<Result<GivenReport, Failure>>;
};

/** Proved once, proved for good: what a digest names never changes. */
const mostKnown = 200;

export function digestOfPending(report: PendingReport): string {
  return sha256(canonicalJson(report as unknown as JsonValue));
}

const idOf = (taskId: string, digest: string): string => deriveId('pending-signature', [taskId, digest], sha256);

export function createPendingStore(record: Pick<RecordClient, 'read' | 'put'>): PendingStore {
  const known = new Map<string, GivenReport>();
  const learn = (given: GivenReport): void => {
    if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
    known.set(given.digest, given);
  };
  return {
    keep: async (report, key) => {
      const digest = digestOfPending(report);
      const jws = await key.sign(canonicalJson(report as unknown as JsonValue));
      const put = await record.put(pendingToProvenance(report, digest, jws, idOf(report.taskId, digest)));
      if (!put.ok) return recordFailure(put.error);
      learn({ report, digest });
      return ok(digest);
    },
    read: async (taskId, digest, writer) => {
      const before = known.get(digest);
      if (before?.report.taskId === taskId && before.report.signer.id === writer) return ok(before);
      const found = await record.read('Provenance', idOf(taskId, digest));
      if (!found.ok)
        return found.error.code === 'not-found'
          ? failure('not-found', 'The record does not hold the words that were given to be signed.')
          : recordFailure(found.error);
      const unproved = failure(
        'upstream-refused',
        'The words that were given to be signed could not be proved to be their writer’s, so they are not shown.',
      );
      const pending = pendingFromProvenance(found.value.resource);
      if (!pending.ok || pending.value.writer !== writer || pending.value.digest !== digest) return unproved;
      const practitioner = await record.read('Practitioner', writer);
      if (!practitioner.ok && practitioner.error.code !== 'not-found') return recordFailure(practitioner.error);
      const keys = practitioner.ok ? publicKeysOf(practitioner.value.resource) : [];
      for (const key of keys) {
        const checked = await verifyJws(pending.value.jws, key.jwk);
        if (!checked.ok) continue;
        const read = pendingReportSchema.safeParse(JSON.parse(checked.value));
        if (!read.success) return unproved;
        const report: PendingReport = read.data;
        const proved = digestOfPending(report) === digest && report.taskId === taskId && report.signer.id === writer;
        if (!proved) return unproved;
        learn({ report, digest });
        return ok({ report, digest });
      }
      return unproved;
    },
  };
}
