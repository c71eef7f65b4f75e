import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseDetail, caseHeaders, type WorklistRow } from '../../shared/api/index.ts';
import type { CaseMarks, ImageMeasurement } from '../../shared/domain/measurement/index.ts';
import { cleanDicomJson, type DicomJson, tags, text } from '../../shared/interop/dicom-json/index.ts';
import { readKeyImages, readMeasurements } from '../../shared/interop/dicom-sr/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from './case-driver.ts';

describe('marks on the images, into the archive', () => {
  let host: TestHost;
  let reader: TestReader;
  let row: WorklistRow;
  let detail: CaseDetail;
  let marks: CaseMarks;
  let images: readonly string[];
  beforeAll(async () => {
    host = await startDrawnDay();
    reader = await host.signIn();
    row = await rowWhere(
      reader,
      'a study that is ready to read',
      ({ link, identity, images: { present, expected }, state, desk, mayRead }) =>
        link === 'order-and-images' &&
        identity === 'same' &&
        present === expected &&
        state === 'queued' &&
        desk?.pending === undefined &&
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
    expect(await save()).toMatchObject({ ok: true, value: { measurements: 1, drawn: 1, keyImages: 1, left: 2 } });
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

  it('that were signed are filed by the host itself, once, and the page is told', async () => {
    const saving = await eventually('the marks to be filed', async () => {
      const found = await reader.call('marksSaved', { params: { taskId: row.taskId } });
      const [one] = found.ok ? found.value.savings : [];
      return one?.state === 'saved' ? one : null;
    });
    expect(saving).toMatchObject({ version: 1, measurements: 1, keyImages: 1, why: '' });
    expect(saving.left.map((one) => one.count)).toEqual([1, 1]);
    // The same marks were saved by hand before: the same objects.
    const all = await objects();
    expect(all.map(readMeasurements).filter((one) => one !== null)).toHaveLength(1);
    expect(all.map(readKeyImages).filter((one) => one !== null)).toHaveLength(1);
  });
});

describe('marks on a prior’s images', () => {
  let host: TestHost;
  let reader: TestReader;
  beforeAll(async () => {
    host = await startDrawnDay();
    reader = await host.signIn();
  }, 60_000);
  afterAll(() => host?.stop());

  it('are an SR in the prior’s own study, under its own identity, and nothing of them is in the study that was read', async () => {
    const row = await rowWhere(
      reader,
      'a case that has a prior',
      (one) =>
        /^(Quillfeather|Raventhorpe|Chandrahollow|Saltmarsh)/i.test(one.patient.name) &&
        one.link === 'order-and-images' &&
        one.identity === 'same' &&
        one.desk?.pending === undefined &&
        one.images.present === one.images.expected &&
        one.state === 'queued' &&
        one.mayRead.allowed,
      230_000,
    );
    const detail = await openForReading(reader, row.taskId);
    const own = detail.study;
    if (own === null) throw new Error('no images');
    const itsPrior = async () => {
      const found = await reader.call('casePriors', {
        params: { taskId: row.taskId },
        input: { epoch: detail.context.epoch, again: 'yes' },
      });
      const all = found.ok ? found.value.priors : [];
      return all.find(({ study }) => study?.patient.id === own.patient.id)?.study ?? null;
    };
    // Priors of the demo day come last, after all that is to be read: on a loaded computer minutes after the case.
    const prior = await eventually('its prior', itsPrior, 230_000);
    const metadata = async (studyUid: string): Promise<readonly DicomJson[]> => {
      const answered = await reader.fetch(`/dicomweb/${own.archive}/studies/${studyUid}/metadata`, {
        [caseHeaders.task]: detail.context.taskId,
        [caseHeaders.epoch]: String(detail.context.epoch),
      });
      return ((await answered.json()) as unknown[]).map((one) => {
        const clean = cleanDicomJson(one);
        if (!clean.ok) throw new Error(clean.error.words);
        return clean.value;
      });
    };
    const [image] = await metadata(prior.studyUid);
    if (image === undefined) throw new Error('the prior has no image');
    const ownBefore = (await metadata(own.studyUid)).length;
    const mark: ImageMeasurement = {
      id: crypto.randomUUID(),
      number: 1,
      kind: 'length',
      place: {
        studyUid: prior.studyUid,
        seriesUid: text(image, tags.SeriesInstanceUID) ?? '',
        instanceUid: text(image, tags.SOPInstanceUID) ?? '',
        frame: 1,
        frameOfReferenceUid: null,
      },
      points: [
        [10, 10],
        [30, 10],
      ],
      label: 'Nodule then',
      trackingUid: '2.25.4712',
      spacing: { source: 'patient', row: 1, column: 1 },
      quantities: [{ name: 'length', value: 20, unit: 'mm' }],
    };
    const draft = draftOf(detail, reader, 'Smaller than before.', 'Regress.', {
      marks: { measurements: [mark], keyImages: [] },
    });
    const signed = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'final', 'demo'),
    });
    if (!signed.ok) throw new Error(signed.error.message);
    await eventually('the mark to be filed', async () => {
      const savings = await reader.call('marksSaved', { params: { taskId: row.taskId } });
      return savings.ok && savings.value.savings[0]?.state === 'saved' ? savings.value.savings[0] : null;
    });
    const there = await metadata(prior.studyUid);
    const sr = there.filter((one) => readMeasurements(one) !== null);
    expect(sr.map((one) => readMeasurements(one)?.measurements[0]?.trackingUid)).toEqual(['2.25.4712']);
    expect(text(sr[0] ?? {}, tags.PatientID)).toBe(prior.patient.id);
    expect(text(sr[0] ?? {}, tags.AccessionNumber)).toBe(prior.accession);
    const here = await metadata(own.studyUid);
    expect(here.filter((one) => readMeasurements(one) !== null)).toEqual([]);
    // The report's own SR is all that came.
    expect(here.length - ownBefore).toBeLessThanOrEqual(1);
  }, 520_000);
});
