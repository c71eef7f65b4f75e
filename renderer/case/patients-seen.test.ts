import { describe, expect, test } from 'vitest';
import type { CaseDetail } from '../../shared/api/index.ts';
import { createPatientsSeen } from './patients-seen.ts';

type Seen = Pick<CaseDetail, 'order' | 'study' | 'context'>;
const caseOf = (id: string, name: string, accession: string): Seen =>
  ({
    order: { patient: { id, issuer: 'LKG', name, birthDate: '19520309', sex: 'F' } },
    study: null,
    context: { accession },
  }) as unknown as Seen;
const ottoline = caseOf('1', 'QUILLFEATHER^OTTOLINE', 'LKG-1');
const ambrose = caseOf('2', 'BRAMBLE^AMBROSE', 'LKG-2');

describe('patients whose exams were opened here', () => {
  test('are all but the one of the case', () => {
    const seen = createPatientsSeen();
    seen.note(ottoline);
    seen.note(ambrose);
    seen.note(ambrose);
    expect(seen.besides(ambrose).map(({ name }) => name)).toEqual(['QUILLFEATHER^OTTOLINE']);
    expect(seen.besides(ottoline).map(({ accession }) => accession)).toEqual(['LKG-2']);
  });

  test('the same patient in another spelling is no other', () => {
    const seen = createPatientsSeen();
    seen.note(caseOf('1', 'QUILLFEATHER', 'LKG-7'));
    expect(seen.besides(ottoline)).toEqual([]);
  });
});
