import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { compareRank, waitsForImages } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { draftOf, eventually, openForReading } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

describe('what readers arrange among themselves, on a real host over the demo day', () => {
  let host: TestHost;
  let ann: TestReader;
  let bob: TestReader;
  let lea: TestReader;
  beforeAll(async () => {
    host = await startDrawnDay({ ports: { pace: quickPace() } }, (directory) =>
      addPeople(directory, { ann: 'radiologist', bob: 'radiologist', lea: 'lead' }),
    );
    [ann, bob, lea] = await Promise.all([
      host.signIn('ann', testPassword),
      host.signIn('bob', testPassword),
      host.signIn('lea', testPassword),
    ]);
    // Enough for all that follow, however slowly the day's images come.
    await eventually(
      'a dozen studies',
      async () => ((await rows(ann)).filter(free).length >= 14 ? true : null),
      110_000,
    );
  }, 420_000);
  afterAll(async () => {
    await host?.stop();
  });

  const rows = async (reader: TestReader): Promise<readonly WorklistRow[]> => {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok) throw new Error(list.error.message);
    return list.value.rows;
  };
  const free = (row: WorklistRow): boolean =>
    row.state === 'queued' &&
    row.link !== 'order-without-images' &&
    !waitsForImages(row, instant(Date.now())) &&
    row.mayRead.allowed;
  const rowOf = async (reader: TestReader, taskId: string): Promise<WorklistRow> => {
    const found = (await rows(reader)).find((one) => one.taskId === taskId);
    if (found === undefined) throw new Error('the row is gone');
    return found;
  };
  const next = async (reader: TestReader) => {
    const answered = await reader.call('nextStudy', { input: { justRead: [] } });
    if (!answered.ok) throw new Error(answered.error.message);
    if (answered.value.found === null) throw new Error(answered.value.words);
    return { ...answered.value.found, words: answered.value.words };
  };
  const timeline = async (reader: TestReader, taskId: string): Promise<readonly string[]> => {
    const found = await reader.call('timeline', { params: { taskId } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value.events.map((event) => `${event.type} ${event.detail}`.trim());
  };

  it('next study claims the best-ranked one that nobody has, says why, and writes it down', async () => {
    const now = instant(Date.now());
    const before = (await rows(ann)).filter(free).sort((left, right) => compareRank(left, right, now));
    const found = await next(ann);
    expect(found.taskId).toBe(before[0]?.taskId);
    expect(found.words).toContain(found.grounds[0]?.words);
    expect(found.words).toMatch(/ It should take about \d+ min: the usual time for .*; you have read too few yet\./);
    expect(await rowOf(ann, found.taskId)).toMatchObject({ state: 'claimed', reader: { id: ann.id } });
    const opened = await openForReading(ann, found.taskId);
    expect(opened.claim?.fencingToken).toBe(found.claim.fencingToken);
    const events = await timeline(ann, found.taskId);
    expect(events.filter((one) => one.startsWith('task.claimed'))).toEqual([expect.stringContaining('next study: ')]);
    expect(events).toContain('read.opened');
  });

  it('readers who press at the same moment each get a study of their own', async () => {
    const found = await Promise.all([ann, bob, lea].map(next));
    expect(new Set(found.map((one) => one.taskId)).size).toBe(found.length);
    for (const one of found) {
      const holder = [ann, bob, lea].find(({ id }) => id === one.claim.reader);
      const given = await holder?.call('releaseClaim', {
        params: { taskId: one.taskId },
        input: { fencingToken: one.claim.fencingToken, reason: 'test' },
      });
      expect(given?.ok).toBe(true);
    }
  });

  it('a study that is passed with a reason is not offered to her again, its words are kept, and its history says why', async () => {
    const { taskId, claim } = await next(ann);
    const detail = await openForReading(ann, taskId);
    const draft = draftOf(detail, ann, 'Words before the pass.', '');
    const saved = await ann.call('saveDraft', {
      params: { taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok).toBe(true);
    const pass = (reason: 'other' | 'wrong-subspecialty', words: string) =>
      ann.call('passStudy', { params: { taskId }, input: { fencingToken: claim.fencingToken, reason, words } });
    expect(await pass('other', '')).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect((await pass('wrong-subspecialty', 'paediatric heart')).ok).toBe(true);
    expect(await timeline(ann, taskId)).toContain('task.released passed on, wrong subspecialty: paediatric heart');
    expect((await next(bob)).taskId).toBe(taskId);
    expect((await next(ann)).taskId).not.toBe(taskId);
    const kept = await ann.call('readDraft', { params: { taskId } });
    expect(kept.ok && kept.value.draft?.sections['59776-5']).toBe('Words before the pass.');
  });

  it('a held study keeps its reader and reason, is taken back by her or a lead, and is on the timeline', async () => {
    const { taskId, claim } = await next(ann);
    await openForReading(ann, taskId);
    const hold = await ann.call('holdStudy', {
      params: { taskId },
      input: { fencingToken: claim.fencingToken, reason: 'prior-needed', words: 'the March CT' },
    });
    expect(hold.ok).toBe(true);
    expect(await rowOf(bob, taskId)).toMatchObject({
      state: 'held',
      reader: { id: ann.id },
      desk: { hold: { reason: 'prior-needed', words: 'the March CT' } },
    });
    expect(await bob.call('resumeStudy', { params: { taskId } })).toMatchObject({ error: { code: 'held-by-another' } });
    expect((await lea.call('resumeStudy', { params: { taskId } })).ok).toBe(true);
    expect(await rowOf(ann, taskId)).toMatchObject({ state: 'reading', reader: { id: ann.id } });
    const events = await timeline(ann, taskId);
    expect(events).toContain('task.held prior needed: the March CT');
    expect(events.some((one) => one.startsWith('task.resumed'))).toBe(true);
  });

  it('a lead gives a study to another reader: the claim there ends, the old token signs nothing, the words stay', async () => {
    const { taskId, claim } = await next(ann);
    const detail = await openForReading(ann, taskId);
    const give = (reader: TestReader, fencingToken: number | null, to: TestReader) =>
      reader.call('reassignStudy', { params: { taskId }, input: { fencingToken, to: to.id as never, words: '' } });
    expect(await give(bob, null, bob)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await give(bob, claim.fencingToken, lea)).toMatchObject({ error: { code: 'held-by-another' } });
    expect((await give(lea, null, bob)).ok).toBe(true);
    expect(await rowOf(bob, taskId)).toMatchObject({ state: 'queued', desk: { assigned: { reader: bob.id } } });
    expect(await timeline(ann, taskId)).toContain('task.reassigned to Dr bob');
    const renewed = await ann.call('renewClaim', {
      params: { taskId },
      input: { fencingToken: claim.fencingToken },
    });
    expect(renewed).toMatchObject({ ok: false });
    const draft = draftOf(detail, ann, 'Words of the first reader.', 'Impression.');
    const saved = await ann.call('saveDraft', {
      params: { taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok).toBe(true);
    const kept = await ann.call('readDraft', { params: { taskId } });
    expect(kept.ok && kept.value.draft?.sections['59776-5']).toBe('Words of the first reader.');
    expect((await openForReading(bob, taskId)).claim?.fencingToken).toBe(claim.fencingToken + 1);
    expect((await rowOf(ann, taskId)).desk).toBeUndefined();
  });

  it('a colleague is asked to look while the claim stays, and answers with a note', async () => {
    const { taskId, claim } = await next(ann);
    const lookId = crypto.randomUUID();
    const ask = (to: TestReader) =>
      ann.call('askSecondLook', {
        params: { taskId },
        input: { fencingToken: claim.fencingToken, lookId, to: to.id as never, question: 'A nodule?' },
      });
    const others = await ann.call('colleagues', { params: { taskId } });
    const names = others.ok ? others.value.colleagues.map((one) => one.name) : [];
    expect(names).toEqual(expect.arrayContaining(['Dr bob', 'Dr lea']));
    expect(names).not.toContain('Dr ann');
    // The demo's readers have shifts, our own people here have none: who is at work comes first, who is not comes last.
    const shifts = others.ok ? others.value.colleagues.map((one) => one.shift) : [];
    const ranks = shifts.map((one) => (one.startsWith('on shift until ') ? 0 : one === '' ? 1 : 2));
    expect(shifts.filter((_, place) => ranks[place] === 2).every((one) => one === 'not on shift')).toBe(true);
    expect(new Set(ranks).size).toBeGreaterThan(1);
    expect(ranks).toEqual([...ranks].sort());
    expect(await ask(ann)).toMatchObject({ error: { code: 'not-a-legal-move' } });
    expect((await ask(bob)).ok).toBe(true);
    expect((await rowOf(bob, taskId)).desk?.looks).toMatchObject([{ to: bob.id, question: 'A nodule?', answer: null }]);
    const answer = (reader: TestReader) =>
      reader.call('answerSecondLook', { params: { taskId }, input: { lookId, words: 'A vessel end-on.' } });
    expect(await answer(lea)).toMatchObject({ error: { code: 'not-a-legal-move' } });
    expect((await answer(bob)).ok).toBe(true);
    const row = await rowOf(ann, taskId);
    expect(row).toMatchObject({ state: 'claimed', reader: { id: ann.id } });
    expect(row.desk?.looks[0]?.answer?.words).toBe('A vessel end-on.');
    const events = await timeline(ann, taskId);
    expect(events).toContain('look.asked Dr bob was asked for a second look');
    expect(events).toContain('look.answered Dr bob answered');
  });

  it('when nothing is left, it says what stands in between', async () => {
    const words = await eventually('the end of the list', async () => {
      const answered = await lea.call('nextStudy', { input: { justRead: [] } });
      return answered.ok && answered.value.found === null ? answered.value.words : null;
    });
    expect(words).toMatch(/^Nothing is left for you to read: .*claimed/);
  });
});
