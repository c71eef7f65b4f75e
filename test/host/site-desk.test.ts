import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { eventually, rowWhere, type TestHost, type TestReader } from './case-driver.ts';

const larkspur = 'site-larkspur';
/** A defect that the desk can put right whatever the exam. */
const lacks = (check: { readonly code: string; readonly state: string }): boolean =>
  check.state === 'defect' && (check.code === 'authorization' || check.code === 'diagnosis');

describe('the desk of one site', () => {
  let host: TestHost;
  let reader: TestReader;
  let desk: TestReader;
  beforeAll(async () => {
    host = await startDrawnDay();
    reader = await host.signIn();
    desk = await host.signIn('site');
  });
  afterAll(async () => {
    await host?.stop();
  });
  const own = () =>
    rowWhere(
      reader,
      'a study of the site',
      (row) => row.site?.id === larkspur && row.laterality !== 'R' && row.matters === undefined,
    );
  const foreign = () =>
    rowWhere(
      reader,
      'a study of another site',
      (row) => row.site !== null && row.site.id !== larkspur && row.matters === undefined,
    );
  const ask = async (taskId: string): Promise<string> => {
    const asked = await reader.call('askSite', {
      params: { taskId },
      input: { commandId: crypto.randomUUID(), kind: 'side', words: '' },
    });
    if (!asked.ok) throw new Error(asked.error.message);
    return asked.value.questions[0]?.id ?? '';
  };
  const oneCall = (phone = '555-0142') => ({ commandId: crypto.randomUUID(), phone, words: 'The surgeon waits' });
  const press = { choice: 'right', words: '', attachment: null, correctSide: true, reason: null };

  it('shows its own studies and no other site’s, with their state and the time left', async () => {
    await own();
    const other = await foreign();
    const shown = await desk.call('siteDesk');
    if (!shown.ok) throw new Error(shown.error.message);
    // Studies come all the time: what the desk has been shown is on the list that is asked for after it.
    const all = await reader.call('worklist', { input: {} });
    const ids = new Set(
      all.ok ? all.value.rows.filter((row) => row.site?.id === larkspur).map((row) => row.taskId) : [],
    );
    expect(shown.value.studies.length).toBeGreaterThan(0);
    expect(shown.value.studies.every((study) => ids.has(study.taskId))).toBe(true);
    expect(JSON.stringify(shown.value)).not.toContain(other.taskId);
  });

  it('answers with one press; the order then has the side, with who and why, and the reader sees the answer', async () => {
    const row = await own();
    const questionId = await ask(row.taskId);
    const answered = await desk.call('siteAnswer', { params: { questionId }, input: press });
    expect(answered.ok ? null : answered.error).toBe(null);
    const corrected = await rowWhere(
      reader,
      'the new side on the list',
      (one) => one.taskId === row.taskId && one.laterality === 'R',
    );
    expect(corrected.matters).toMatchObject({ asked: 0, answered: 1 });
    const seen = await reader.call('caseDesk', { params: { taskId: row.taskId } });
    expect(seen.ok && seen.value.questions[0]?.state).toMatchObject({
      kind: 'answered',
      answer: { choice: 'right', correction: { laterality: 'R' } },
    });
    const twice = await desk.call('siteAnswer', { params: { questionId }, input: press });
    expect(twice.ok ? null : twice.error.code).toBe('not-a-legal-move');
    await eventually('the answer on the timeline', async () => {
      const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
      const found = timeline.ok ? timeline.value.events.find((one) => one.type === 'order.query.answered') : undefined;
      return found?.detail === 'Which side?: Right, order corrected' ? found : null;
    });
  });

  it('asks for a call, which stands in the reader’s list until she has called', async () => {
    const row = await own();
    const bad = await desk.call('siteCallMe', { params: { taskId: row.taskId }, input: oneCall('the desk') });
    expect(bad.ok ? null : bad.error.message).toMatch(/Give the number/);
    const asked = await desk.call('siteCallMe', { params: { taskId: row.taskId }, input: oneCall() });
    const callId = asked.ok ? (asked.value.calls[0]?.id ?? '') : '';
    await rowWhere(reader, 'the call on the list', (one) => one.taskId === row.taskId && one.matters?.calls === 1);
    const ended = await reader.call('endCall', {
      params: { taskId: row.taskId, callId },
      input: { words: 'Told: no fracture.' },
    });
    expect(ended.ok && ended.value.calls[0]?.done?.words).toBe('Told: no fracture.');
    await rowWhere(reader, 'no call on the list', (one) => one.taskId === row.taskId && one.matters?.calls === 0);
  });

  it('has the number of a reader on shift, or else the lead’s, and whom the group phones here', async () => {
    const shown = await desk.call('siteDesk');
    if (!shown.ok) throw new Error(shown.error.message);
    expect(shown.value.onCall.length).toBeGreaterThan(0);
    for (const one of shown.value.onCall) {
      expect(one.phone).toMatch(/^\+1-303-555-01\d\d$/);
      expect(one.words).toMatch(/on shift/);
    }
    expect(shown.value.contacts.map((one) => one.role)).toEqual(['desk', 'on-call', 'it', 'lead']);
  });

  it('is told what its own studies lack for billing, and of no other site’s', async () => {
    const found = await desk.call('siteFitToBill');
    if (!found.ok) throw new Error(found.error.message);
    const all = await reader.call('worklist', { input: {} });
    const ids = new Set(
      all.ok ? all.value.rows.filter((row) => row.site?.id === larkspur).map((row) => row.taskId) : [],
    );
    expect(found.value.judged).toBeGreaterThan(0);
    expect(found.value.rows.length).toBeGreaterThan(0);
    expect(found.value.rows.every((row) => ids.has(row.taskId))).toBe(true);
    const asReader = await reader.call('siteFitToBill');
    expect(asReader.ok ? null : asReader.error.code).toBe('forbidden');
  });

  it('supplies what an order lacks for billing: judged anew at once, on the timeline once, and nothing of the reading moves', async () => {
    const list = await eventually('a study that lacks something', async () => {
      const found = await desk.call('siteFitToBill');
      const row = found.ok ? found.value.rows.find((one) => one.checks.some(lacks)) : undefined;
      return row ?? null;
    });
    const defect = list.checks.find(lacks);
    const correction =
      defect?.code === 'diagnosis'
        ? { kind: 'diagnosis' as const, code: 'R10.31', instead: defect.found || null }
        : { kind: 'authorization' as const, number: 'PA-4711', from: null, until: null };
    const rowOf = () => rowWhere(reader, 'its row', (row) => row.taskId === list.taskId);
    const before = await rowOf();
    const send = (commandId: string, said: typeof correction) =>
      desk.call('siteCorrectOrder', { params: { taskId: list.taskId }, input: { commandId, correction: said } });
    const bad = await send(crypto.randomUUID(), { kind: 'authorization', number: ' ', from: null, until: null });
    expect(bad.ok ? null : bad.error).toMatchObject({ code: 'bad-request' });
    const commandId = crypto.randomUUID();
    const [done, again] = [await send(commandId, correction), await send(commandId, correction)];
    for (const one of [done, again]) {
      if (!one.ok) throw new Error(one.error.message);
      const row = one.value.rows.find((each) => each.taskId === list.taskId);
      expect(row?.checks.filter((check) => check.code === defect?.code && check.state === 'defect') ?? []).toEqual([]);
    }
    const timeline = await reader.call('timeline', { params: { taskId: list.taskId } });
    const told = timeline.ok ? timeline.value.events.filter((one) => one.type === 'billing.corrected') : [];
    expect(told).toHaveLength(1);
    const after = await rowOf();
    const reading = ({ codes, reason, procedure, laterality, priority, dueAt, fit, codeStudy }: typeof before) => ({
      ...{ codes, reason, procedure, laterality, priority, dueAt, fit, codeStudy },
    });
    expect(reading(after)).toEqual(reading(before));
    const asReader = await reader.call('siteCorrectOrder', {
      params: { taskId: list.taskId },
      input: { commandId, correction },
    });
    expect(asReader.ok ? null : asReader.error.code).toBe('forbidden');
    const other = await foreign();
    const elsewhere = await desk.call('siteCorrectOrder', {
      params: { taskId: other.taskId },
      input: { commandId: crypto.randomUUID(), correction },
    });
    expect(elsewhere.ok ? null : elsewhere.error.code).toBe('not-found');
  });

  it('finds something of everything on the demo day: open questions, a call, a thread with an unseen answer', async () => {
    const row = await eventually('the demo’s matters', async () => {
      const list = await reader.call('worklist', { input: {} });
      const rows = list.ok ? list.value.rows : [];
      const open = rows.reduce((sum, one) => sum + (one.matters?.asked ?? 0), 0);
      return open >= 7 && rows.some((one) => (one.matters?.messages?.forLead ?? 0) > 0) ? rows : null;
    });
    expect(row.some((one) => (one.matters?.calls ?? 0) > 0)).toBe(true);
    expect(row.some((one) => (one.matters?.messages?.forReader ?? 0) > 0)).toBe(true);
    const shown = await desk.call('siteDesk');
    expect(shown.ok && shown.value.questions.filter((one) => one.state.kind === 'asked').length).toBeGreaterThan(1);
  });

  it('is told of another site’s study and question that there is none, at every call that names one', async () => {
    const row = await foreign();
    const questionId = await ask(row.taskId);
    const answered = await desk.call('siteAnswer', { params: { questionId }, input: press });
    expect(answered.ok ? null : answered.error).toMatchObject({ code: 'not-found' });
    const called = await desk.call('siteCallMe', { params: { taskId: row.taskId }, input: oneCall() });
    const none = await desk.call('siteCallMe', { params: { taskId: 'task-none' }, input: oneCall() });
    expect(called.ok ? null : called.error).toEqual(none.ok ? null : none.error);
    const still = await reader.call('caseDesk', { params: { taskId: row.taskId } });
    expect(still.ok && [still.value.questions[0]?.state.kind, still.value.calls.length]).toEqual(['asked', 0]);
  });

  it('gets no list, no images and no events of the readers', async () => {
    const row = await own();
    const answers = [
      await desk.fetch('/api/worklist'),
      await desk.fetch(`/api/cases/${row.taskId}/desk`),
      await desk.fetch('/events'),
      await desk.fetch(`/dicomweb/${row.archive}/studies/${row.studyUid}/metadata`),
      await desk.fetch('/api/status'),
    ];
    for (const answer of answers) {
      await answer.body?.cancel();
      // 409: the images of a case that is not open in this window, which a site's desk cannot open.
      expect([403, 404, 409]).toContain(answer.status);
    }
  });
});
