import { describe, expect, test } from 'vitest';
import type { LinkedExam, LinkedExams } from '../../../shared/api/index.ts';
import {
  type Draft,
  type DraftExam,
  draftFrom,
  type PendingReport,
  type ReportContent,
} from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { firstDraft, hasWords, isCovered, sameWords } from './draft-words.ts';
import {
  blockFor,
  examsWithWords,
  givenExamsBlock,
  togetherBlock,
  togetherInput,
  withExamText,
} from './together-words.ts';

const empty = draftFrom(
  { clinicalInformation: 'Fall.', technique: 'CT head.', comparison: 'None available.' },
  { taskId: 'task-head', studyUid: '1.2.1', readerId: 'ann', now: instant(1) },
);
const chest: DraftExam = {
  taskId: 'task-chest',
  studyUid: '1.2.2',
  accession: 'CHI-2',
  exam: 'CT chest',
  studyDate: '20261122',
  texts: { '55111-9': 'CT chest.', '59776-5': 'No fracture.', '19005-8': 'Normal chest.' },
};
const both: Draft = {
  ...empty,
  sections: { ...empty.sections, '59776-5': 'No bleed.', '19005-8': 'Normal head.' },
  together: [chest],
};
const detail = {
  order: { procedure: { display: 'CT head' } },
  study: { studyDate: '20261122', description: 'CT head' },
  context: { accession: 'CHI-1' },
} as never;
const yours = {
  context: { taskId: 'task-chest', studyUid: '1.2.2', accession: 'CHI-2' },
  exam: 'CT chest',
  modality: 'CT',
  studyDate: '20261122',
  images: 20,
  why: 'ordered together',
  standing: 'yours',
  words: 'You have it.',
  fencingToken: 3,
  technique: 'CT chest; 20 images in 1 series.',
} as unknown as LinkedExam;
const view = (exams: readonly LinkedExam[]): LinkedExams => ({ exams, apart: [], reported: [] });

describe('a draft over two exams', () => {
  test('differs from one whose other exam says something else, and has words where only that one has', () => {
    expect(sameWords(both, withExamText(both, 'task-chest', '59776-5', 'Fracture.'))).toBe(false);
    expect(sameWords(both, { ...both, together: [{ ...chest }] })).toBe(true);
    expect(sameWords(empty, { ...empty, together: [] })).toBe(true);
    expect(hasWords({ ...empty, together: [chest] })).toBe(true);
    expect(withExamText(both, 'task-knee', '59776-5', 'x').together).toEqual(both.together);
  });

  test('is forgotten only once a signed version holds the words of each exam under that exam', () => {
    const section = (code: string, text: string, exam?: string) => ({
      code,
      title: '',
      text,
      ...(exam === undefined ? {} : { exam }),
    });
    const sections = [
      section('55752-0', 'Fall.'),
      section('18834-2', 'None available.'),
      section('55111-9', 'CT head.', '1.2.1'),
      section('59776-5', 'No bleed.', '1.2.1'),
      section('19005-8', 'Normal head.', '1.2.1'),
      section('55111-9', 'CT chest.', '1.2.2'),
      section('59776-5', 'No fracture.', '1.2.2'),
      section('19005-8', 'Normal chest.', '1.2.2'),
    ];
    const signed = (list: typeof sections) => [{ content: { sections: list } }] as never;
    expect(isCovered(both, signed(sections))).toBe(true);
    expect(isCovered(both, signed(sections.slice(0, -1)))).toBe(false);
    const swapped = sections.map((one) => (one.exam === '1.2.2' ? { ...one, exam: '1.2.1' } : one));
    expect(isCovered(both, signed(swapped))).toBe(false);
  });

  test('that was given back comes back with the words of each exam in its own place, whichever exam is opened', () => {
    const exams = [
      { taskId: 'task-head', studyUid: '1.2.1', accession: 'CHI-1', exam: 'CT head', studyDate: '20261122' },
      { taskId: 'task-chest', studyUid: '1.2.2', accession: 'CHI-2', exam: 'CT chest', studyDate: '20261122' },
    ];
    const content = (taskId: string, studyUid: string) =>
      ({
        taskId,
        studyUid,
        signer: { id: 'ann' },
        reason: null,
        measurements: [],
        together: { id: 't', signed: [], exams },
        sections: [
          { code: '55752-0', title: '', text: 'Fall.' },
          { code: '59776-5', title: '', text: 'No bleed.', exam: '1.2.1' },
          { code: '59776-5', title: '', text: 'No fracture.', exam: '1.2.2' },
        ],
      }) as unknown as ReportContent;
    const returned = (of: ReportContent) => [{ version: 1, kind: 'final', returned: 'why', content: of }] as never;
    const prefill = { clinicalInformation: '', technique: '', comparison: '' };
    const facts = (taskId: string, studyUid: string) => ({ taskId, studyUid, readerId: 'ann', now: instant(2) });
    const head = firstDraft(prefill, returned(content('task-head', '1.2.1')), facts('task-head', '1.2.1'));
    expect([head.sections['59776-5'], head.together?.[0]?.texts['59776-5']]).toEqual(['No bleed.', 'No fracture.']);
    const other = firstDraft(prefill, returned(content('task-chest', '1.2.2')), facts('task-chest', '1.2.2'));
    expect([other.sections['59776-5'], other.together?.[0]?.texts['59776-5']]).toEqual(['No fracture.', 'No bleed.']);
  });

  test('takes the words that she has begun for the other exam, and is not taken apart while such words stand in it', () => {
    const own = { ...empty, sections: { ...empty.sections, '55111-9': ' ', '59776-5': 'Begun.' } };
    expect(blockFor(yours, own).texts).toMatchObject({ '55111-9': yours.technique, '59776-5': 'Begun.' });
    expect(examsWithWords({ ...empty, together: [blockFor(yours, null)] })).toEqual([]);
    expect(examsWithWords(both)).toEqual([chest]);
  });
});

