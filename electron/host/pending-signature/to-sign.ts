import type { Failure } from '../../../shared/api/index.ts';
import { type PendingMisfit, pendingFits } from '../../../shared/domain/report/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { failure } from '../routes/mount.ts';
import type { GivenReport, PendingStore } from './pending-store.ts';

/** Why words that were given for this case are not of it any more; null where they are. */
export function misfitOf({ report }: GivenReport, facts: CaseFacts): PendingMisfit | null {
  const patient = facts.order?.patient ?? facts.seen?.study.patient;
  if (patient === undefined) return { code: 'patient-changed', words: 'It is not known now whose images these are.' };
  const fits = pendingFits(report, contextOf(facts), patient);
  return fits.ok ? null : fits.error;
}

/** The report that waits for a signature on this case, proved and of this case; null where none waits. Without it nobody signs over it. */
export async function givenToSign(
  store: Pick<PendingStore, 'read'>,
  facts: CaseFacts,
): Promise<Result<GivenReport | null, Failure>> {
  const { pending } = facts.task.desk;
  if (pending === undefined) return ok(null);
  const given = await store.read(facts.task.id, pending.digest, pending.reader);
  if (!given.ok) return failure(given.error.code, `${given.error.message} Nothing was signed; your words are kept.`);
  const misfit = misfitOf(given.value, facts);
  return misfit === null
    ? given
    : failure('identity-stop', `${misfit.words} Send it back to ${pending.readerName}. Nothing was signed.`);
}
