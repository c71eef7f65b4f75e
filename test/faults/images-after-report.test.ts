import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOutput } from '../../shared/api/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { draftOf, eventually, openForReading, signCommand } from '../host/case-driver.ts';
import { testPassword } from '../host/people.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
import { openOrder, type Rig, signFinal, startRig, untilDelivered } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

type CaseAfterReport = CallOutput<'caseImagesAfterReport'>;

const ofCase = async (reader: TestReader, taskId: string): Promise<CaseAfterReport> => {
  const found = await reader.call('caseImagesAfterReport', { params: { taskId } });
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
};
const untilOpen = (reader: TestReader, taskId: string, what: string, added: number, withdrawn = 0) =>
  eventually(
    what,
    async () => {
      const { open } = await ofCase(reader, taskId);
      const counts = open?.difference.series.map((one) => [one.added, one.withdrawn]) ?? [];
      const sum = counts.reduce((all, one) => [(all[0] ?? 0) + (one[0] ?? 0), (all[1] ?? 0) + (one[1] ?? 0)], [0, 0]);
      return open !== null && open.told.length > 0 && sum[0] === added && sum[1] === withdrawn ? open : null;
    },
    120_000,
  );
const eventsOf = async (reader: TestReader, taskId: string) => {
  const timeline = await reader.call('timeline', { params: { taskId } });
  return timeline.ok ? timeline.value.events.filter((one) => one.type.startsWith('images.afterReport')) : [];
};
const end = (reader: TestReader, taskId: string, id: string, seen: string) =>
  reader.call('endImagesAfterReport', {
    params: { taskId },
    input: { id, seen, reason: 'confirms', words: 'Looked at both.' },
  });

