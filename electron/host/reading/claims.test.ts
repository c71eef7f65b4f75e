import type { Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import { emptyDesk, type ReadingTask, type TaskId } from '../../../shared/domain/reading/index.ts';
import { taskFromFhir, taskToFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { createClaims } from './claims.ts';

const reader: Reader = {
  id: 'reader-1' as ReaderId,
  userName: 'ann',
  name: 'Dr A. Tandewright',
  role: 'radiologist',
  npi: null,
  states: 'all',
};

test('a claim that is refused teaches the list why: another reader finished the study while we asked', async () => {
  const finished: ReadingTask = {
    id: 'rt-1' as TaskId,
    state: 'completed',
    orderId: null,
    archive: null,
    studyUid: null,
    requestedReport: 'final',
    claim: null,
    lastFencingToken: 3,
    released: { kind: 'final', reportId: 'report-1', version: 1, digest: 'a'.repeat(64) } as ReadingTask['released'],
    authoredOn: instant(1_000),
    desk: emptyDesk,
  };
  const task = taskToFhir(finished, { patientReference: null, accession: null } as Parameters<typeof taskToFhir>[1]);
  const record = {
    recordNow: () => instant(2_000),
    read: async () => ok({ resource: task, version: '7', lastUpdated: null }),
    put: async () => {
      throw new Error('nothing may be written');
    },
  } as unknown as RecordClient;
  const learnt: Versioned<Task>[] = [];
  const claim = await createClaims(record, (one) => learnt.push(one)).claim(finished.id, reader);
  expect(claim.ok).toBe(false);
  expect(learnt.map((one) => one.version)).toEqual(['7']);
  const known = taskFromFhir(learnt[0]?.resource);
  expect(known.ok && known.value.task.state).toBe('completed');
});
