import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { caseHeaders, type PrefetchView, purposeHeader } from '../../shared/api/index.ts';
import type { AuditEntry } from '../../shared/domain/audit/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { eventually, rowWhere } from '../host/case-driver.ts';
import { testPassword } from '../host/people.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { type Line, startLine } from './group-rig.ts';
import { openOrder, type Rig, signFinal, startRig, untilState } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

type Ahead = PrefetchView['studies'][number];

const acceptObjects = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const isWhole = ({ series }: Ahead): boolean => series.length > 0 && series.every((one) => one.state === 'here');

/** Of a host that goes on: its log and keys are copied while it has nothing to write. */
async function accessesIn(running: string): Promise<readonly AuditEntry[]> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-log-copy-'));
  for (const name of ['audit', 'audit-head', 'keys'])
    await cp(join(running, name), join(directory, name), { recursive: true });
  const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keyRing.ok) throw new Error(keyRing.error.message);
  const opened = await openAuditLog({ directory, keyRing: keyRing.value, ports: testPorts() });
  if (!opened.ok) throw new Error(opened.error.message);
  const entries = await opened.value.entries();
  await opened.value.close();
  await rm(directory, { recursive: true, force: true });
  return entries;
}

describe.skipIf(orthancMissing !== null)(
  'a reader’s desktop, over a line to a group host that stands before Orthanc',
  () => {
    let site: OtherSite;
    let rig: Rig;
    let line: Line;
    let directory: string;
    let desk: TestHost;
    let ann: TestReader;
    let ahead = 0;
    const { looked, looks } = countLooks();
    /** Of every study that was fetched ahead. */
    const fetched = new Set<string>();

    beforeAll(async () => {
      site = await startOtherSite(3);
      rig = await startRig(site);
      line = await startLine(Number(new URL(rig.host.url).port));
      const origin = `http://127.0.0.1:${line.port}`;
      rig.host.alsoAt(origin);
      directory = await mkdtemp(join(tmpdir(), 'overread-desk-ahead-'));
      desk = await startTestHost({
        directory,
        settings: { demo: false, group: { origins: [origin], authority: null } },
        ports: { pace: quickPace(looked), now: () => instant(Date.now() + ahead) },
      });
      ann = await desk.signIn('ann', testPassword);
    }, 240_000);
    afterAll(async () => {
      await desk?.stop({ keep: true });
      await line?.stop();
      await rig?.stop();
      await site?.stop();
      await rm(directory, { recursive: true, force: true });
    });
    beforeEach(() => {
      rig.archiveProxy.setRules([]);
      line.mend();
    });

    const view = async (reader: TestReader = ann): Promise<PrefetchView> => {
      const found = await reader.call('prefetch');
      if (!found.ok) throw new Error(found.error.message);
      for (const one of found.value.studies) fetched.add(one.studyUid);
      return found.value;
    };
    const order = (at: number): Order => {
      const found = site.orders[at];
      if (found === undefined) throw new Error('no order left');
      return found;
    };
    const taskOf = async (of: Order): Promise<string> =>
      (await rowWhere(ann, 'its row', (one) => one.accession === of.accession && one.link === 'order-and-images'))
        .taskId;
    const whole = (count: number): Promise<PrefetchView> =>
      eventually(
        'her next studies',
        async () => {
          const found = await view();
          return found.state === 'ready' && found.studies.length >= count && found.studies.every(isWhole)
            ? found
            : null;
        },
        120_000,
      );
    const kept = async (): Promise<number> =>
      (await readdir(join(directory, 'frame-cache'))).filter((name) => /^[0-9a-f]{64}$/.test(name)).length;

    it('has her next studies in its own sealed cache before she opens one, and shows them while its line is cut', async () => {
      const { studies, held, budget } = await whole(3);
      expect(held).toBeGreaterThan(0);
      expect(held).toBeLessThanOrEqual(budget);
      expect(studies.every((one) => one.series.every((series) => series.came === series.instances))).toBe(true);
      expect(await kept()).toBeGreaterThanOrEqual(studies.length);
      const opened = await openOrder(ann, order(0));
      const { archive, studyUid } = opened.detail.context;
      const series = studies.find((one) => one.studyUid === studyUid)?.series[0]?.seriesUid ?? '';
      line.cut();
      const images = await ann.fetch(`/dicomweb/${archive}/studies/${studyUid}/series/${series}`, {
        [caseHeaders.task]: opened.taskId,
        [caseHeaders.epoch]: '1',
        Accept: acceptObjects,
      });
      expect(images.status).toBe(200);
      expect((await images.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
      line.mend();
      const closed = await ann.call('closeCase', { params: { taskId: opened.taskId }, input: { epoch: 1 } });
      expect(closed.ok).toBe(true);
    }, 240_000);

    it('gives none of it to whoever has not opened the case, at the desktop or at the group host, whatever is said of the purpose', async () => {
      const [one] = (await whole(3)).studies;
      if (one === undefined) throw new Error('no study');
      const archive = new URL(rig.archiveProxy.url).host.replace(':', '-');
      const path = `/dicomweb/${archive}/studies/${one.studyUid}/series/${one.series[0]?.seriesUid}`;
      const named = { [caseHeaders.task]: one.taskId, Accept: acceptObjects };
      const asAhead = { ...named, [purposeHeader]: 'prefetch' };
      const bob = await desk.signIn('bob', testPassword);
      const asked = [
        bob.fetch(path, { ...named, [caseHeaders.epoch]: '1' }),
        bob.fetch(path, asAhead),
        ann.fetch(path, { ...named, [caseHeaders.epoch]: '7' }),
        ann.fetch(path, asAhead),
        rig.ann.fetch(path, asAhead),
      ];
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([409, 403, 409, 403, 403]);
      expect((await bob.call('signOut')).ok).toBe(true);
    }, 120_000);

    it('keeps nothing half of a series over whose line it was cut, and goes on with it as soon as the line stands again', async () => {
      const [added] = await site.add(1);
      if (added === undefined) throw new Error('no order');
      rig.archiveProxy.setRules([{ path: /\/series\/[0-9.]+$/, fault: { kind: 'slow-loris', bytesPerSecond: 8_000 } }]);
      const taskId = await taskOf(added);
      const its = async (): Promise<Ahead | undefined> =>
        (await view()).studies.find((one) => one.taskId === taskId && one.role === 'current');
      const coming = await eventually(
        'the new study to be on its way',
        async () => {
          const found = await its();
          return found?.series.some((one) => one.state === 'coming') === true ? found : null;
        },
        90_000,
      );
      expect(isWhole(coming)).toBe(false);
      const before = await kept();
      line.cut();
      await eventually('the series to be broken off', async () =>
        (await its())?.series.every((one) => one.state !== 'coming') === true ? true : null,
      );
      const broken = await its();
      expect(broken !== undefined && isWhole(broken)).toBe(false);
      expect(broken?.series.every((one) => one.state !== 'here' && one.came < one.instances)).toBe(true);
      expect(await kept()).toBe(before);
      rig.archiveProxy.setRules([]);
      line.mend();
      const again = await eventually(
        'the study',
        async () => {
          const found = await its();
          return found !== undefined && isWhole(found) ? found : null;
        },
        60_000,
      );
      expect(again.series.every((one) => one.came === one.instances)).toBe(true);
    }, 240_000);

    it('lets go a study that another has read, and all of it some time after she has signed out', async () => {
      const before = await whole(4);
      const taskId = await taskOf(order(1));
      const opened = await openOrder(rig.bob, order(1));
      const signed = await signFinal(rig.bob, opened);
      expect(signed.ok ? null : signed.error).toBe(null);
      await untilState(rig.bob, taskId, 'final');
      await eventually(
        'its images to go',
        async () => {
          const found = await view();
          return !found.studies.some((one) => one.taskId === taskId) && found.held < before.held ? found : null;
        },
        120_000,
      );
      expect(await kept()).toBeGreaterThan(0);
      expect((await ann.call('signOut')).ok).toBe(true);
      ahead += 119 * 60_000;
      await looks('prefetch', 2);
      expect(await kept()).toBeGreaterThan(0);
      ahead += 2 * 60_000;
      await eventually('all of it to go', async () => ((await kept()) === 0 ? true : null), 60_000);
    }, 300_000);

    it('has noted each study before it came, and so has the group host, which was asked by nobody else for it', async () => {
      for (const [where, folder, words] of [
        ['desktop', directory, 'into the sealed cache, not shown'],
        ['group host', rig.directory, 'into the sealed cache of the reader’s computer, not shown'],
      ] as const) {
        const ofAnn = (await accessesIn(folder)).filter((one) => one.purpose === 'prefetch' && one.user === 'ann');
        const noted = ofAnn.filter((one) => one.detail === words);
        expect([where, new Set(noted.map((one) => one.studyUid))]).toEqual([where, fetched]);
        expect([where, noted.every((one) => one.patient !== null)]).toEqual([where, true]);
      }
    }, 60_000);
  },
);
