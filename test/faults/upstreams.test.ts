import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../shared/api/index.ts';
import { eventually } from '../host/case-driver.ts';
import type { FaultRule } from '../servers/fault-proxy/index.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { type Opened, openOrder, type Rig, startRig } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('a record or an archive that is wrong', () => {
  let site: OtherSite;
  let rig: Rig;
  let opened: Opened;
  beforeAll(async () => {
    site = await startOtherSite(2);
    rig = await startRig(site);
    const [order] = site.orders;
    if (order === undefined) throw new Error('no order');
    opened = await openOrder(rig.ann, order);
  }, 240_000);
  afterAll(async () => {
    await rig?.stop();
    await site?.stop();
  });
  beforeEach(async () => {
    rig.recordProxy.setRules([]);
    rig.archiveProxy.setRules([]);
    await eventually('both to be up', async () => {
      const status = await rig.ann.call('status');
      return status.ok && status.value.troubles.length === 0 ? true : null;
    });
  });
  const trouble = (where: 'record' | 'archive', words: RegExp): Promise<HostStatus['troubles'][number]> =>
    eventually(`the trouble with the ${where} to be told`, async () => {
      const status = await rig.ann.call('status');
      const found = status.ok ? status.value.troubles.find((one) => one.where === where) : undefined;
      return found !== undefined && words.test(found.cameBack) ? found : null;
    });
  let revision = 10;
  const expectTheRestWorks = async (): Promise<void> => {
    const list = await rig.ann.call('worklist', { input: {} });
    expect(list.ok && list.value.rows.length).toBeGreaterThanOrEqual(2);
    revision += 1;
    const saved = await rig.ann.call('saveDraft', {
      params: { taskId: opened.taskId },
      input: { context: opened.detail.context, draft: { ...opened.draft, revision } as never },
    });
    expect(saved.ok ? saved.value.revision : saved.error).toBe(revision);
    expect((await rig.bob.call('capabilities')).ok).toBe(true);
  };
  const dicomJson = JSON.stringify([{ '0020000D': { vr: 'UI', Value: ['1.2.3'] } }]);
  const bundle = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [] });
  const login = '<!doctype html><title>Log in</title>';
  const table: readonly (readonly [string, FaultRule['fault'], RegExp])[] = [
    ['refuses the connection', { kind: 'reset' }, /no answer|ECONNRESET|SOCKET|closed/i],
    ['wants a password', { kind: 'status', status: 401 }, /401/],
    ['knows no such address', { kind: 'status', status: 404 }, /404/],
    ['is broken', { kind: 'status', status: 500 }, /500/],
    [
      'answers with a login page',
      { kind: 'lie', status: 200, contentType: 'text/html', body: login },
      /text\/html|HTML/i,
    ],
  ];
  for (const where of ['record', 'archive'] as const) {
    const foreign =
      where === 'record'
        ? ([
            'is a DICOMweb server',
            { kind: 'lie', contentType: 'application/dicom+json', body: dicomJson },
            /dicom|FHIR|JSON|resource/i,
          ] as const)
        : ([
            'is a FHIR server',
            { kind: 'lie', contentType: 'application/fhir+json', body: bundle },
            /fhir|DICOM|JSON|list/i,
          ] as const);
    for (const [what, fault, words] of [...table, foreign]) {
      it(`that ${what} (${where}) is named with what was asked and what came back, and the rest goes on`, async () => {
        const proxy = where === 'record' ? rig.recordProxy : rig.archiveProxy;
        proxy.setRules([{ fault }]);
        const told = await trouble(where, words);
        expect(told.asked.length).toBeGreaterThan(3);
        expect(told.stillWorks.length).toBeGreaterThan(10);
        await expectTheRestWorks();
        // The same trouble keeps the time at which it began, and the list the time up to which it is true.
        const [first, second] = await Promise.all([
          trouble(where, words),
          new Promise((resolve) => setTimeout(resolve, 300)).then(() => trouble(where, words)),
        ]);
        expect(second.since).toBe(first.since);
        if (where === 'record') {
          const list = await rig.ann.call('worklist', { input: {} });
          expect(list.ok && list.value.asOf).toBeLessThanOrEqual(told.since + 1_000);
        }
      }, 60_000);
    }
  }

  it('that is slow keeps nobody waiting for the list or a draft', async () => {
    rig.recordProxy.setRules([{ fault: { kind: 'delay', ms: 8_000 } }]);
    rig.archiveProxy.setRules([{ fault: { kind: 'delay', ms: 8_000 } }]);
    const before = Date.now();
    await expectTheRestWorks();
    expect(Date.now() - before).toBeLessThan(7_500);
  }, 60_000);

  it('that is at no address at all is told after a start, and the host starts', async () => {
    await rig.restart({
      record: { kind: 'remote', url: 'http://127.0.0.1:9/fhir', credentials: { kind: 'none' } },
      archive: { kind: 'remote', url: 'http://127.0.0.1:9/dicom', credentials: { kind: 'none' } },
    });
    await trouble('record', /ECONNREFUSED|no answer|port/i);
    await trouble('archive', /ECONNREFUSED|no answer|port/i);
    const draft = await rig.ann.call('readDraft', { params: { taskId: opened.taskId } });
    expect(draft.ok && draft.value.draft?.sections['59776-5']).toBe('Words that must not be lost.');
    await rig.restart({});
  }, 60_000);
});