describe('signing for both', () => {
  test('begins with the words of each exam as they were given, in its own place, and is for all of them or none', () => {
    const exam = (taskId: string, studyUid: string, accession: string, name: string, instances: readonly string[]) => ({
      ...{ taskId, studyUid, accession, exam: name, studyDate: '20261122', instances },
    });
    const exams = [
      exam('task-head', '1.2.1', 'CHI-1', 'CT head', ['1', '2']),
      exam('task-chest', '1.2.2', 'CHI-2', 'CT chest', ['3']),
    ];
    const report = {
      ...{ taskId: 'task-chest', studyUid: '1.2.2', signer: { id: 'resident' }, measurements: [], instances: ['3'] },
      together: { id: 't', signed: [], exams },
      sections: [
        { code: '55752-0', title: '', text: 'Fall.' },
        { code: '59776-5', title: '', text: 'No bleed.', exam: '1.2.1' },
        { code: '59776-5', title: '', text: 'No fracture.', exam: '1.2.2' },
      ],
    } as unknown as PendingReport;
    const prefill = { clinicalInformation: '', technique: '', comparison: '' };
    const facts = { taskId: 'task-chest', studyUid: '1.2.2', readerId: 'ann', now: instant(2) };
    const begun = firstDraft(prefill, [], facts, report);
    expect(begun.sections['59776-5']).toBe('No fracture.');
    expect(begun.together?.map((one) => [one.studyUid, one.texts['59776-5'], one.imagesAtStart])).toEqual([
      ['1.2.1', 'No bleed.', 2],
    ]);
    const pending = { standing: 'to-sign', report } as never;
    expect(givenExamsBlock(begun, { pending })).toBeNull();
    expect(givenExamsBlock({ ...begun, together: [] }, { pending })).toBe(
      'It was given as one report with CT head, accession CHI-1, 2026-11-22: sign for all of its exams, or send it back.',
    );
    const more = {
      ...begun,
      together: [...(begun.together ?? []), { ...chest, taskId: 'task-knee', exam: 'CT knee' }],
    };
    expect(givenExamsBlock(more, { pending })).toContain('CT knee, accession CHI-2, 2026-11-22 is not of the report');
    expect(givenExamsBlock({ ...begun, together: [] }, { pending: undefined })).toBeNull();
  });

  test('is blocked by name where an exam lacks a part, is not hers, or does not go with this one any more', () => {
    expect(togetherBlock('final', both, detail, view([yours]))).toBeNull();
    expect(togetherBlock('final', empty, detail, null)).toBeNull();
    const lacking = withExamText(both, 'task-chest', '19005-8', ' ');
    expect(togetherBlock('final', lacking, detail, view([yours]))).toBe(
      'CT chest, accession CHI-2, 2026-11-22 lacks Impression.',
    );
    const own = { ...both, sections: { ...both.sections, '59776-5': '' } };
    expect(togetherBlock('final', own, detail, view([yours]))).toBe(
      'CT head, accession CHI-1, 2026-11-22 lacks Findings.',
    );
    const theirs = { ...yours, standing: 'refused', words: 'Dr Bob has it.' } as LinkedExam;
    expect(togetherBlock('final', both, detail, view([theirs]))).toContain('Dr Bob has it.');
    expect(togetherBlock('final', both, detail, view([]))).toContain('does not go with this exam any more');
    expect(togetherBlock('final', both, detail, null)).not.toBeNull();
    expect(togetherBlock('addendum', lacking, detail, null)).toBeNull();
  });

  test('names every other exam with the claim under which it is signed; an addendum those of the signed report', () => {
    expect(togetherInput('final', both, view([yours]))).toEqual([
      { context: yours.context, exam: 'CT chest', fencingToken: 3 },
    ]);
    expect(togetherInput('final', empty, view([yours]))).toEqual([]);
    const reported = { ...view([]), reported: [{ context: yours.context, exam: 'CT chest' }] };
    expect(togetherInput('addendum', empty, reported)).toEqual([
      { context: yours.context, exam: 'CT chest', fencingToken: null },
    ]);
  });
});
