import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseHeaders } from '../../shared/api/index.ts';
import { eventually } from '../host/case-driver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import { dead, openOrder, type Rig, signFinal, startRig, untilState } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('a host over Orthanc, whose reader has signed in', () => {
  const { looked, looks } = countLooks();
  let site: OtherSite;
  let rig: Rig;
  beforeAll(async () => {
    site = await startOtherSite(3);
    rig = await startRig(site, { imagesAhead: { megabytes: 500, graceMinutes: 120 } }, { pace: quickPace(looked) });
  }, 240_000);
  afterAll(async () => {
    await rig?.stop();
    await site?.stop();
  });

  it('has her next studies before she opens one, shows them without the archive, and lets a final one go', async () => {
    const whole = await eventually(
      'her next studies',
      async () => {
        const found = await rig.ann.call('prefetch');
        if (!found.ok) throw new Error(found.error.message);
        const { studies, state } = found.value;
        const isHere =
          studies.length >= 3 &&
          studies.every((one) => one.series.length > 0 && one.series.every((two) => two.state === 'here'));
        return isHere && state === 'ready' ? found.value : null;
      },
      120_000,
    );
    expect(whole.held).toBeGreaterThan(0);
    expect(whole.studies.map((one) => one.place)).toEqual([...whole.studies.map((one) => one.place)].sort());
    const [order] = site.orders;
    if (order === undefined) throw new Error('no order');
    const opened = await openOrder(rig.ann, order);
    const studyUid = opened.detail.study?.studyUid ?? '';
    const series = whole.studies.find((one) => one.studyUid === studyUid)?.series[0]?.seriesUid ?? '';
    const images = async (): Promise<number> => {
      const answered = await rig.ann.fetch(
        `/dicomweb/${opened.detail.study?.archive}/studies/${studyUid}/series/${series}`,
        {
          [caseHeaders.task]: opened.taskId,
          [caseHeaders.epoch]: '1',
          Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
        },
      );
      return answered.ok ? (await answered.arrayBuffer()).byteLength : -answered.status;
    };
    rig.archiveProxy.setRules(dead);
    expect(await images()).toBeGreaterThan(1_000);
    rig.archiveProxy.setRules([]);
    const held = (await rig.ann.call('prefetch')).ok;
    expect(held).toBe(true);
    const signed = await signFinal(rig.ann, opened);
    expect(signed.ok ? null : signed.error).toBe(null);
    await untilState(rig.ann, opened.taskId, 'final');
    const before = whole.held;
    await rig.ann.call('closeCase', { params: { taskId: opened.taskId }, input: { epoch: 1 } });
    const after = await eventually(
      'its pixels to go',
      async () => {
        const found = await rig.ann.call('prefetch');
        if (!found.ok || found.value.studies.some((one) => one.studyUid === studyUid)) return null;
        return found.value.held < before ? found.value : null;
      },
      90_000,
    );
    // Others of her queue stay.
    expect(after.held).toBeGreaterThan(0);
  }, 300_000);

  it('fetches nothing while she has paused it', async () => {
    const paused = await rig.ann.call('pausePrefetch', { input: { paused: true } });
    expect(paused.ok && paused.value.state).toBe('paused');
    const [order] = await site.add(1);
    await eventually(
      'the new study in her queue',
      async () => {
        const list = await rig.ann.call('worklist', { input: {} });
        return list.ok &&
          list.value.rows.some((one) => one.accession === order?.accession && one.link === 'order-and-images')
          ? true
          : null;
      },
      90_000,
    );
    rig.archiveProxy.clear();
    await looks('prefetch', 3);
    const fetched = rig.archiveProxy.requests().filter((one) => /\/series\/[0-9.]+$/.test(one.path));
    expect(fetched).toEqual([]);
    const on = await rig.ann.call('pausePrefetch', { input: { paused: false } });
    expect(on.ok && on.value.state).not.toBe('paused');
  }, 150_000);
});
