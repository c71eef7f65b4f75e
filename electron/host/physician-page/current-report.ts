import { ordererWords } from '../../../shared/domain/order/index.ts';
import type { ReportVersion } from '../../../shared/domain/report/index.ts';
import { stateAfter } from '../../../shared/domain/report/index.ts';
import { taskFromFhir } from '../../../shared/interop/fhir/index.ts';
import type { PhysicianReport } from '../../../shared/interop/physician-page/index.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordClient } from '../record/types.ts';

export type CurrentReport =
  | {
      readonly kind: 'report';
      readonly report: Omit<PhysicianReport, 'linkedVersion' | 'asOf' | 'until' | 'criticals' | 'notice'>;
      /** The shown version, and before it those whose words it still holds: they are seen with it. */
      readonly seen: readonly ReportVersion[];
    }
  /** The record does not answer, or does not hold yet what its task names. */
  | { readonly kind: 'not-now' }
  /** What is kept under this report's name is not what was signed. */
  | { readonly kind: 'altered' };

/**
 * The newest released version as the record's own task names it (DESIGN 2.2: one resource decides). What this host happens to know is not
 * enough: an older version must never be shown as the latest word. Its words come from the signature, never from an unsigned copy.
 */
export async function currentReport(
  parts: {
    readonly record: Pick<RecordClient, 'read'>;
    readonly reports: Pick<ReportBook, 'of' | 'verify' | 'document'>;
    readonly book: Pick<CaseBook, 'facts'>;
  },
  taskId: string,
): Promise<CurrentReport> {
  const read = await parts.record.read('Task', taskId);
  if (!read.ok) return { kind: 'not-now' };
  const parsed = taskFromFhir(read.value.resource);
  const released = parsed.ok ? parsed.value.task.released : null;
  if (released === null) return { kind: 'not-now' };
  const { versions } = await parts.reports.of(taskId);
  const standing = versions.filter((one) => one.returned === null && one.version <= released.version);
  const shown = standing.find((one) => one.digest === released.digest);
  if (shown === undefined) {
    const verdicts = (await parts.reports.verify(taskId)).versions;
    const altered = verdicts.some((one) => one.version === released.version && one.verdict === 'altered');
    return { kind: altered ? 'altered' : 'not-now' };
  }
  const order = parts.book.facts(taskId)?.order ?? null;
  const orderedBy = order?.orderedBy == null ? '' : ordererWords(order.orderedBy);
  // Signed here, and the task names it already: it is released, whatever this host has not written down yet.
  const state = shown.state === 'signed-not-released' ? stateAfter(shown.kind) : shown.state;
  if (state === 'draft' || state === 'signed-not-released') return { kind: 'not-now' };
  return {
    kind: 'report',
    seen: withKeptWords(shown, standing),
    report: {
      content: shown.content,
      state,
      digest: shown.digest,
      releasedAt: shown.releasedAt ?? shown.content.signedAt,
      zone: order?.site?.zone ?? 'UTC',
      orderedBy: orderedBy === '' ? null : orderedBy,
      versions: standing
        .filter((one) => one.version < shown.version || one === shown)
        .map(({ version, kind, digest, content }) => ({
          version,
          kind,
          digest,
          signer: content.signer.name,
          signedAt: content.signedAt,
        })),
      hasPdf: (await parts.reports.document(taskId, shown.digest)) !== null,
    },
  };
}

/** An addendum stands below the words that it is added to: who reads it reads the report too. Nothing else keeps words of before. */
function withKeptWords(shown: ReportVersion, all: readonly ReportVersion[]): readonly ReportVersion[] {
  const seen = [shown];
  for (let version = shown; version.kind === 'addendum'; ) {
    const parent = all.find((one) => one.digest === version.content.parentDigest);
    if (parent === undefined) break;
    seen.push(parent);
    version = parent;
  }
  return seen;
}
