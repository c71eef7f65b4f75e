import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput, WorklistRow } from '../../shared/api/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import { eventually, rowWhere, type TestHost, type TestReader } from './case-driver.ts';

type Move = CallInput<'moveCritical'>['move'];

const press = () => ({ id: `press-${crypto.randomUUID()}`, ago: 0 });
const readBack = (change: Partial<Extract<Move, { kind: 'read-back' }>> = {}): Move => ({
  ...press(),
  kind: 'read-back',
  who: 'Dr O. Fenwick',
  role: 'physician',
  callBack: '555-0104',
  way: 'phone',
  canAct: true,
  words: 'Left tension pneumothorax.',
  ...change,
});
const voiceMail = (): Move => ({
  ...press(),
  kind: 'attempt',
  rung: 'ordering',
  whom: 'Dr O. Fenwick',
  way: 'voice-mail',
  words: 'Call back at once.',
});

describe('a critical result, from the key to the read-back', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  let row: WorklistRow;
  beforeAll(async () => {
    host = await startDrawnDay();
    [reader, lead] = await Promise.all([host.signIn(), host.signIn('lead')]);
    row = await rowWhere(
      reader,
      'a study of the desk’s site',
      (one) => one.site?.id === 'site-larkspur' && one.link === 'order-and-images',
    );
  });
  afterAll(async () => {
    const { directory } = host;
    await host.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const start = (who: TestReader, level: 1 | 2 | 3, id = `critical-${crypto.randomUUID()}`, ago = 0) =>
    who.call('startCritical', {
      params: { taskId: row.taskId },
      input: { id, ago, level, finding: 'Tension pneumothorax on the left.', origin: 'key' },
    });
  const move = (who: TestReader, resultId: string, one: Move, taskId: string = row.taskId) =>
    who.call('moveCritical', { params: { taskId }, input: { resultId, move: one } });
  const eventsOf = async (id: string) => {
    const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
    const all = timeline.ok ? timeline.value.events : [];
    const first = all.filter((one) => one.type === 'crit.identified');
    return { all, first, ends: all.filter((one) => one.type === 'crit.closed'), id };
  };

  it('is begun once however often the answer gets lost, waits on who began it and the lead, and stands in the row with its time', async () => {
    const id = `critical-${crypto.randomUUID()}`;
    const begun = await start(reader, 1, id, 5_000);
    const again = await start(reader, 1, id, 9_000);
    expect([begun, again].map((one) => one.ok && one.value.results.length)).toEqual([1, 1]);
    const [result] = begun.ok ? begun.value.results : [];
    expect(result).toMatchObject({ id, level: 1, limit: 3_600_000, identifiedBy: { name: reader.name }, ending: null });
    expect(result?.ladder.at(-1)?.role).toBe('duty');
    const shown = await rowWhere(
      reader,
      'it in the row',
      (one) => one.taskId === row.taskId && one.matters?.critical?.open === 1,
    );
    expect(shown.matters?.critical).toMatchObject({ level: 1, dueAt: (result?.identifiedAt ?? 0) + 3_600_000 });
    for (const who of [reader, lead]) {
      const board = await who.call('criticalResults');
      expect(board.ok && board.value.lines.map((one) => one.result.id)).toEqual([id]);
    }
    // The site's desk is told that, and nothing of what was found.
    const desk = await host.signIn('site');
    const shownThere = await desk.call('siteDesk');
    expect(shownThere.ok && shownThere.value.criticals).toMatchObject([{ id, taskId: row.taskId, level: 1 }]);
    expect(shownThere.ok && JSON.stringify(shownThere.value)).not.toContain('pneumothorax');
    const qa = await host.signIn('qa');
    expect(await qa.call('criticalResults')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await qa.call('caseCriticals', { params: { taskId: row.taskId } })).toMatchObject({
      error: { code: 'forbidden' },
    });

    // A voice mail closes nothing, nor does a clerk, nor somebody who cannot act.
    const tried = await move(reader, id, voiceMail());
    expect(tried.ok && tried.value.results[0]).toMatchObject({ ending: null, attempts: [{ way: 'voice-mail' }] });
    expect(await move(reader, id, readBack({ role: 'clerk' }))).toMatchObject({
      error: { code: 'not-a-legal-move', message: expect.stringContaining('no licensed caregiver') },
    });
    expect(await move(reader, id, readBack({ canAct: false }))).toMatchObject({ error: { code: 'not-a-legal-move' } });
    expect(await move(reader, id, { ...readBack(), way: 'page' } as never)).toMatchObject({
      error: { code: 'bad-request' },
    });

    // Lost answers: the same press again is the same read-back.
    const closing = readBack();
    const closed = await move(reader, id, closing);
    expect(closed.ok && closed.value.results[0]?.ending).toMatchObject({
      kind: 'closed',
      readBack: { who: 'Dr O. Fenwick' },
    });
    const repeated = await move(reader, id, closing);
    expect(repeated).toEqual(closed);
    // What another typed offline meanwhile is kept beside it.
    const late = await move(lead, id, voiceMail());
    expect(late.ok && late.value.results[0]?.attempts.map((one) => one.by.name)).toEqual([reader.name, lead.name]);

    const told = await eventually('its events', async () => {
      const found = await eventsOf(id);
      return found.ends.length === 1 ? found : null;
    });
    expect(told.first).toHaveLength(1);
    expect(told.ends[0]).toMatchObject({ detail: 'read back by phone, physician', cause: told.first[0]?.id });
    expect(JSON.stringify(told.all)).not.toMatch(/pneumothorax|Fenwick|at once/);
    await rowWhere(
      reader,
      'a row without it',
      (one) => one.taskId === row.taskId && one.matters?.critical === undefined,
    );
    const board = await lead.call('criticalResults');
    expect(board.ok && board.value.lines).toEqual([]);
  });

  it('is taken over by a colleague with its clock running, and of level 3 handed to a named person for follow-up', async () => {
    const id = `critical-${crypto.randomUUID()}`;
    const begun = await start(reader, 3, id);
    const colleagues = begun.ok ? begun.value.colleagues : [];
    const other = colleagues.find((one) => one.id === lead.id);
    expect(other?.name).toBe(lead.name);
    const handed = await move(reader, id, { ...press(), kind: 'hand-over', to: { id: lead.id } });
    const mine = handed.ok ? handed.value.results.find((one) => one.id === id) : undefined;
    expect(mine).toMatchObject({ handOvers: [{ to: { name: lead.name } }], ending: null });
    expect(await move(reader, id, { ...press(), kind: 'hand-over', to: { id: 'nobody' } })).toMatchObject({
      error: { code: 'bad-request' },
    });
    const delegated = await move(lead, id, {
      ...press(),
      kind: 'delegate',
      to: { name: 'N. Harrow', role: 'nurse navigator', phone: '555-0108' },
      words: 'Chest CT in three months.',
    });
    expect(delegated.ok && delegated.value.results.find((one) => one.id === id)?.ending).toMatchObject({
      kind: 'delegated',
    });
  });

  it('is about its own case alone, and says something', async () => {
    const id = `critical-${crypto.randomUUID()}`;
    expect((await start(reader, 2, id)).ok).toBe(true);
    const foreign = await rowWhere(reader, 'another case', (one) => one.taskId !== row.taskId && one.site !== null);
    expect(await move(reader, id, voiceMail(), foreign.taskId)).toMatchObject({ error: { code: 'not-found' } });
    const taken = await reader.call('startCritical', {
      params: { taskId: foreign.taskId },
      input: { id, ago: 0, level: 1, finding: 'Free air.', origin: 'check' },
    });
    expect(taken.ok).toBe(false);
    const empty = { id: `critical-${crypto.randomUUID()}`, ago: 0, level: 1, finding: ' \n', origin: 'key' } as const;
    expect(await reader.call('startCritical', { params: { taskId: row.taskId }, input: empty })).toMatchObject({
      error: { code: 'bad-request' },
    });
    const slip = await move(reader, id, { ...press(), kind: 'mistaken', words: 'wrong key' });
    expect(slip.ok && slip.value.results.find((one) => one.id === id)?.ending).toMatchObject({ kind: 'mistaken' });
  });

  it('outlives the host that took it', async () => {
    const id = `critical-${crypto.randomUUID()}`;
    expect((await start(reader, 1, id)).ok).toBe(true);
    await host.stop({ keep: true });
    host = await startTestHost({ directory: host.directory });
    [reader, lead] = await Promise.all([host.signIn(), host.signIn('lead')]);
    const lines = await eventually('it on the lead’s list again', async () => {
      const board = await lead.call('criticalResults');
      return board.ok && board.value.lines.length > 0 ? board.value.lines : null;
    });
    expect(lines.map((one) => one.result.id)).toEqual([id]);
    expect((await move(reader, id, readBack())).ok).toBe(true);
  });
});
