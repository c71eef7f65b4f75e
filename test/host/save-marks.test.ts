import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseDetail, caseHeaders, type WorklistRow } from '../../shared/api/index.ts';
import type { CaseMarks, ImageMeasurement } from '../../shared/domain/measurement/index.ts';
import { cleanDicomJson, type DicomJson, tags, text } from '../../shared/interop/dicom-json/index.ts';
import { readKeyImages, readMeasurements } from '../../shared/interop/dicom-sr/index.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';
import { draftOf, openForReading, rowWhere, signCommand } from './case-driver.ts';

describe('marks on the images, into the archive', () => {
  let host: TestHost;
  let reader: TestReader;
  let row: WorklistRow;
  let detail: CaseDetail;
  let marks: CaseMarks;
  let images: readonly string[];
  beforeAll(async () => {
    host = await startTestHost();
    reader = await host.signIn();
    row = await rowWhere(
      reader,
      'a study that is ready to read',
      ({ link, identity, images: { present, expected }, state, mayRead }) =>
        link === 'order-and-images' &&
        identity === 'same' &&
        present === expected &&
        state === 'queued' &&
        mayRead.allowed,
      230_000,
    );
    detail = await openForReading(reader, row.taskId);
    const all = await objects();
    images = all.map((one) => text(one, tags.SOPInstanceUID) ?? '').sort();
    const [first] = all;
    if (first === undefined) throw new Error('no images');
    const place = {
      studyUid: detail.study?.studyUid ?? '',
      seriesUid: text(first, tags.SeriesInstanceUID) ?? '',
      instanceUid: text(first, tags.SOPInstanceUID) ?? '',
      frame: 1,
      frameOfReferenceUid: null,
    };
    const mark: ImageMeasurement = {
      id: crypto.randomUUID(),
      number: 1,
      kind: 'length',
      place,
      points: [
        [10, 10],
        [58, 10],
      ],
      label: 'Segment VI',
      trackingUid: '2.25.4711',
      spacing: { source: 'patient', row: 1, column: 1 },
      quantities: [{ name: 'length', value: 48, unit: 'mm' }],
    };
    const elsewhere = { ...mark, id: crypto.randomUUID(), number: 2, place: { ...place, studyUid: '1.2.3.4' } };
    const invented = { ...mark, id: crypto.randomUUID(), number: 3, place: { ...place, instanceUid: '1.2.3.4.5' } };
    marks = { measurements: [mark, elsewhere, invented], keyImages: [{ id: crypto.randomUUID(), place }] };
  }, 250_000);
  afterAll(() => host?.stop());

  async function objects(): Promise<readonly DicomJson[]> {
    const answered = await reader.fetch(`/dicomweb/${detail.study?.archive}/studies/${row.studyUid}/metadata`, {
      [caseHeaders.task]: detail.context.taskId,
      [caseHeaders.epoch]: String(detail.context.epoch),
    });
    const all = (await answered.json()) as unknown[];
    return all.map((one) => {
      const clean = cleanDicomJson(one);
      if (!clean.ok) throw new Error(clean.error.words);
      return clean.value;
    });
  }
  const save = (context = detail.context, of = marks) =>
    reader.call('saveMarks', { params: { taskId: row.taskId }, input: { context, marks: of as never } });

  it('become an SR and a KOS of this very study; marks on other studies and on images that it does not hold stay out', async () => {
    expect(await save()).toMatchObject({ ok: true, value: { measurements: 1, keyImages: 1, left: 2 } });
    const all = await objects();
    const [sr] = all.map(readMeasurements).filter((one) => one !== null);
    expect(sr?.measurements).toMatchObject([
      { kind: 'length', label: 'Segment VI', trackingUid: '2.25.4711', quantities: [{ value: 48, unit: 'mm' }] },
    ]);
    const [kos] = all.map(readKeyImages).filter((one) => one !== null);
    expect(kos?.images).toEqual([{ instanceUid: marks.keyImages[0]?.place.instanceUid, frame: 1 }]);
    const names = new Set(all.map((one) => JSON.stringify(one[tags.PatientName]?.Value)));
    expect(names.size, 'one patient in one study').toBe(1);
  });

  it('sent again are the same objects', async () => {
    const before = (await objects()).length;
    expect(await save()).toMatchObject({ ok: true });
    expect((await objects()).length).toBe(before);
  });

  it('of another case are refused', async () => {
    const other = { ...detail.context, studyUid: '1.2.3.4' as never };
    expect(await save(other)).toMatchObject({ ok: false, error: { code: 'stale-case' } });
  });

  it('are no part of what is signed', async () => {
    const draft = draftOf(detail, reader, 'A cyst.', 'Benign.', { marks });
    const signed = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'final', 'demo'),
    });
    if (!signed.ok) throw new Error(signed.error.message);
    const content = signed.value.report.versions.at(-1)?.content;
    expect(content?.instances).toEqual(images);
    expect(JSON.stringify(content)).not.toContain('2.25.4711');
  });
});
