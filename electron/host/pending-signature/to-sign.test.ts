import { describe, expect, it } from 'vitest';
import type { PendingReport } from '../../../shared/domain/report/index.ts';
import type { PatientIdentity } from '../../../shared/domain/study/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { givenForAll, givenToSign } from './to-sign.ts';

const ivo: PatientIdentity = { id: 'P1', issuer: 'CHI', name: 'Hazelbourne^Ivo', birthDate: '19690317', sex: 'M' };
const other: PatientIdentity = { id: 'P9', issuer: 'CHI', name: 'Larkhaven^Osei', birthDate: '19500101', sex: 'M' };
const exams = [
  { taskId: 'head', studyUid: '1.2.1', accession: 'CHI-1', exam: 'CT head' },
  { taskId: 'chest', studyUid: '1.2.2', accession: 'CHI-2', exam: 'CT chest' },
].map((one) => ({ ...one, orderId: null, archive: 'demo', studyDate: '20261122', instances: [] }));
const sections = [
  { code: '59776-5', title: 'Findings', text: 'No bleed.', exam: '1.2.1' },
  { code: '59776-5', title: 'Findings', text: 'No fracture.', exam: '1.2.2' },
];

type Change = {
  readonly patient?: PatientIdentity;
  readonly press?: string | null;
  readonly sections?: typeof sections;
};

/** What the resident gave for both exams by one press, as the two cases stand now. */
function bothGiven(changed: { readonly [taskId: string]: Change } = {}) {
  const cases = new Map(
    exams.map((exam) => {
      const { patient = ivo, press = 'press-1' } = changed[exam.taskId] ?? {};
      const pending = { reader: 'resident', readerName: 'Dr C. Maplethorne', press, digest: `digest-${exam.taskId}` };
      const task = { id: exam.taskId, ...exam, state: 'queued', desk: press === null ? {} : { pending } };
      const study = { ...exam, patient, description: exam.exam, modalities: ['CT'] };
      return [exam.taskId, { task, order: null, seen: { study } } as unknown as CaseFacts] as const;
    }),
  );
  const store = {
    read: async (taskId: string, digest: string) => {
      const exam = exams.find((one) => one.taskId === taskId);
      const words = changed[taskId]?.sections ?? sections;
      const report = { ...exam, patient: ivo, together: { id: 't', signed: [], exams }, sections: words };
      return ok({ report: report as unknown as PendingReport, digest });
    },
  };
  const factsOf = (taskId: string): CaseFacts => cases.get(taskId) as CaseFacts;
  return { parts: { store, book: { facts: (id: string) => cases.get(id) ?? null } }, factsOf };
}

const head = 'CT head, accession CHI-1, 2026-11-22';
const chest = 'CT chest, accession CHI-2, 2026-11-22';

describe('a report that was given for two exams of one patient', () => {
  it('is one, whichever of them is asked, with what was given for each', async () => {
    const { parts, factsOf } = bothGiven();
    const given = await givenToSign(parts, [factsOf('chest'), factsOf('head')]);
    expect(given.ok && [...(given.value ?? [])].map(([id, one]) => [id, one.digest])).toEqual([
      ['chest', 'digest-chest'],
      ['head', 'digest-head'],
    ]);
  });

  it.each([
    ['the patient of the other exam is somebody else now', { chest: { patient: other } }, 'identity-stop'],
    ['the other exam waits no more', { chest: { press: null } }, 'not-a-legal-move'],
    ['something else was given there since', { chest: { press: 'press-2' } }, 'not-a-legal-move'],
    ['its words are others there', { chest: { sections: sections.slice(1) } }, 'not-a-legal-move'],
  ])('is shown to nobody and signed by nobody where %s', async (_why, changed, code) => {
    const { parts, factsOf } = bothGiven(changed as never);
    const shown = await givenForAll(parts, factsOf('head'));
    expect(shown.ok ? null : [shown.error.code, shown.error.message.slice(0, chest.length)]).toEqual([code, chest]);
    const signed = await givenToSign(parts, [factsOf('head'), factsOf('chest')]);
    expect(signed.ok ? null : [signed.error.code, signed.error.message]).toEqual([
      code,
      expect.stringContaining('Nothing was signed'),
    ]);
  });

  it('is stopped too where the patient of the open exam is somebody else now', async () => {
    const { parts, factsOf } = bothGiven({ head: { patient: other } });
    const shown = await givenForAll(parts, factsOf('head'));
    expect(shown.ok ? null : shown.error.code).toBe('identity-stop');
    const fromOther = await givenForAll(parts, factsOf('chest'));
    expect(fromOther.ok ? null : fromOther.error.message).toContain(`${head}: The patient was changed`);
  });

  it('is signed for both or not at all, and for no third', async () => {
    const { parts, factsOf } = bothGiven();
    const alone = await givenToSign(parts, [factsOf('head')]);
    expect(alone.ok ? null : alone.error.message).toBe(
      'It was given as one report with CT chest, CHI-2. Sign for all of them, or send it back to Dr C. Maplethorne. Nothing was signed; your words are kept.',
    );
    const third = { ...factsOf('head'), task: { ...factsOf('head').task, id: 'knee', desk: {} } } as CaseFacts;
    const more = await givenToSign(parts, [factsOf('head'), factsOf('chest'), third]);
    expect(more.ok ? null : more.error.message).toContain('is not of the report that was given to be signed');
    const nothing = await givenToSign(parts, [third]);
    expect(nothing).toEqual(ok(null));
  });
});
