import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import { eventually, type TestHost, type TestReader } from './case-driver.ts';

describe('images after the report, on the demo day, against the embedded record and archive', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  beforeAll(async () => {
    host = await startTestHost({ ports: { pace: quickPace() } });
    reader = await host.signIn();
    lead = await host.signIn('lead');
  }, 60_000);
  afterAll(async () => {
    await host?.stop();
  });

  it('are found by the host, told, seen by those whom they concern, and ended by a reader with a reason', async () => {
    const line = await eventually(
      'the line above the lead’s list',
      async () => {
        const board = await lead.call('imagesAfterReports');
        return board.ok && board.value.lines[0]?.item.told.length ? board.value.lines[0] : null;
      },
      120_000,
    );
    const { taskId, item } = line;
    expect(line.site?.id).toBe('site-larkspur');
    const listed = await lead.call('worklist', { input: {} });
    expect(line.patient).toEqual(listed.ok && listed.value.rows.find((one) => one.taskId === taskId)?.patient);
    expect(item.difference.series.map((one) => [one.modality, one.added, one.withdrawn])).toEqual([['DX', 1, 0]]);
    // The signature of before the launch is a real one, over the image that was there then.
    const verified = await reader.call('verifyReport', { params: { taskId } });
    expect(verified.ok && verified.value.versions).toMatchObject([{ version: 1, verdict: 'verified' }]);
    const params = { taskId };
    const qa = await host.signIn('qa');
    expect(await qa.call('imagesAfterReports')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await qa.call('caseImagesAfterReport', { params })).toMatchObject({ error: { code: 'forbidden' } });
    const input = { id: item.id, seen: item.difference.digest, reason: 'other', words: ' ' } as const;
    expect(await reader.call('endImagesAfterReport', { params, input })).toMatchObject({
      error: { message: expect.stringContaining('Say why') },
    });
    expect(
      await reader.call('endImagesAfterReport', { params, input: { ...input, id: 'images-after-none' } }),
    ).toMatchObject({ error: { code: 'not-found' } });
    const ended = await reader.call('endImagesAfterReport', {
      params,
      input: { ...input, words: 'The Y view agrees.' },
    });
    expect(ended.ok && ended.value).toMatchObject({ open: null, ended: [{ ending: { by: { name: reader.name } } }] });
    const board = await lead.call('imagesAfterReports');
    expect(board.ok && board.value.lines).toEqual([]);
    // Events are derived from the record's items as they come in, a moment after the answer.
    const wanted = ['images.afterReport.seen', 'images.afterReport.told', 'images.afterReport.ended'];
    await eventually('the three events on the timeline', async () => {
      const timeline = await reader.call('timeline', { params });
      const types: readonly string[] = timeline.ok ? timeline.value.events.map((one) => one.type) : [];
      return wanted.every((type) => types.includes(type)) || null;
    });
  }, 180_000);
});
