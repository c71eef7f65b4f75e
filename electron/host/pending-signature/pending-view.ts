import type { CallOutput, PendingView } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { pendingStanding } from '../../../shared/domain/reading/index.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { PendingStore } from './pending-store.ts';
import { givenForAll, misfitOf } from './to-sign.ts';

/** What the page is told of a case's pending report, or of one that was signed; null where there is none that concerns this reader. */
export async function viewOfPending(
  parts: { readonly store: Pick<PendingStore, 'read'>; readonly book: Pick<CaseBook, 'facts'> },
  facts: CaseFacts,
  reader: Reader,
  report: CallOutput<'report'>['report'],
): Promise<PendingView | null> {
  // A peer reviewer reads blind.
  if (reader.role !== 'radiologist' && reader.role !== 'lead') return null;
  const { task } = facts;
  const { pending, sentBack } = task.desk;
  const standing = pendingStanding(task.desk, reader.id);
  const signed = report.versions.filter((one) => one.returned === null).at(-1)?.content.dictatedBy;
  const about =
    pending !== undefined
      ? { digest: pending.digest, writer: pending.reader as string, name: pending.readerName, at: pending.at }
      : sentBack !== undefined && standing === 'sent-back'
        ? { digest: sentBack.digest, writer: sentBack.to as string, name: reader.name, at: sentBack.at }
        : signed === undefined
          ? null
          : { digest: signed.digest, writer: signed.id, name: signed.name, at: signed.givenAt };
  if (about === null) return null;
  const read = await parts.store.read(task.id, about.digest, about.writer);
  const misfit = read.ok && pending === undefined && standing === 'sent-back' ? misfitOf(read.value, facts) : null;
  // One that waits is one report only where it waits on each of its exams.
  const whole = read.ok && pending !== undefined ? await givenForAll(parts, facts) : null;
  const trouble = !read.ok ? read.error.message : whole?.ok === false ? whole.error.message : (misfit?.words ?? null);
  return {
    standing: standing === 'none' ? 'signed' : standing,
    digest: about.digest,
    writer: { id: about.writer, name: about.name },
    at: about.at,
    opened: pending?.opened == null ? null : { name: pending.opened.readerName, at: pending.opened.at },
    sentBack:
      sentBack !== undefined && standing === 'sent-back'
        ? { name: sentBack.byName, at: sentBack.at, words: sentBack.words }
        : null,
    report: read.ok && trouble === null ? read.value.report : null,
    trouble,
  };
}
