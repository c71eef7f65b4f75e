import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caseHeaders } from '../../shared/api/index.ts';
import { eventually } from '../host/case-driver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
import { type Opened, openOrder, type Rig, startRig } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('the door to the images', () => {
  let site: OtherSite;
  let rig: Rig;
  let opened: Opened;
  let other: Opened;
  let base: string;
  beforeAll(async () => {
    site = await startOtherSite(2);
    rig = await startRig(site);
    const [first, second] = site.orders;
    if (first === undefined || second === undefined) throw new Error('no orders');
    opened = await openOrder(rig.ann, first);
    other = await openOrder(rig.bob, second);
    base = `/dicomweb/${new URL(rig.archiveProxy.url).host.replace(':', '-')}/studies`;
  }, 240_000);
  afterAll(async () => {
    await rig?.stop();
    await site?.stop();
  });
  beforeEach(() => {
    rig.archiveProxy.setRules([]);
    rig.archiveProxy.clear();
  });
  const ask = (reader: TestReader, study: string | null, taskId: string, epoch: string, rest = ''): Promise<Response> =>
    reader.fetch(`${base}/${study}${rest}`, { [caseHeaders.task]: taskId, [caseHeaders.epoch]: epoch });
  const expectRefused = async (answer: Response, status: number, code: string): Promise<void> => {
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    expect(rig.archiveProxy.requests().filter((one) => /\/studies\/[0-9.]+$/.test(one.path))).toEqual([]);
  };

  it('opens for the study of the case on screen, in its epoch and its session, and for no other', async () => {
    const mine = opened.detail.context.studyUid;
    const foreign = other.detail.context.studyUid;
    await expectRefused(await ask(rig.ann, foreign, opened.taskId, '1'), 403, 'forbidden');
    await expectRefused(await ask(rig.ann, mine, opened.taskId, '2'), 409, 'stale-case');
    await expectRefused(await ask(rig.ann, mine, opened.taskId, 'NaN'), 409, 'stale-case');
    await expectRefused(await ask(rig.ann, mine, other.taskId, '1'), 409, 'stale-case');
    await expectRefused(await ask(rig.bob, mine, opened.taskId, '1'), 409, 'stale-case');
    await expectRefused(await ask(rig.ann, '1.2.3', opened.taskId, '1'), 403, 'forbidden');
    await expectRefused(await ask(rig.ann, '..%2f..%2finstances', opened.taskId, '1'), 404, 'not-found');
    const answer = await ask(rig.ann, mine, opened.taskId, '1', '/metadata');
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  });

  it('opens no wider for a case that is only expected, though the archive is asked what it holds of it', async () => {
    const foreign = other.detail.context.studyUid;
    const isDescription = ({ path }: { readonly path: string }): boolean =>
      path.includes(`/studies/${foreign}/series/`) && path.endsWith('/metadata');
    // What was looked up for its opening by Bob is used for some seconds.
    await eventually('the description of its series to be asked for', async () => {
      const expected = await rig.ann.call('expectCase', { params: { taskId: other.taskId }, input: { mode: 'look' } });
      expect(expected).toEqual({ ok: true, value: {} });
      return rig.archiveProxy.requests().some(isDescription) ? true : null;
    });
    for (const rest of ['/series', '/metadata', ''])
      await expectRefused(await ask(rig.ann, foreign, other.taskId, '1', rest), 409, 'stale-case');
    const nobodys = await rig.ann.call('expectCase', { params: { taskId: 'rt-0' }, input: { mode: 'look' } });
    expect(nobodys).toEqual({ ok: true, value: {} });
  });

  const trickle = { path: /\/studies\//, fault: { kind: 'slow-loris', bytesPerSecond: 2_000 } } as const;
  const running = () => rig.archiveProxy.requests().filter((one) => one.fault === 'slow-loris');
  const untilAbandoned = (): Promise<true> =>
    eventually(
      'the archive to be left alone',
      async () => {
        const asked = running();
        return asked.length > 0 &&
          asked.every((one) => one.abandoned || one.complete) &&
          asked.some((one) => one.abandoned)
          ? true
          : null;
      },
      10_000,
    );

  it('stops the archive when the page goes away from an answer', async () => {
    rig.archiveProxy.setRules([trickle]);
    const answer = await ask(rig.bob, other.detail.context.studyUid, other.taskId, '1');
    expect(answer.status).toBe(200);
    const body = answer.body?.getReader();
    await body?.read();
    await body?.cancel();
    await untilAbandoned();
  });

  it('stops the archive when the case is closed, and the broken answer is not taken for a whole one', async () => {
    rig.archiveProxy.setRules([trickle]);
    const answer = await ask(rig.bob, other.detail.context.studyUid, other.taskId, '1');
    const body = answer.arrayBuffer().then(
      () => 'whole',
      () => 'broken',
    );
    await eventually('the archive to be asked', async () => (running().length > 0 ? true : null));
    const closed = await rig.bob.call('closeCase', { params: { taskId: other.taskId }, input: { epoch: 1 } });
    expect(closed.ok).toBe(true);
    await untilAbandoned();
    expect(await body).toBe('broken');
    rig.archiveProxy.setRules([]);
    rig.archiveProxy.clear();
    await expectRefused(await ask(rig.bob, other.detail.context.studyUid, other.taskId, '1'), 409, 'stale-case');
  });

  it('is shut by a lock of the session, and by its end', async () => {
    await rig.ann.call('lockSession');
    const locked = await ask(rig.ann, opened.detail.context.studyUid, opened.taskId, '1');
    await expectRefused(locked, 423, 'locked');
    await rig.ann.call('signOut');
    await expectRefused(await ask(rig.ann, opened.detail.context.studyUid, opened.taskId, '1'), 401, 'not-signed-in');
  });
});
