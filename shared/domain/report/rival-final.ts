import { isLaterKind, type ReleaseKind } from './report.ts';

/** A report of the same order in the record; `status` as FHIR R4 diagnostic-report-status has it, `by` whoever interpreted it. */
export type ReportOfOrder = { readonly id: string; readonly status: string; readonly by: string };

/** R4 diagnostic-report-status: final, and what only follows a final. */
const finalStatuses: readonly string[] = ['final', 'amended', 'corrected', 'appended'];

/**
 * The final report of somebody else that a first report of ours would stand against: an order has one final, so ours is given back at
 * its release, whether preliminary or final. What changes a report that is out already has no rival. Null where nothing is against it.
 */
export function rivalFinal(
  kind: ReleaseKind,
  ownReportId: string,
  ofOrder: readonly ReportOfOrder[],
): ReportOfOrder | null {
  if (isLaterKind(kind)) return null;
  return ofOrder.find((one) => one.id !== ownReportId && finalStatuses.includes(one.status)) ?? null;
}

/** Why a signed report was given back. */
export function rivalReason({ by }: Pick<ReportOfOrder, 'by'>): string {
  return `Another final report${by === '' ? '' : ` by ${by}`} for this order is in the record already. Yours is kept here.`;
}

/** The same, said before she signs. */
export function rivalWarning({ by }: Pick<ReportOfOrder, 'by'>): string {
  return `A final report${by === '' ? '' : ` by ${by}`} for this order is in the record already. What you sign is given back to you and not released.`;
}
