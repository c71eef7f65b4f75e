import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../shared/lib/instant.ts';
import { formatInZone } from '../../shared/lib/zoned-time.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { eventually, readyRow } from './case-driver.ts';

describe('a read of downtime, entered afterwards', () => {
  let host: TestHost;
  let lead: TestReader;
  beforeAll(async () => {
    host = await startDrawnDay();
    lead = await host.signIn('lead');
  });
  afterAll(async () => {
    await host?.stop();
  });

  it('stands at its true time on timeline, dispute file and list, marked, once for one command, and signs nothing', async () => {
    const row = await readyRow(lead);
    const params = { taskId: row.taskId };
    const input = {
      commandId: crypto.randomUUID(),
      readBy: 'Dr Paper',
      readAt: instant(Date.now() - 20_000),
      words: 'No haemorrhage seen.',
      phoned: { to: 'Dr House', at: instant(Date.now() - 10_000), readBack: true },
    };
    for (let press = 0; press < 2; press += 1)
      expect((await lead.call('enterDowntimeRead', { params, input })).ok).toBe(true);
    const events = await eventually('the events, taken by the record', async () => {
      const found = await lead.call('timeline', { params });
      const paper = found.ok ? found.value.events.filter((one) => one.type.startsWith('downtime.')) : [];
      return paper.length > 1 && paper.every((one) => one.recordedAt !== null) ? paper : null;
    });
    expect(events.map((one) => [one.type, one.occurredAt])).toEqual([
      ['downtime.read', input.readAt],
      ['downtime.phoned', input.phoned.at],
    ]);
    for (const one of events) {
      expect(one.clock).toEqual({ source: 'paper', skew: null, confidence: 'low' });
      expect(one.actor).toMatchObject({ kind: 'person', id: lead.id });
      expect(one.detail).toContain('entered after downtime');
      expect(one.subject.report).toBeNull();
      expect(one.recordedAt ?? 0).toBeGreaterThan(one.occurredAt);
    }
    const file = await lead.call('dispute', { params });
    const zone = row.site?.zone ?? 'UTC';
    const line = file.ok ? file.value.lines.find((one) => one.what === 'Read on paper') : undefined;
    expect(line).toMatchObject({
      time: formatInZone(input.readAt, zone),
      confidence: 'low',
      doubt: expect.stringMatching(/typed in/),
    });
    const listed = await lead.call('worklist', { input: {} });
    const again = listed.ok ? listed.value.rows.find((one) => one.taskId === row.taskId) : undefined;
    expect(again?.readOnPaperAt).toBe(input.readAt);
    expect(again?.report).toBeNull();
    expect(again?.state).toBe(row.state);
  });

  it('is refused with a time in the future or before the order, with the patient’s name, and to QA', async () => {
    const row = await readyRow(lead);
    const params = { taskId: row.taskId };
    const input = {
      commandId: crypto.randomUUID(),
      readBy: 'Dr Paper',
      readAt: instant(Date.now()),
      words: 'No fracture.',
      phoned: null,
    };
    const family = row.patient.name.split('^')[0] ?? '';
    const bad: readonly [Partial<typeof input>, string][] = [
      [{ readAt: instant(Date.now() + 3_600_000) }, 'future'],
      [{ readAt: instant(0) }, 'before the order'],
      [{ words: `${family}: no fracture` }, 'name out'],
      [{ words: ' ' }, 'missing'],
    ];
    for (const [change, words] of bad) {
      const refused = await lead.call('enterDowntimeRead', { params, input: { ...input, ...change } });
      expect(refused.ok ? 'taken' : refused.error.message).toContain(words);
    }
    const qa = await host.signIn('qa');
    expect(await qa.call('enterDowntimeRead', { params, input })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    const timeline = await lead.call('timeline', { params });
    expect(timeline.ok && timeline.value.events.some((one) => /fracture/.test(one.detail))).toBe(false);
  });
});
