import type { ClaimResponse, Coverage as FhirCoverage } from '@medplum/fhirtypes';
import type { BillingRow, FitToBillList } from '../../../shared/api/index.ts';
import {
  type Authorization,
  type BillFacts,
  type Coverage,
  type FitToBillRules,
  fitToBill,
} from '../../../shared/domain/billing/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import {
  authorizationFromFhir,
  billingOfServiceRequest,
  coverageFromFhir,
} from '../../../shared/interop/fhir/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';
import type { CodeTables } from './code-tables.ts';

/**
 * Fit to bill, for the site's and the lead's pages alone. It reads what the reading knows and writes nothing: no study waits for it, and no
 * reader hears of it.
 */
export type BillingDesk = {
  /** The youngest cases among these, judged. */
  list(cases: readonly CaseFacts[]): Promise<Result<FitToBillList, RecordFailure>>;
};

/** Cases judged in one answer: each may ask the record for its coverage. */
const mostCases = 300;
/** Questions to the record at a time. */
const atOnce = 4;
/** Milliseconds for which a coverage or an authorization is believed without asking again. */
const keptFor = 5 * 60_000;
const mostKept = 5_000;

export function createBillingDesk(parts: {
  readonly record: Pick<RecordClient, 'read'>;
  readonly sync: Pick<RecordSync, 'get'>;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly tables: CodeTables;
  readonly rules: (order: Order) => FitToBillRules;
  readonly ports: Ports;
}): BillingDesk {
  const { record, sync, reports, tables, ports } = parts;
  const kept = new Map<string, { readonly at: number; readonly resource: FhirCoverage | ClaimResponse | null }>();
  const signers = new Map<string, string | null>();

  const read = async (
    type: 'Coverage' | 'ClaimResponse',
    id: string,
  ): Promise<Result<FhirCoverage | ClaimResponse | null, RecordFailure>> => {
    const name = `${type}/${id}`;
    const known = kept.get(name);
    if (known !== undefined && ports.now() - known.at < keptFor) return ok(known.resource);
    const found = await record.read(type, id);
    // A reference that leads nowhere is a coverage that is not there; a record that does not answer is another matter.
    if (!found.ok && found.error.code !== 'not-found') return found;
    const resource = found.ok ? found.value.resource : null;
    if (kept.size >= mostKept) kept.clear();
    kept.set(name, { at: ports.now(), resource });
    return ok(resource);
  };

  const signerOf = async ({ task }: CaseFacts): Promise<BillFacts['signed']> => {
    if (task.released === null) return null;
    const { digest, kind } = task.released;
    let npi = signers.get(digest);
    if (npi === undefined) {
      const { versions } = await reports.of(task.id);
      npi = versions.find((one) => one.digest === digest)?.content.signer.npi ?? null;
      if (signers.size >= mostKept) signers.clear();
      signers.set(digest, npi);
    }
    return { npi, state: kind === 'preliminary' ? 'preliminary' : 'final' };
  };

  const judge = async (found: CaseFacts, order: Order): Promise<Result<BillingRow, RecordFailure>> => {
    const billing = billingOfServiceRequest(sync.get('ServiceRequest', order.id)?.resource);
    const coverages: Coverage[] = [];
    const authorizations: Authorization[] = [];
    for (const id of billing.coverageIds) {
      const resource = await read('Coverage', id);
      if (!resource.ok) return resource;
      const coverage = coverageFromFhir(resource.value);
      if (coverage !== null) coverages.push(coverage);
    }
    for (const id of billing.authorizationIds) {
      const resource = await read('ClaimResponse', id);
      if (!resource.ok) return resource;
      const authorization = authorizationFromFhir(resource.value);
      if (authorization !== null) authorizations.push(authorization);
    }
    const dateOfService = found.seen?.study.studyDate ?? null;
    const facts: BillFacts = {
      dateOfService: dateOfService !== null && /^\d{8}$/.test(dateOfService) ? dateOfService : null,
      procedureCodes: billing.procedureCodes,
      diagnosisCodes: billing.diagnosisCodes,
      authorizations,
      coverages,
      ordererNpi: order.orderedBy?.npi ?? null,
      signed: await signerOf(found),
    };
    const { verdict, checks } = fitToBill(facts, { diagnoses: tables.diagnoses() }, parts.rules(order));
    return ok({
      taskId: found.task.id,
      accession: order.accession,
      patient: order.patient,
      exam: order.procedure.display,
      site: order.site?.name ?? null,
      dateOfService: facts.dateOfService,
      verdict,
      checks,
    });
  };

  return {
    list: async (cases) => {
      const ordered = cases
        .flatMap((found) => (found.order === null ? [] : [{ found, order: found.order }]))
        .sort((a, b) => (b.order.authoredOn ?? 0) - (a.order.authoredOn ?? 0));
      const chosen = ordered.slice(0, mostCases);
      const rows: BillingRow[] = [];
      for (let from = 0; from < chosen.length; from += atOnce) {
        const judged = await Promise.all(
          chosen.slice(from, from + atOnce).map(({ found, order }) => judge(found, order)),
        );
        for (const one of judged) {
          if (!one.ok) return err(one.error);
          rows.push(one.value);
        }
      }
      return ok({
        tables: tables.list(),
        judged: rows.length,
        left: ordered.length - rows.length,
        rows: rows.filter((row) => row.verdict !== 'fit'),
      });
    },
  };
}
