import type { ReportOfOrder } from '../../../shared/domain/report/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';

/** What the record holds of an order's reports, as it answers now: a list that was synced may be from before the line was lost. */
export async function reportsOfOrder(
  record: Pick<RecordClient, 'search'>,
  orderId: string,
): Promise<Result<readonly ReportOfOrder[], RecordFailure>> {
  const found = await record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${orderId}` });
  if (!found.ok) return found;
  return ok(
    found.value.map(({ resource }) => ({
      id: resource.id ?? '',
      status: resource.status ?? '',
      by: resource.resultsInterpreter?.[0]?.display ?? '',
    })),
  );
}
