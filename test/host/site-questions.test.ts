import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { eventually, rowWhere, type TestHost, type TestReader } from './case-driver.ts';

describe('a question to the site, from the reader’s screen to the record and back to the list', () => {
  let host: TestHost;
  let reader: TestReader;
  let row: WorklistRow;
  let other: WorklistRow;
  beforeAll(async () => {
    host = await startDrawnDay();
    reader = await host.signIn();
    row = await rowWhere(reader, 'a study with a site', (one) => one.site !== null && one.matters === undefined);
    other = await rowWhere(
      reader,
      'another one',
      (one) => one.site !== null && one.taskId !== row.taskId && one.matters === undefined,
    );
  });
  afterAll(async () => {
    await host?.stop();
  });
  const ask = (commandId: string, kind: 'side' | 'other', words: string) =>
    reader.call('askSite', { params: { taskId: row.taskId }, input: { commandId, kind, words } });

  it('is asked once however often the answer gets lost, and stands on the list and on the timeline', async () => {
    const commandId = crypto.randomUUID();
    const asked = await ask(commandId, 'side', 'The images say right.');
    expect(asked.ok && asked.value.questions.map((one) => [one.kind, one.words, one.state.kind])).toEqual([
      ['side', 'The images say right.', 'asked'],
    ]);
    const again = await ask(commandId, 'side', 'The images say right.');
    expect(again.ok && again.value.questions.length).toBe(1);
    const shown = await rowWhere(
      reader,
      'the question on the list',
      (one) => one.taskId === row.taskId && one.matters !== undefined,
    );
    expect(shown.matters).toMatchObject({ asked: 1, answered: 0, calls: 0 });
    const events = await eventually('its event', async () => {
      const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
      const found = timeline.ok ? timeline.value.events.filter((one) => one.type === 'order.query.opened') : [];
      return found.length > 0 ? found : null;
    });
    expect(events).toMatchObject([{ detail: 'Which side?', actor: { kind: 'person', name: reader.name } }]);
  });

  it('is refused without words where words are needed, and nothing is asked', async () => {
    const asked = await ask(crypto.randomUUID(), 'other', '  ');
    expect(asked.ok ? null : asked.error.code).toBe('bad-request');
    const desk = await reader.call('caseDesk', { params: { taskId: row.taskId } });
    expect(desk.ok && desk.value.questions.length).toBe(1);
  });

  it('is withdrawn in its own case only and with a reason, and the wait ends on the timeline', async () => {
    const desk = await reader.call('caseDesk', { params: { taskId: row.taskId } });
    const questionId = desk.ok ? (desk.value.questions[0]?.id ?? '') : '';
    const elsewhere = await reader.call('withdrawQuestion', {
      params: { taskId: other.taskId, questionId },
      input: { reason: 'seen on the scout' },
    });
    expect(elsewhere.ok ? null : elsewhere.error.code).toBe('not-found');
    const silent = await reader.call('withdrawQuestion', {
      params: { taskId: row.taskId, questionId },
      input: { reason: ' ' },
    });
    expect(silent.ok ? null : silent.error.message).toBe('Say why it is withdrawn.');
    const withdrawn = await reader.call('withdrawQuestion', {
      params: { taskId: row.taskId, questionId },
      input: { reason: 'seen on the scout' },
    });
    expect(withdrawn.ok && withdrawn.value.questions[0]?.state).toMatchObject({
      kind: 'withdrawn',
      reason: 'seen on the scout',
    });
    const [opened, ended] = await eventually('the end of the wait', async () => {
      const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
      const found = timeline.ok ? timeline.value.events.filter((one) => one.type.startsWith('order.query.')) : [];
      return found.length === 2 ? found : null;
    });
    expect(ended).toMatchObject({ type: 'order.query.answered', cause: opened?.id });
    expect(ended?.detail).not.toContain('scout');
  });
});
