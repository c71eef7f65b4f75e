import { expect } from 'vitest';
import type { CallInput, CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
import { draftOf, eventually, signCommand } from './case-driver.ts';

/** The demo day's two exams of one patient that go together, with their images: the head first. */
export async function pairOfDay(reader: TestReader): Promise<readonly [head: WorklistRow, chest: WorklistRow]> {
  return eventually('the two exams with their images', async () => {
    const list = await reader.call('worklist', { input: {} });
    const found = (list.ok ? list.value.rows : []).filter(
      (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present === row.images.expected,
    );
    const [head, chest] = found.sort((row) => (/head/i.test(row.procedure) ? -1 : 1));
    return head?.linked === undefined || chest?.linked === undefined ? null : [head, chest];
  });
}

export type OpenPair = {
  readonly detail: CaseDetail;
  readonly draft: Draft;
  /** A press over both exams, anew with each call. */
  readonly command: () => CallInput<'sign'>;
  /** A press over the open one alone. */
  readonly alone: CallInput<'sign'>;
};

/** Claims the exam that goes with the open one and writes both: "No haemorrhage." of the head, "No rib fracture." of the chest. */
export async function writePair(reader: TestReader, detail: CaseDetail, isHead: boolean): Promise<OpenPair> {
  const claimed = await reader.call('claimLinked', {
    params: { taskId: detail.context.taskId },
    input: { fencingToken: detail.claim?.fencingToken ?? 0 },
  });
  const other = claimed.ok ? claimed.value.exams[0] : undefined;
  if (other === undefined) throw new Error(claimed.ok ? 'nothing goes with it' : claimed.error.message);
  expect(other.standing).toBe('yours');
  const [words, beside] = isHead ? ['No haemorrhage.', 'No rib fracture.'] : ['No rib fracture.', 'No haemorrhage.'];
  const block = {
    taskId: other.context.taskId,
    studyUid: other.context.studyUid ?? '',
    accession: other.context.accession,
    exam: other.exam,
    studyDate: other.studyDate,
    texts: { '55111-9': 'As ordered.', '59776-5': beside ?? '', '19005-8': 'Normal.' },
  };
  const own = draftOf(detail, reader, words ?? '', 'Normal.', { revision: (detail.draft?.revision ?? 0) + 1 });
  const draft = {
    ...own,
    sections: { ...own.sections, '55752-0': '', '18834-2': '', '55111-9': 'As ordered.' },
    together: [block],
  };
  const { context, exam, fencingToken } = other;
  return {
    detail,
    draft,
    command: () => ({
      ...signCommand(detail, draft, 'final', 'demo'),
      together: [{ context, exam, fencingToken }],
    }),
    alone: signCommand(detail, { ...draft, together: [] }, 'final', 'demo'),
  };
}
