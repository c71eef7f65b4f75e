import type { ClaimResponse, Coverage, ServiceRequest } from '@medplum/fhirtypes';
import type { Failure } from '../../../shared/api/index.ts';
import { type BillCorrection, checkCorrection, correctionWords } from '../../../shared/domain/billing/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import {
  authorizationToFhir,
  correctedForBilling,
  coverageToFhir,
  suppliedPrefix,
} from '../../../shared/interop/fhir/index.ts';
import { toFhirInstant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { CodeTables } from './code-tables.ts';

/**
 * Puts into an order what its site's desk supplies for billing. It writes the order's own words for payers and nothing else: no task, no
 * clock, no report, and nothing that the reading looks at.
 */
export type BillCorrections = {
  correct(
    facts: CaseFacts,
    by: { readonly id: string; readonly name: string },
    asked: { readonly commandId: string; readonly correction: BillCorrection },
  ): Promise<Result<null, Failure>>;
};

const mostRaces = 5;

export function createBillCorrections(parts: {
  readonly record: RecordClient;
  readonly sync: Pick<RecordSync, 'learn'>;
  readonly events: Pick<EventBook, 'write'>;
  readonly tables: CodeTables;
}): BillCorrections {
  const { record, sync, events } = parts;
  const unsaved = (error: RecordFailure): { ok: false; error: Failure } =>
    failure('not-saved', `${error.message} Nothing was changed; send it again.`);

  /** The Coverage or the answer to a preauthorization, under an id that a repeat of the same command comes to as well. */
  const supplied = async (
    facts: CaseFacts,
    commandId: string,
    correction: BillCorrection,
  ): Promise<Result<string | null, Failure>> => {
    if (correction.kind !== 'coverage' && correction.kind !== 'authorization') return ok(null);
    const patient = facts.order?.patientReference ?? null;
    if (patient === null)
      return failure(
        'not-a-legal-move',
        'The order names no patient of the record, so nothing can be recorded for one. Send the order again with its patient.',
      );
    const id = deriveId(`${suppliedPrefix}-${correction.kind}`, [facts.task.id, commandId], sha256);
    const resource: (Coverage | ClaimResponse) & { id: string } =
      correction.kind === 'coverage'
        ? coverageToFhir(id, patient, { ...correction, active: true })
        : authorizationToFhir(id, patient, toFhirInstant(record.recordNow()).slice(0, 10), correction);
    const written = await record.put(resource);
    return written.ok ? ok(`${resource.resourceType}/${id}`) : unsaved(written.error);
  };

  const intoOrder = async (
    orderId: string,
    mark: string,
    change: (request: ServiceRequest) => ServiceRequest,
  ): Promise<Result<null, Failure>> => {
    for (let race = 0; ; race += 1) {
      const read = await record.read('ServiceRequest', orderId);
      if (!read.ok) return unsaved(read.error);
      // A repeat whose answer was lost.
      if (read.value.resource.note?.some((one) => one.text?.includes(mark)) === true) return ok(null);
      const put = await record.put(change(read.value.resource) as ServiceRequest & { id: string }, {
        ifMatch: read.value.version,
      });
      if (put.ok) {
        sync.learn(put.value);
        return ok(null);
      }
      if (put.error.code !== 'version-conflict' || race >= mostRaces) return unsaved(put.error);
    }
  };

  return {
    correct: async (facts, by, { commandId, correction: given }) => {
      const { order, seen } = facts;
      if (order === null) return failure('not-found', 'There is no such order of your site.');
      const date = seen?.study.studyDate ?? null;
      const checked = checkCorrection(given, {
        dateOfService: date !== null && /^\d{8}$/.test(date) ? date : null,
        diagnoses: parts.tables.diagnoses(),
      });
      if (!checked.ok) return failure('bad-request', checked.error.words);
      const correction = checked.value;
      const reference = await supplied(facts, commandId, correction);
      if (!reference.ok) return reference;
      const at = record.recordNow();
      const mark = `(billing ${commandId})`;
      const text = `From the site’s desk, for billing: ${correctionWords(correction)} ${mark}`;
      const done = await intoOrder(order.id, mark, (request) =>
        correctedForBilling(request, correction, reference.value, { by, at, text }),
      );
      if (!done.ok) return done;
      const kept = await events.write([
        caseEvent(facts, 'billing.corrected', at, {
          actor: { kind: 'person', ...by },
          part: commandId,
          detail: correctionWords(correction),
          clock: { source: 'record', skew: null, confidence: 'high' },
        }),
      ]);
      return kept
        ? ok(null)
        : failure('not-saved', 'The order has it. The timeline could not be written now; send it again.');
    },
  };
}
