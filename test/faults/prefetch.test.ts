import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseHeaders, type PrefetchView, purposeHeader } from '../../shared/api/index.ts';
import { eventually } from '../host/case-driver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
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

  const whole = (): Promise<PrefetchView> =>
    eventually(
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

  it('gives her window what it remembers of them, and says at the opening whether that still stands', async () => {
    const { studies } = await whole();
    const order = site.orders.at(-1);
    const list = await rig.ann.call('worklist', { input: {} });
    const row = list.ok ? list.value.rows.find((one) => one.accession === order?.accession) : undefined;
    const ahead = studies.find((one) => one.taskId === row?.taskId);
    if (order === undefined || ahead === undefined) throw new Error('not fetched ahead');
    const { taskId, studyUid } = ahead;
    const params = { taskId };
    const take = (reader: TestReader, study: string, rest: string): Promise<Response> =>
      reader.fetch(`/dicomweb/${archiveName()}/studies/${study}${rest}`, {
        [caseHeaders.task]: taskId,
        [purposeHeader]: 'remember',
        Accept: 'application/dicom+json',
      });
    const archiveName = (): string => new URL(rig.archiveProxy.url).host.replace(':', '-');
    expect((await take(rig.ann, studyUid, '/series')).status).toBe(403);

    const allowed = await rig.ann.call('rememberCase', { params });
    const remembered = allowed.ok ? allowed.value.remembered : undefined;
    expect(remembered).toEqual({ archive: archiveName(), studyUid, print: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { print } = remembered ?? { print: '' };
    const [series] = ahead.series;
    for (const rest of ['/series', `/series/${series?.seriesUid}/metadata`]) {
      const answer = await take(rig.ann, studyUid, rest);
      expect([answer.status, ((await answer.json()) as unknown[]).length > 0]).toEqual([200, true]);
    }
    // Given once: what the archive says later is nothing that the print stands for.
    expect((await take(rig.ann, studyUid, '/series')).status).toBe(409);
    const another = studies.find((one) => one.studyUid !== studyUid)?.studyUid ?? '';
    expect((await take(rig.ann, another, '/series')).status).toBe(403);
    expect((await take(rig.bob, studyUid, '/series')).status).toBe(403);
    // Nothing is claimed by it, and it is noted as what it is.
    const after = await rig.ann.call('worklist', { input: {} });
    expect(after.ok && after.value.rows.find((one) => one.taskId === taskId)?.reader).toBeNull();

    const open = (epoch: number, told: string) =>
      rig.ann.call('openCase', { params, input: { mode: 'look', epoch, remembered: told } });
    const stands = await open(1, print);
    expect(stands.ok && stands.value.rememberedStands).toBe(print);
    const wrong = await open(2, 'of another study');
    expect(wrong.ok && [wrong.value.context.studyUid, wrong.value.rememberedStands]).toEqual([studyUid, undefined]);
    // One image more: what the window remembers is not what the archive tells now.
    await site.addInstance(order);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const changed = await open(3, print);
    expect(changed.ok && [changed.value.context.studyUid, changed.value.rememberedStands]).toEqual([
      studyUid,
      undefined,
    ]);
    rig.archiveProxy.setRules([{ path: /\/series/, fault: { kind: 'silence' } }]);
    const silent = await open(4, print);
    rig.archiveProxy.setRules([]);
    expect(silent.ok && [silent.value.context.studyUid, silent.value.rememberedStands]).toEqual([studyUid, undefined]);
    await rig.ann.call('closeCase', { params, input: { epoch: 4 } });
  }, 300_000);

  it('has her next studies before she opens one, shows them without the archive, and lets a final one go', async () => {
    const ahead = await whole();
    expect(ahead.held).toBeGreaterThan(0);
    expect(ahead.studies.map((one) => one.place)).toEqual([...ahead.studies.map((one) => one.place)].sort());
    const [order] = site.orders;
    if (order === undefined) throw new Error('no order');
    const opened = await openOrder(rig.ann, order);
    const studyUid = opened.detail.study?.studyUid ?? '';
    const series = ahead.studies.find((one) => one.studyUid === studyUid)?.series[0]?.seriesUid ?? '';
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
    const before = ahead.held;
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