describe.skipIf(orthancMissing !== null)('images after the report, over Orthanc and a record of others', () => {
  const ofHere = countLooks();
  const ofThere = countLooks();
  /** After both have asked the archive again and compared every study whose look was due, also a second time. */
  const twoRounds = async (): Promise<void> => {
    for (const { looks } of [ofHere, ofThere]) {
      await looks('intake', 2);
      await looks('images after report', 8);
    }
  };
  let site: OtherSite;
  let here: Rig;
  let there: Rig;
  beforeAll(async () => {
    site = await startOtherSite(4);
    here = await startRig(site, {}, { pace: quickPace(ofHere.looked) });
    there = await startRig(site, {}, { pace: quickPace(ofThere.looked) });
  }, 240_000);
  afterAll(async () => {
    await there?.stop();
    await here?.stop();
    await site?.stop();
  });
  const signed = async (order: Order | undefined) => {
    if (order === undefined) throw new Error('no order left');
    const opened = await openOrder(here.ann, order);
    const answered = await signFinal(here.ann, opened);
    expect(answered.ok ? answered.value.report.state : answered.error).toBe('final');
    await untilDelivered(here.ann, opened.taskId);
    return { ...opened, order };
  };

  it('are raised once by two hosts, grow while open, are told to the signer, and end as “no change” once', async () => {
    const { taskId, order } = await signed(site.orders[0]);
    // Our own structured report is in the study by now, and it is no image.
    await twoRounds();
    expect(await ofCase(here.ann, taskId)).toMatchObject({ open: null, ended: [] });

    await site.addInstance(order);
    const first = await untilOpen(here.ann, taskId, 'one new image', 1);
    expect(first.report.version).toBe(1);
    expect(first.told.map((one) => [one.to.name, one.as])).toEqual([['Dr ann', 'signer']]);
    expect(first.due - first.since).toBeGreaterThan(0);
    const board = await here.ann.call('imagesAfterReports');
    expect(board.ok && board.value.lines.map((one) => [one.taskId, one.accession])).toEqual([
      [taskId, order.accession],
    ]);
    const others = await there.bob.call('imagesAfterReports');
    expect(others.ok && others.value.lines).toEqual([]);

    // What was on her screen when one more came is not what she ends.
    await site.addInstance(order, 2);
    const second = await untilOpen(here.ann, taskId, 'two new images', 2);
    expect([second.id, second.since]).toEqual([first.id, first.since]);
    expect(await end(here.ann, taskId, first.id, first.difference.digest)).toMatchObject({
      error: { code: 'not-a-legal-move', message: expect.stringContaining('2 new now') },
    });
    const ended = await end(here.ann, taskId, first.id, second.difference.digest);
    expect(ended.ok && ended.value).toMatchObject({ open: null, ended: [{ ending: { kind: 'no-change' } }] });
    // Pressed again after a lost answer, and by somebody else on another host.
    expect(await end(here.ann, taskId, first.id, second.difference.digest)).toEqual(ended);
    const late = await eventually('the other host to know it', async () => {
      const found = await ofCase(there.bob, taskId);
      return found.ended.length === 1 ? found : null;
    });
    expect(late.open).toBe(null);
    expect(await end(there.bob, taskId, first.id, second.difference.digest)).toMatchObject({
      error: { message: expect.stringContaining('Dr ann has ended it already') },
    });

    await twoRounds();
    expect(await ofCase(here.ann, taskId)).toMatchObject({ open: null, ended: [{ id: first.id }] });
    const events = await eventually('the same events on both hosts', async () => {
      const [one, other] = [await eventsOf(here.ann, taskId), await eventsOf(there.bob, taskId)];
      return one.length === 4 && JSON.stringify(one.map(({ id }) => id)) === JSON.stringify(other.map(({ id }) => id))
        ? one
        : null;
    });
    const types = events.map((one) => one.type.split('.').at(-1));
    // Seen and told are of one moment.
    expect([...types.slice(0, 2).sort(), ...types.slice(2)]).toEqual(['seen', 'told', 'seen', 'ended']);
    expect(events.map((one) => one.detail).join(' ')).not.toContain('Looked at both');
  }, 240_000);

  it('end by an addendum that covers them, and what comes after it is raised anew', async () => {
    const { taskId, order, detail } = await signed(site.orders[1]);
    await site.addInstance(order);
    const open = await untilOpen(here.ann, taskId, 'one new image', 1);
    const again = await openForReading(here.ann, taskId, 7);
    const draft = draftOf(again, here.ann, '', '', {
      kind: 'addendum',
      baseVersion: 1,
      addendum: 'One more view was sent. No change.',
      reason: 'Images came after the report.',
    });
    const appended = await here.ann.call('sign', {
      params: { taskId },
      input: signCommand({ ...again, context: { ...detail.context, epoch: 7 } }, draft, 'addendum', testPassword),
    });
    expect(appended.ok ? appended.value.report.state : appended.error).toBe('appended');
    const ended = await eventually('the addendum to end it', async () => {
      const found = await ofCase(here.ann, taskId);
      return found.open === null && found.ended.length === 1 ? found.ended[0] : null;
    });
    expect(ended?.ending).toMatchObject({ kind: 'report', by: { name: 'Dr ann' }, report: { version: 2 } });
    expect(ended?.id).toBe(open.id);
    await untilDelivered(here.ann, taskId, 6);
    await site.addInstance(order, 2);
    const next = await untilOpen(here.ann, taskId, 'another new image', 1);
    expect(next.id).not.toBe(open.id);
    expect(next.report.version).toBe(2);
  }, 240_000);

  it('tell of a study that was withdrawn, by series and counts, as what was signed was known', async () => {
    const { taskId, order, detail } = await signed(site.orders[2]);
    await twoRounds();
    await site.withdraw(order);
    const open = await untilOpen(here.ann, taskId, 'the withdrawal', 0, detail.row.images.present);
    expect(open.difference.series.every((one) => one.seriesUid !== null && one.modality !== '')).toBe(true);
  }, 240_000);

  it('are neither lost nor doubled when the host dies, the record is silent and comes back', async () => {
    const { taskId, order } = await signed(site.orders[3]);
    here.recordProxy.setRules([{ path: 'Task/images-after', method: 'PUT', times: 2, fault: { kind: 'drop-after' } }]);
    await site.addInstance(order);
    await eventually('the answer to be lost', async () =>
      here.recordProxy.requests().some(({ fault }) => fault === 'drop-after') ? true : null,
    );
    await here.restart();
    here.recordProxy.clear();
    const open = await untilOpen(here.ann, taskId, 'one new image after the restart', 1);
    const ended = await end(here.ann, taskId, open.id, open.difference.digest);
    expect(ended.ok).toBe(true);
    await here.restart();
    const known = await eventually('the ended one after a restart', async () => {
      const list = await here.ann.call('caseImagesAfterReport', { params: { taskId } });
      return list.ok && list.value.ended.length > 0 ? list.value : null;
    });
    await twoRounds();
    expect(known.ended.map((one) => one.id)).toEqual([open.id]);
    expect(await ofCase(here.ann, taskId)).toMatchObject({ open: null, ended: [{ id: open.id }] });
    const types = (await eventsOf(here.ann, taskId)).map((one) => one.type);
    // The two hosts here have people of their own, and each tells its own.
    expect(types.filter((one) => one !== 'images.afterReport.told')).toEqual([
      'images.afterReport.seen',
      'images.afterReport.ended',
    ]);
  }, 240_000);
});
