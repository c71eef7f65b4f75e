import type { Prior } from '../../../shared/api/index.ts';
import { relevantPriors } from '../../../shared/domain/study/index.ts';
import { type PriorReport, priorReportFromFhir } from '../../../shared/interop/fhir/prior-report.ts';
import type { RecordSync } from '../record/index.ts';
import type { CaseFacts } from './case-book.ts';
import type { StudyBook } from './study-poll.ts';

/** Earlier studies of the same patient, ranked with the reason, and their reports from the record. */
export type Priors = { of(facts: CaseFacts): Promise<readonly Prior[]> };

/** More are not shown beside a study; the rest is one search away. */
const mostPriors = 8;

export function createPriors(studies: StudyBook, sync: RecordSync): Priors {
  // A resource never changes; a new version is a new one.
  const parsed = new WeakMap<object, PriorReport | null>();
  const parse = (resource: object): PriorReport | null => {
    const known = parsed.get(resource);
    if (known !== undefined) return known;
    const found = priorReportFromFhir(resource);
    parsed.set(resource, found);
    return found;
  };
  return {
    of: async ({ seen }) => {
      const current = seen?.study ?? null;
      if (current === null || current.patient.id === null) return [];
      const others = await studies.ofPatient(current.patient.id);
      const ranked = relevantPriors(
        current,
        others.filter((other) => other.studyUid !== current.studyUid),
      ).slice(0, mostPriors);
      const reports = sync.all('DiagnosticReport').map((one) => parse(one.resource));
      return ranked.map(({ study, reason }) => {
        const found = reports.find((report) => report !== null && report.studyUid === study.studyUid);
        const report =
          found === undefined || found === null
            ? null
            : {
                sections: found.sections,
                issued: found.issued,
                documentId: found.hasPdf ? found.id : null,
              };
        return { study, reason, report };
      });
    },
  };
}
