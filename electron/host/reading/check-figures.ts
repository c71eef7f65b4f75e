import {
  type CheckRule,
  checkIds,
  checkRules,
  countOutcomes,
  countReasons,
  readOutcomes,
  reasonsOf,
} from '../../../shared/domain/checks/index.ts';
import { auditEventToEvent, ours } from '../../../shared/interop/fhir/index.ts';
import { type Instant, toFhirInstant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';

export type RuleFigures = {
  readonly rule: CheckRule;
  readonly fired: number;
  readonly overridden: number;
  readonly reasons: readonly { readonly words: string; readonly count: number }[];
};

export type CheckFigures = {
  /** Signatures of which a rule had something to say. */
  readonly signatures: number;
  readonly rules: readonly RuleFigures[];
};

/** Days that the counts go back. */
export const countedDays = 30;
const dayLong = 86_400_000;
const known: ReadonlySet<string> = new Set(checkIds);

/** Each rule without a count, for a record that does not answer. */
export const noFigures: CheckFigures = {
  signatures: 0,
  rules: checkRules.map((rule) => ({ rule, fired: 0, overridden: 0, reasons: [] })),
};

/** How often each rule fired and was overridden in the last thirty days, on every host of the group, by the timelines in the record. */
export async function checkFigures(
  record: Pick<RecordClient, 'search'>,
  now: Instant,
): Promise<Result<CheckFigures, RecordFailure>> {
  const since = (now - countedDays * dayLong) as Instant;
  const found = await record.search('AuditEvent', {
    subtype: `${ours.eventType}|report.checked`,
    _lastUpdated: `ge${toFhirInstant(since)}`,
  });
  if (!found.ok) return err(found.error);
  const outcomes = found.value.flatMap(({ resource }) => {
    const event = auditEventToEvent(resource);
    return event.ok && event.value.occurredAt >= since ? [readOutcomes(event.value.detail, known)] : [];
  });
  const counts = countOutcomes(outcomes);
  const reasons = countReasons(outcomes);
  return ok({
    signatures: outcomes.filter((one) => one.length > 0).length,
    rules: checkRules.map((rule) => ({
      rule,
      fired: counts.get(rule.id)?.fired ?? 0,
      overridden: counts.get(rule.id)?.overridden ?? 0,
      reasons: (reasons.get(rule.id) ?? []).slice(0, 20).map(({ code, count }) => ({
        words: reasonsOf(rule.id).find((one) => one.code === code)?.words ?? code,
        count,
      })),
    })),
  });
}
