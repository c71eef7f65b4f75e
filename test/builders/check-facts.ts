import type { CheckFacts } from '../../shared/domain/checks/index.ts';

type Words = Partial<Readonly<Record<'clinical' | 'technique' | 'comparison' | 'findings' | 'impression', string>>>;

/** Facts of an exam against which nothing stands, with these words; for tests. */
export function madeFacts(words: Words = {}, over: Partial<CheckFacts> = {}): CheckFacts {
  const section = (code: CheckFacts['sections'][number]['code'], text: string) => ({
    code,
    exam: null,
    text,
    untouched: null,
  });
  return {
    kind: 'final',
    sections: [
      section('55752-0', words.clinical ?? 'Cough.'),
      section('55111-9', words.technique ?? 'Two views.'),
      section('18834-2', words.comparison ?? 'None.'),
      section('59776-5', words.findings ?? 'Clear lungs.'),
      section('19005-8', words.impression ?? 'Normal chest.'),
    ],
    exams: [
      {
        studyUid: '1.2.3',
        names: ['XR chest 2 views', 'CHEST'],
        orderSide: null,
        imagesSide: null,
        studyDate: '20261122',
      },
    ],
    patient: { id: 'P1', issuer: 'LKG', name: 'QUILLFEATHER^OTTOLINE', birthDate: '19520309', sex: 'F' },
    imagesSex: 'F',
    accession: 'LKG-1000001',
    others: [],
    priors: { found: [], opened: [] },
    measurements: [],
    openFields: [],
    seriesNotShown: [],
    seriesNotFull: [],
    identity: null,
    claim: null,
    criticalBegun: false,
    ...over,
  };
}
