import type { ServiceRequest } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccounts } from '../../electron/host/identity/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import type { CallInput, CaseDetail, CaseFollowUps, FollowUpLine } from '../../shared/api/index.ts';
import { recommendationsIn } from '../../shared/domain/follow-up/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost, testPorts } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyForFinal,
  rowWhere,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

type Move = CallInput<'moveFollowUp'>['move'];
type Reading = CallInput<'startFollowUp'>['reading'];

const press = () => ({ id: `press-${crypto.randomUUID()}`, ago: 0 });
const recommendation = 'Recommend CT of the chest within 1 day.';
const quote = recommendation.replace(/\.$/, '');
const reading: Reading = {
  modalities: ['CT'],
  bodyPart: 'chest',
  exam: 'CT chest',
  interval: { earliest: null, latest: { count: 1, unit: 'day' } },
  condition: '',
};

describe('a recommended exam, from the words of a report until it is done', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  let desk: TestReader;
  let epoch = 1;
  beforeAll(async () => {
    host = await startDrawnDay({ ports: { pace: quickPace() } });
    [reader, lead, desk] = await Promise.all([host.signIn(), host.signIn('lead'), host.signIn('site')]);
  });
  afterAll(() => host?.stop());

  const start = (taskId: string, id = `follow-up-${crypto.randomUUID()}`, words = quote, said: Reading = reading) =>
    reader.call('startFollowUp', {
      params: { taskId },
      input: { id, ago: 0, section: '19005-8', quote: words, origin: 'recognised', reading: said },
    });
  const move = (who: TestReader, taskId: string, followUpId: string, one: Move) =>
    who.call('moveFollowUp', { params: { taskId }, input: { followUpId, move: one } });
  const ofCase = async (taskId: string): Promise<CaseFollowUps> => {
    const asked = await reader.call('caseFollowUps', { params: { taskId } });
    if (!asked.ok) throw new Error(asked.error.message);
    return asked.value;
  };
  const lineWhere = (taskId: string, id: string, is: (line: FollowUpLine) => boolean): Promise<FollowUpLine> =>
    eventually('the recommended exam to stand so', async () => {
      const found = (await ofCase(taskId)).lines.find((one) => one.followUp.id === id);
      return found !== undefined && is(found) ? found : null;
    });
  const eventsOf = async (taskId: string) => {
    const timeline = await reader.call('timeline', { params: { taskId } });
    return timeline.ok ? timeline.value.events.filter((one) => one.type.startsWith('followUp.')) : [];
  };
  const sign = async (detail: CaseDetail, impression: string, kind: 'final' | 'correction', base = 0) => {
    const more = kind === 'correction' ? ({ kind, baseVersion: base, reason: 'Read again.' } as const) : {};
    const draft = draftOf(detail, reader, 'A nodule of 7 mm.', impression, more);
    const signed = await reader.call('sign', {
      params: { taskId: detail.context.taskId },
      input: signCommand(detail, draft, kind, 'demo'),
    });
    expect(signed.ok ? signed.value.report.state : signed.error).toBe(kind === 'final' ? 'final' : 'corrected');
  };
  const larkspur = async () => {
    const row = await rowWhere(
      reader,
      'a study of the desk’s site that wants a final',
      (one) =>
        one.site?.id === 'site-larkspur' &&
        one.link === 'order-and-images' &&
        one.mayRead.allowed &&
        one.identity === 'same' &&
        one.desk?.pending === undefined &&
        one.state === 'queued',
    );
    return row;
  };

  it('is found in the words, and begun by nobody but the reader', async () => {
    const row = await readyForFinal(reader);
    expect(recommendationsIn([{ code: '19005-8', text: recommendation }])).toHaveLength(1);
    epoch += 1;
    const detail = await openForReading(reader, row.taskId, epoch);
    await sign(detail, `Nodule.\n${recommendation}`, 'final');
    expect((await ofCase(row.taskId)).lines).toEqual([]);

    // Confirmed after signing it is of the version that says it, at once; a repeat is the same one, and the same words are tracked once.
    const id = `follow-up-${crypto.randomUUID()}`;
    const [begun, again] = [await start(row.taskId, id), await start(row.taskId, id)];
    expect([begun, again].map((one) => one.ok && one.value.lines.length)).toEqual([1, 1]);
    expect(await start(row.taskId)).toMatchObject({ error: { code: 'not-a-legal-move' } });
    const line = await lineWhere(row.taskId, id, (one) => one.followUp.basis !== null);
    expect(line.followUp.basis).toMatchObject({ version: 1 });
    expect(line.followUp.quote).toBe(quote);

    // One day is soon: its reminder is due at once, and stands on the timeline without a word that anybody typed.
    const events = await eventually('its reminder', async () => {
      const found = await eventsOf(row.taskId);
      return found.some((one) => one.type === 'followUp.reminded') ? found : null;
    });
    expect(events.map((one) => one.type).sort()).toEqual(['followUp.confirmed', 'followUp.reminded']);
    expect(JSON.stringify(events)).not.toMatch(/nodule/i);

    // The exam that recommends it is not the one recommended, nor is another patient's.
    const own = await move(reader, row.taskId, id, { ...press(), kind: 'done', taskId: row.taskId });
    const other = await rowWhere(
      reader,
      'another patient',
      (one) => one.patient.id !== row.patient.id && one.taskId !== row.taskId,
    );
    const foreign = await move(reader, row.taskId, id, { ...press(), kind: 'done', taskId: other.taskId });
    expect([own.ok, foreign.ok]).toEqual([false, false]);

    // The reader has it on her board, the lead too; QA reads blind.
    for (const who of [reader, lead]) {
      const board = await who.call('followUps');
      expect(board.ok && board.value.lines.filter((one) => one.followUp.id === id).length).toBe(1);
    }
    const qa = await host.signIn('qa');
    expect(await qa.call('followUps')).toMatchObject({ error: { code: 'forbidden' } });

    // Corrected, and both readings are kept.
    const later: Reading = { ...reading, interval: { earliest: null, latest: { count: 2, unit: 'week' } } };
    const corrected = await move(reader, row.taskId, id, { ...press(), kind: 'correct', reading: later });
    expect(
      corrected.ok && corrected.value.lines[0]?.followUp.readings.map((one) => one.reading.interval?.latest),
    ).toEqual([
      { count: 1, unit: 'day' },
      { count: 2, unit: 'week' },
    ]);

    // A correction of the report that says it no longer ends it; nobody opens it again.
    epoch += 1;
    const reopened = await openForReading(reader, row.taskId, epoch);
    await sign(reopened, 'No nodule: a nipple shadow.', 'correction', 1);
    const ended = await lineWhere(row.taskId, id, (one) => one.followUp.ending !== null);
    expect(ended.followUp.ending).toMatchObject({ kind: 'not-said', version: 2 });
    expect(await move(reader, row.taskId, id, { ...press(), kind: 'reopen', words: 'No.' })).toMatchObject({
      error: { code: 'not-a-legal-move' },
    });
  });

  it('confirmed before signing waits for the signature, and is the desk’s from then on', async () => {
    const row = await larkspur();
    const id = `follow-up-${crypto.randomUUID()}`;
    expect((await start(row.taskId, id)).ok).toBe(true);
    const early = await desk.call('siteFollowUps');
    expect(early.ok && early.value.lines.some((one) => one.followUp.id === id)).toBe(false);
    epoch += 1;
    const detail = await openForReading(reader, row.taskId, epoch);
    const draft = draftOf(detail, reader, 'A nodule of 7 mm.', `Nodule.\n${recommendation}`);
    const signed = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, detail.order?.requestedReport ?? 'final', 'demo'),
    });
    expect(signed.ok ? 'signed' : signed.error).toBe('signed');
    await lineWhere(row.taskId, id, (one) => one.followUp.basis !== null);

    const shown = await desk.call('siteFollowUps');
    expect(shown.ok && shown.value.lines.find((one) => one.followUp.id === id)).toMatchObject({ taskId: row.taskId });
    // The desk hands it on and says what became of it; what it reads and how, it may not change.
    const siteMove = (one: Move) =>
      desk.call('siteMoveFollowUp', { params: { followUpId: id }, input: { move: one as never } });
    const to = { name: '', role: 'Nodule nurse', phone: '555-0107' };
    const handed = await siteMove({ ...press(), kind: 'hand-over', to, words: 'Agreed.' });
    expect(handed.ok && handed.value.lines.find((one) => one.followUp.id === id)?.followUp.handOvers).toMatchObject([
      { to },
    ]);
    expect(await siteMove({ ...press(), kind: 'correct', reading })).toMatchObject({ error: { code: 'bad-request' } });
    const closed = await siteMove({
      ...press(),
      kind: 'close',
      reason: 'elsewhere',
      words: 'At Cedar, by the orderer.',
    });
    expect(closed.ok && closed.value.lines.find((one) => one.followUp.id === id)?.followUp.ending).toMatchObject({
      kind: 'closed',
      reason: 'elsewhere',
    });
    const again = await siteMove({ ...press(), kind: 'reopen', words: 'It was another patient there.' });
    expect(again.ok && again.value.lines.find((one) => one.followUp.id === id)?.followUp.ending).toBeNull();
    const types = await eventually('its events', async () => {
      const found = (await eventsOf(row.taskId)).map((one) => one.type);
      return found.includes('followUp.reopened') ? found : null;
    });
    for (const type of ['followUp.confirmed', 'followUp.handedOn', 'followUp.closed'] as const)
      expect(types).toContain(type);
    // Reading it is in the access log, for the desk too.
    expect((await siteMove({ ...press(), kind: 'close', reason: 'declined', words: 'By phone.' })).ok).toBe(true);
  });

  it('is done by itself where an order of the same patient names it, and by no other patient’s', async () => {
    const row = await readyForFinal(reader);
    epoch += 1;
    const detail = await openForReading(reader, row.taskId, epoch);
    await sign(detail, `Nodule.\n${recommendation}`, 'final');
    const id = `follow-up-${crypto.randomUUID()}`;
    expect((await start(row.taskId, id)).ok).toBe(true);
    await lineWhere(row.taskId, id, (one) => one.followUp.basis !== null);
    const ring = await openKeyRing({ directory: host.directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const accounts = await openAccounts({ directory: host.directory, keyRing: ring.value, ports: testPorts() });
    const added = await accounts.addToken({ name: 'site', scope: 'intake', site: null });
    if (!added.ok) throw new Error(added.error.message);
    await accounts.close();
    const fhir = async (method: string, path: string, body?: object): Promise<ServiceRequest> => {
      const answer = await fetch(`${host.url}/fhir/ServiceRequest/${path}`, {
        method,
        headers: { 'Content-Type': 'application/fhir+json', Authorization: `Bearer ${added.value}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return (await answer.json()) as ServiceRequest;
    };
    // Named by the case, whatever the epoch is by now.
    let looks = 9_000;
    const orderOf = async (taskId: string): Promise<ServiceRequest> => {
      looks += 1;
      const params = { taskId };
      const looked = await reader.call('openCase', { params, input: { mode: 'look', epoch: looks } });
      if (!looked.ok) throw new Error(looked.error.message);
      return fhir('GET', looked.value.order?.id ?? '');
    };
    const ordered = async (like: ServiceRequest, orderId: string, accession: string): Promise<void> => {
      const { meta: _meta, extension: _extension, ...order } = like;
      await fhir('PUT', orderId, {
        ...order,
        id: orderId,
        status: 'active',
        code: { text: 'CT chest without contrast' },
        identifier: [
          {
            type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] },
            value: accession,
          },
        ],
        basedOn: [{ reference: `ServiceRequest/${id}` }],
      });
    };
    const stranger = await rowWhere(
      reader,
      'another patient of that site',
      (one) =>
        one.patient.birthDate !== row.patient.birthDate &&
        one.link === 'order-and-images' &&
        one.state === 'queued' &&
        one.mayRead.allowed,
    );
    await ordered(await orderOf(stranger.taskId), 'order-of-a-stranger', 'STRANGER-1');
    await rowWhere(reader, 'the stranger’s order', (one) => one.accession === 'STRANGER-1');
    expect((await ofCase(row.taskId)).lines[0]?.followUp.ending).toBeNull();
    await ordered(await orderOf(row.taskId), 'order-of-the-follow-up', 'FOLLOW-1');
    const done = await lineWhere(row.taskId, id, (one) => one.followUp.ending !== null);
    expect(done.followUp.ending).toMatchObject({
      kind: 'done',
      how: 'exact-reference',
      exam: { orderId: 'order-of-the-follow-up', accession: 'FOLLOW-1', day: null },
    });
  });

  it('is about its own case alone, and outlives the host that took it', async () => {
    const id = `follow-up-${crypto.randomUUID()}`;
    const row = await readyForFinal(reader);
    expect((await start(row.taskId, id)).ok).toBe(true);
    const foreign = await rowWhere(reader, 'another case', (one) => one.taskId !== row.taskId);
    const elsewhere = await move(reader, foreign.taskId, id, { ...press(), kind: 'mistaken', words: 'Slip.' });
    expect(elsewhere).toMatchObject({ error: { code: 'not-found' } });
    const unknown = await desk.call('siteMoveFollowUp', {
      params: { followUpId: id },
      input: { move: { ...press(), kind: 'close', reason: 'declined', words: 'No.' } },
    });
    expect(unknown).toMatchObject({ error: { code: 'not-found' } });
    await host.stop({ keep: true });
    host = await startTestHost({ directory: host.directory, ports: { pace: quickPace() } });
    [reader, lead, desk] = await Promise.all([host.signIn(), host.signIn('lead'), host.signIn('site')]);
    await rowWhere(reader, 'the case again', (one) => one.taskId === row.taskId);
    await lineWhere(row.taskId, id, (one) => one.followUp.ending === null);
    const slip = await move(reader, row.taskId, id, { ...press(), kind: 'mistaken', words: 'Wrong sentence.' });
    expect(slip.ok && slip.value.lines[0]?.followUp.ending).toMatchObject({ kind: 'mistaken' });
  });
});
