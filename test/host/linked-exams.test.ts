import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { ReaderId } from '../../shared/domain/reader/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { eventually, openForReading } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

describe('exams of one patient that go together, on a real host over the demo day', () => {
  let host: TestHost;
  let ann: TestReader;
  let bob: TestReader;
  let pair: readonly [WorklistRow, WorklistRow];
  beforeAll(async () => {
    host = await startDrawnDay({ ports: { pace: quickPace() } }, (directory) =>
      addPeople(directory, { ann: 'radiologist', bob: 'radiologist' }),
    );
    [ann, bob] = await Promise.all([host.signIn('ann', testPassword), host.signIn('bob', testPassword)]);
    pair = await eventually('two exams of one visit', linkedPair, 230_000);
  }, 420_000);
  afterAll(async () => {
    await host?.stop();
  });

  const rows = async (reader: TestReader): Promise<readonly WorklistRow[]> => {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok) throw new Error(list.error.message);
    return list.value.rows;
  };
  const rowOf = async (taskId: string): Promise<WorklistRow> => {
    const found = (await rows(ann)).find((one) => one.taskId === taskId);
    if (found === undefined) throw new Error('the row is gone');
    return found;
  };
  const linkedPair = async (): Promise<readonly [WorklistRow, WorklistRow] | null> => {
    const [one, other] = (await rows(ann)).filter((row) => row.patient.name.startsWith('Hazelbourne'));
    return one?.linked !== undefined && other?.linked !== undefined ? [one, other] : null;
  };
  const linkedOf = async (reader: TestReader, taskId: string) => {
    const found = await reader.call('linkedExams', { params: { taskId } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value;
  };
  const giveBack = async (reader: TestReader, taskId: string, fencingToken: number): Promise<void> => {
    const given = await reader.call('releaseClaim', { params: { taskId }, input: { fencingToken, reason: 'test' } });
    expect(given).toMatchObject({ ok: true });
  };

  it('each row of the list names the other, and nothing else of the day is linked', async () => {
    const [one, other] = pair;
    expect(one.linked).toEqual([{ accession: other.accession, exam: other.procedure, why: 'ordered together' }]);
    expect(other.linked).toEqual([{ accession: one.accession, exam: one.procedure, why: 'ordered together' }]);
    expect((await rows(ann)).filter((row) => row.linked !== undefined)).toHaveLength(2);
  });

  it('one press claims both, both are opened, their images hang beside each other, and both go back together', async () => {
    const [one, other] = pair;
    const detail = await openForReading(ann, one.taskId);
    expect(detail.priors[0]).toMatchObject({ study: { studyUid: other.studyUid } });
    expect(detail.prefill.comparison).toBe('None available.');
    const token = detail.claim?.fencingToken ?? 0;
    expect((await linkedOf(ann, one.taskId)).exams).toMatchObject([{ standing: 'free', fencingToken: null }]);
    const asked = { params: { taskId: one.taskId }, input: { fencingToken: token } };
    const claimed = await ann.call('claimLinked', asked);
    expect(claimed).toMatchObject({ ok: true, value: { claimed: 1, exams: [{ standing: 'yours' }] } });
    expect(await ann.call('claimLinked', asked)).toMatchObject({ ok: true, value: { claimed: 0 } });
    expect(await rowOf(other.taskId)).toMatchObject({ state: 'reading', reader: { id: ann.id } });
    const times = await ann.call('timeline', { params: { taskId: other.taskId } });
    expect(times.ok && times.value.events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['task.claimed', 'read.opened']),
    );
    expect((await linkedOf(bob, one.taskId)).exams).toMatchObject([
      { standing: 'refused', words: 'Dr ann has it.', fencingToken: null },
    ]);
    const leaseBefore = (await rowOf(other.taskId)).leaseUntil ?? 0;
    expect((await ann.call('renewClaim', { params: { taskId: one.taskId }, input: { fencingToken: token } })).ok).toBe(
      true,
    );
    expect((await rowOf(other.taskId)).leaseUntil).toBeGreaterThanOrEqual(leaseBefore);
    await giveBack(ann, one.taskId, token);
    expect(await rowOf(one.taskId)).toMatchObject({ state: 'queued', reader: null });
    expect(await rowOf(other.taskId)).toMatchObject({ state: 'queued', reader: null });
  });

  it('where a colleague has the other, none is claimed with it and it says who', async () => {
    const [one, other] = pair;
    const theirs = await openForReading(bob, other.taskId);
    const mine = await openForReading(ann, one.taskId);
    const token = mine.claim?.fencingToken ?? 0;
    const refused = await ann.call('claimLinked', { params: { taskId: one.taskId }, input: { fencingToken: token } });
    expect(refused).toMatchObject({ ok: false, error: { code: 'not-a-legal-move' } });
    if (!refused.ok) expect(refused.error.message).toMatch(/Dr bob has it\. You have .* alone\.$/);
    expect(await rowOf(one.taskId)).toMatchObject({ reader: { id: ann.id } });
    expect(await rowOf(other.taskId)).toMatchObject({ reader: { id: bob.id } });
    // A claim that is not hers claims nothing with it.
    const foreign = { params: { taskId: other.taskId }, input: { fencingToken: token } };
    expect(await ann.call('claimLinked', foreign)).toMatchObject({ ok: false, error: { code: 'lease-lapsed' } });
    await giveBack(ann, one.taskId, token);
    await giveBack(bob, other.taskId, theirs.claim?.fencingToken ?? 0);
  });

  it('two readers who press at once for one of the two each: no exam has two, and who lost keeps her own', async () => {
    const [one, other] = pair;
    const [annHas, bobHas] = await Promise.all([openForReading(ann, one.taskId), openForReading(bob, other.taskId)]);
    const press = (reader: TestReader, taskId: string, token: number) =>
      reader.call('claimLinked', { params: { taskId }, input: { fencingToken: token } });
    const answers = await Promise.all([
      press(ann, one.taskId, annHas.claim?.fencingToken ?? 0),
      press(bob, other.taskId, bobHas.claim?.fencingToken ?? 0),
    ]);
    expect(answers.map((answer) => answer.ok)).toEqual([false, false]);
    expect(await rowOf(one.taskId)).toMatchObject({ reader: { id: ann.id } });
    expect(await rowOf(other.taskId)).toMatchObject({ reader: { id: bob.id } });
    await giveBack(ann, one.taskId, annHas.claim?.fencingToken ?? 0);
    await giveBack(bob, other.taskId, bobHas.claim?.fencingToken ?? 0);
  });

  const both = async (reader: TestReader): Promise<number> => {
    const [one, other] = pair;
    const token = (await openForReading(reader, one.taskId)).claim?.fencingToken ?? 0;
    const claimed = await reader.call('claimLinked', {
      params: { taskId: one.taskId },
      input: { fencingToken: token },
    });
    expect(claimed.ok && claimed.value.claimed).toBe(1);
    expect(await rowOf(other.taskId)).toMatchObject({ reader: { id: reader.id } });
    return token;
  };
  const told = async (taskId: string, type: string): Promise<readonly string[]> => {
    const timeline = await ann.call('timeline', { params: { taskId } });
    return timeline.ok ? timeline.value.events.filter((one) => one.type === type).map((one) => one.detail) : [];
  };

  it('one press passes both on with its reason, and each says so in its own history', async () => {
    const fencingToken = await both(bob);
    const [one, other] = pair;
    const stale = await bob.call('passStudy', {
      params: { taskId: one.taskId },
      input: { fencingToken: fencingToken + 7, reason: 'wrong-subspecialty', words: '' },
    });
    expect(stale.ok).toBe(false);
    for (const row of pair) expect(await rowOf(row.taskId)).toMatchObject({ state: 'reading', reader: { id: bob.id } });
    const passed = await bob.call('passStudy', {
      params: { taskId: one.taskId },
      input: { fencingToken, reason: 'wrong-subspecialty', words: '' },
    });
    expect(passed.ok ? null : passed.error).toBeNull();
    for (const row of pair)
      expect(await rowOf(row.taskId)).toMatchObject({
        state: 'queued',
        reader: null,
        desk: { passes: [{ reader: bob.id, reason: 'wrong-subspecialty' }] },
      });
    expect((await told(one.taskId, 'task.released')).at(-1)).toMatch(/^passed on, /);
    expect((await told(other.taskId, 'task.released')).at(-1)).toMatch(/^passed on, .*, with a linked exam$/);
  });

  it('one press gives both to a colleague; what a colleague has is not given with it', async () => {
    const fencingToken = await both(ann);
    const [one, other] = pair;
    const to = bob.id as ReaderId;
    const given = await ann.call('reassignStudy', {
      params: { taskId: one.taskId },
      input: { fencingToken, to, words: '' },
    });
    expect(given.ok ? null : given.error).toBeNull();
    for (const row of pair)
      expect(await rowOf(row.taskId)).toMatchObject({ state: 'queued', desk: { assigned: { reader: bob.id } } });
    const theirs = await openForReading(bob, other.taskId);
    const mine = await openForReading(ann, one.taskId);
    // Ann has the one, Bob the other: what he passes on is his alone.
    const alone = await bob.call('passStudy', {
      params: { taskId: other.taskId },
      input: { fencingToken: theirs.claim?.fencingToken ?? 0, reason: 'wrong-subspecialty', words: '' },
    });
    expect(alone.ok).toBe(true);
    expect(await rowOf(other.taskId)).toMatchObject({ reader: null });
    expect(await rowOf(one.taskId)).toMatchObject({ reader: { id: ann.id } });
    await giveBack(ann, one.taskId, mine.claim?.fencingToken ?? 0);
  });

  it('next study brings both once it is one of them, and says so', async () => {
    const pairIds = new Set<string>(pair.map((row) => row.taskId));
    const taken = [];
    for (let press = 0; press < 60; press += 1) {
      const next = await ann.call('nextStudy', { input: { justRead: [] } });
      if (!next.ok || next.value.found === null) throw new Error('the pair never came');
      taken.push(next.value.found);
      if (!pairIds.has(next.value.found.taskId)) continue;
      expect(next.value.words).toContain('With it, also yours: ');
      break;
    }
    for (const row of pair) expect(await rowOf(row.taskId)).toMatchObject({ reader: { id: ann.id } });
    const last = taken.at(-1);
    await giveBack(ann, last?.taskId ?? '', last?.claim.fencingToken ?? 0);
    for (const row of pair) expect(await rowOf(row.taskId)).toMatchObject({ state: 'queued', reader: null });
  });
});
