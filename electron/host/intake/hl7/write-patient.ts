import type { PatientGiven } from '../../../../shared/interop/hl7v2/index.ts';
import type { Result } from '../../../../shared/lib/result.ts';
import type { RecordFailure } from '../../record/types.ts';
import type { ApplyContext } from './apply-context.ts';
import { gapsFilled, identityGiven, identityOf, patientResource } from './patients.ts';
import { writeOver } from './record-writes.ts';

/** The patient that an order or a report names: written where the record has none, else only completed. */
export function writePatient(
  { record, onWritten }: Pick<ApplyContext, 'record' | 'onWritten'>,
  patientId: string,
  given: PatientGiven,
): Promise<Result<boolean, RecordFailure>> {
  return writeOver(
    record,
    'Patient',
    patientId,
    (existing) => {
      const identity = existing === null ? identityGiven(given) : gapsFilled(given, identityOf(existing));
      return patientResource(patientId, identity, given.numbers, existing);
    },
    (written) => onWritten(written),
  );
}
