import { describe, expect, it } from 'vitest';
import type { Order, OrderId } from '../../../shared/domain/order/index.ts';
import type { ReadingTask } from '../../../shared/domain/reading/index.ts';
import type { AccessionNumber, Study, StudyUid } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { DicomJson } from '../archive/types.ts';
import type { CaseFacts } from './case-book.ts';
import { createOrderFit } from './order-fit.ts';

const patient = { id: '1', issuer: 'A', name: 'TEST^ANN', birthDate: '19700101', sex: 'F' } as const;
const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient,
  patientReference: null,
  accession: 'A1' as AccessionNumber,
  placerNumber: null,
  procedure: { system: '', code: 'X', display: 'DX left knee, 2 views' },
  modality: 'DX',
  bodyPart: 'KNEE',
  laterality: 'L',
  reason: 'Pain',
  reasonCodes: [],
  priority: 'routine',
  site: { id: 's', name: 'S', state: 'OH', zone: 'America/New_York', phone: null },
  orderedBy: { name: 'Dr B. Fenwright', npi: null },
  authoredOn: null,
  expectedInstances: 2,
  requestedReport: 'final',
};
const study: Study = {
  archive: 'main',
  studyUid: '1.2.3' as StudyUid,
  patient,
  accession: 'A1' as AccessionNumber,
  modalities: ['DX'],
  description: '',
  bodyPart: 'KNEE',
  laterality: null,
  studyDate: '20261122',
  studyTime: null,
  institution: null,
  seriesCount: 1,
  instanceCount: 2,
};
const factsWith = (of: Study | null): CaseFacts => ({
  task: { id: 'rt-1', state: 'queued' } as unknown as ReadingTask,
  taskVersion: '1',
  order,
  seen: of === null ? null : { study: of, owners: [of], firstSeen: instant(0), changedAt: instant(0) },
  identity: { grade: 'same', differences: [] },
  resolution: null,
});
const row = (uid: string, count: number): DicomJson => ({
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '0020000E': { vr: 'UI', Value: [uid] },
  '00080060': { vr: 'CS', Value: ['DX'] },
  '00180015': { vr: 'CS', Value: ['KNEE'] },
  '00201209': { vr: 'IS', Value: [count] },
});
const instanceSaying = (side: string): DicomJson => ({ '00200062': { vr: 'CS', Value: [side] } });
const failure = { code: 'unreachable', asked: '', cameBack: '', message: 'no answer' } as const;

function rig(side: string, silent = false) {
  const asked: string[] = [];
  const told: string[] = [];
  let now = 1_000_000;
  const later = (milliseconds: number): void => {
    now += milliseconds;
  };
  const fit = createOrderFit(
    {
      describeSeries: async () => {
        asked.push('series');
        return silent ? err(failure) : ok([row('1.2.3.1', 2)]);
      },
      sampleInstances: async (_study, series, large) => {
        asked.push(`${series}${large ? ' one' : ' all'}`);
        return ok([instanceSaying(side), instanceSaying(side)]);
      },
    },
    {
      now: () => instant(now),
      randomBytes: (count) => new Uint8Array(count),
      newId: () => 'id',
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
    { rules: () => ({}), table: () => null, advice: () => [], protocol: () => null },
    (uid) => void told.push(uid),
  );
  return { fit, asked, told, later };
}
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));

describe('orders against their images, in the host', () => {
  it('marks a row by what is known, looks into the images behind it, and then marks it by them', async () => {
    const { fit, asked, told } = rig('R');
    const facts = factsWith(study);
    expect(fit.mark(facts)).toMatchObject({ verdict: 'fit', defects: 0 });
    await expect.poll(() => told).toEqual(['1.2.3']);
    const mark = fit.mark(facts);
    expect(mark).toMatchObject({ verdict: 'not-fit', defects: 1 });
    expect(fit.mark(facts)).toBe(mark);
    expect(asked).toEqual(['series', '1.2.3.1 all']);
    await fit.close();
  });

  it('says what both sides say, and asks once however often it is asked', async () => {
    const { fit, asked } = rig('R');
    const facts = factsWith(study);
    const [first] = await Promise.all([fit.checks(facts), fit.checks(facts)]);
    await fit.checks(facts);
    expect(asked).toEqual(['series', '1.2.3.1 all']);
    expect(first?.images).toBe('read');
    expect(first?.fit.checks[0]).toMatchObject({ code: 'side', order: 'left', images: 'right' });
    await fit.close();
  });

  it('asks again when the study has grown', async () => {
    const { fit, asked } = rig('L');
    await fit.checks(factsWith({ ...study, instanceCount: 1 }));
    await fit.checks(factsWith(study));
    expect(asked.filter((one) => one === 'series')).toHaveLength(2);
    await fit.close();
  });

  it('judges by the archive’s list while the archive is silent, and does not press it', async () => {
    const { fit, asked, later } = rig('R', true);
    const checked = await fit.checks(factsWith(study));
    expect(checked).toMatchObject({ images: 'listed', fit: { verdict: 'fit' } });
    fit.mark(factsWith(study));
    await quiet();
    expect(asked).toEqual(['series']);
    later(61_000);
    fit.mark(factsWith(study));
    await expect.poll(() => asked).toEqual(['series', 'series']);
    await fit.close();
  });

  it('has no checks without an order, and does not wait for images that have not come', async () => {
    const { fit, asked } = rig('R');
    expect(await fit.checks({ ...factsWith(study), order: null })).toBe(null);
    expect(fit.mark({ ...factsWith(study), order: null })).toBe(undefined);
    expect(await fit.checks(factsWith(null))).toMatchObject({ images: 'none', fit: { verdict: 'fit' } });
    expect(asked).toEqual([]);
    await fit.close();
  });
});
