import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDicomJson, instanceFromQido, personName, studyFromQido, tags, text } from './index.ts';

const row = {
  [tags.StudyInstanceUID]: { vr: 'UI', Value: ['1.2.3'] },
  [tags.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'YAMADA^Tarou', Ideographic: '山田^太郎' }] },
  [tags.PatientID]: { vr: 'LO', Value: [' MRN1 '] },
  [tags.PatientBirthDate]: { vr: 'DA', Value: ['19520309'] },
  [tags.PatientSex]: { vr: 'CS', Value: ['F'] },
  [tags.AccessionNumber]: { vr: 'SH' },
  [tags.ModalitiesInStudy]: { vr: 'CS', Value: ['CT', 'SR', 'PR'] },
  [tags.NumberOfStudyRelatedInstances]: { vr: 'IS', Value: ['12'] },
};

describe('DICOM JSON', () => {
  it('reads a study of a QIDO answer', () => {
    const clean = cleanDicomJson(row);
    const study = clean.ok ? studyFromQido(clean.value, 'main') : clean;
    expect(study).toMatchObject({
      ok: true,
      value: {
        archive: 'main',
        studyUid: '1.2.3',
        accession: null,
        modalities: ['CT'],
        instanceCount: 12,
        seriesCount: 0,
        patient: { id: 'MRN1', name: 'YAMADA^Tarou=山田^太郎', birthDate: '19520309', sex: 'F' },
      },
    });
  });

  it('takes no study for a paper that lies beside its images, and says that documents are among them', () => {
    const of = (...modalities: readonly string[]) => {
      const study = studyFromQido({ ...row, [tags.ModalitiesInStudy]: { vr: 'CS', Value: [...modalities] } }, 'main');
      return study.ok ? [study.value.modalities, study.value.withDocuments] : study.error;
    };
    expect(of('DOC', 'MR', 'SR')).toEqual([['MR'], true]);
    expect(of('MR')).toEqual([['MR'], undefined]);
    // A scanned tracing is the exam itself.
    expect(of('DOC')).toEqual([['DOC'], undefined]);
    expect(of('DOC', 'SR')).toEqual([['DOC'], true]);
  });

  it('refuses a study without a valid UID, and an instance too', () => {
    expect(studyFromQido({ [tags.StudyInstanceUID]: { vr: 'UI', Value: ['../../etc'] } }, 'main')).toMatchObject({
      error: { code: 'bad-study-uid' },
    });
    expect(instanceFromQido({ [tags.SOPInstanceUID]: { vr: 'UI', Value: ['1.2'] } })).toMatchObject({
      error: { code: 'bad-instance' },
    });
  });

  it('lets no __proto__ reach a prototype, at any depth', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"vr":"LO"},"0040a730":{"vr":"SQ","__proto__":{"x":1},"Value":[{"__proto__":{"polluted":1},"00100020":{"vr":"LO","Value":["A"]}}]}}',
    );
    const clean = cleanDicomJson(hostile);
    if (!clean.ok) throw new Error(clean.error.words);
    expect(Object.getPrototypeOf(clean.value)).toBeNull();
    expect(Object.keys(clean.value)).toEqual(['0040A730']);
    const item = clean.value['0040A730']?.Value?.[0] as object;
    expect(Object.getPrototypeOf(item)).toBeNull();
    expect('polluted' in item).toBe(false);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('is bounded in depth, values and characters', () => {
    let deep: object = {};
    for (let level = 0; level < 60; level += 1) deep = { '0040A730': { vr: 'SQ', Value: [deep] } };
    expect(cleanDicomJson(deep)).toMatchObject({ error: { code: 'too-deep' } });
    const wide = { '00100020': { vr: 'LO', Value: Array.from({ length: 20 }, () => 'x') } };
    expect(cleanDicomJson(wide, { depth: 3, values: 10, characters: 1000 })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(cleanDicomJson(wide, { depth: 3, values: 100, characters: 10 })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(cleanDicomJson([])).toMatchObject({ error: { code: 'not-an-object' } });
  });

  it('takes anything without throwing, and cleaning twice changes nothing', () => {
    const element = fc.record({ vr: fc.constantFrom('LO', 'SQ', 'PN', 'IS', 'x'), Value: fc.array(fc.anything()) });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('00100010', '00100020', '0020000D', '__proto__', 'x'),
          fc.oneof(element, fc.anything()),
        ),
        (value) => {
          const once = cleanDicomJson(value);
          if (!once.ok) return;
          expect(cleanDicomJson(once.value)).toEqual(once);
          studyFromQido(once.value, 'main');
          personName(once.value, tags.PatientName);
          text(once.value, tags.PatientID);
        },
      ),
    );
  });
});
