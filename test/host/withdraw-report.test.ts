import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CallInput,
  type CaseDetail,
  type CaseWithdrawal,
  caseHeaders,
  type WorklistRow,
} from '../../shared/api/index.ts';
import { type DicomJson, tags, text } from '../../shared/interop/dicom-json/index.ts';
import { readRejectionNote } from '../../shared/interop/dicom-sr/index.ts';
import { type Hl7Receiver, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyForFinal,
  rowWhere,
  signCommand,
  signReport,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

const sites = ['site-larkspur', 'site-saltflat', 'site-cedar-hollow', 'site-quillback', 'site-pinemark'];
const findings = 'Left pneumothorax of the other patient, 2 cm.';

describe('a report that was signed for the wrong patient', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  let qa: TestReader;
  let receiver: Hl7Receiver;
  beforeAll(async () => {
    receiver = await startHl7Receiver();
    const hl7 = sites.map((siteId) => ({
      siteId,
      host: '127.0.0.1',
      port: receiver.port,
      receivingApplication: 'RIS',
      receivingFacility: 'SITE',
    }));
    host = await startDrawnDay({ settings: { hl7 } });
    [reader, lead, qa] = [await host.signIn(), await host.signIn('lead'), await host.signIn('qa')];
  });
  afterAll(async () => {
    await host?.stop();
    await receiver?.stop();
  });

  const withdrawCommand = (
    detail: CaseDetail,
    more: Partial<CallInput<'withdrawReport'>> = {},
  ): CallInput<'withdrawReport'> => ({
    commandId: crypto.randomUUID(),
    context: detail.context,
    shown: signCommand(detail, draftOf(detail, reader, '', ''), 'final').shown,
    version: 1,
    why: 'wrong-patient',
    reason: 'Dictated into the wrong exam.',
    rightTaskId: null,
    ...more,
  });
  const standingOf = async (who: TestReader, taskId: string): Promise<CaseWithdrawal> => {
    const asked = await who.call('caseWithdrawal', { params: { taskId } });
    if (!asked.ok) throw new Error(asked.error.message);
    return asked.value;
  };
  const signFinal = (row: WorklistRow, epoch: number, words = findings): Promise<CaseDetail> =>
    signReport(reader, row.taskId, { findings: words, impression: 'Pneumothorax.' }, { epoch });
  const oneFiled = (taskId: string) =>
    eventually('every channel', async () => {
      const found = await reader.call('deliveries', { params: { taskId } });
      const all = found.ok ? found.value.deliveries : [];
      return all.length === 3 &&
        all.every((one) => one.state === 'filed' || (one.channel === 'hl7' && one.state === 'accepted'))
        ? all
        : null;
    });

  it('is taken back at every receiver, told to lead and site, and its words wait in the right exam for their reader alone', async () => {
    const row = await readyForFinal(reader);
    const right = await rowWhere(
      reader,
      'the right exam',
      (one) =>
        one.state === 'queued' &&
        one.desk?.pending === undefined &&
        one.patient.id !== row.patient.id &&
        one.studyUid !== null &&
        one.site !== null,
    );
    const detail = await signFinal(row, 1);
    await oneFiled(row.taskId);
    const params = { taskId: row.taskId };

    expect((await standingOf(reader, row.taskId)).may.allowed).toBe(true);
    expect((await standingOf(qa, row.taskId)).may).toMatchObject({ allowed: false });
    const byQa = await qa.call('withdrawReport', { params, input: withdrawCommand(detail) });
    expect(byQa.ok ? null : byQa.error.code).toBe('forbidden');
    const unseen = await reader.call('withdrawReport', { params, input: withdrawCommand(detail, { version: 2 }) });
    expect(unseen.ok ? null : unseen.error.code).toBe('stale-case');
    const other = { ...withdrawCommand(detail).shown, name: 'Somebody ELSE' };
    const misread = await reader.call('withdrawReport', { params, input: withdrawCommand(detail, { shown: other }) });
    expect(misread.ok ? null : misread.error.code).toBe('stale-case');

    const command = withdrawCommand(detail, { rightTaskId: right.taskId });
    const withdrawn = await reader.call('withdrawReport', { params, input: command });
    expect(withdrawn.ok ? withdrawn.value.report.state : withdrawn.error).toBe('entered-in-error');
    const again = await reader.call('withdrawReport', { params, input: command });
    expect(again.ok && again.value.report.versions.map((one) => one.kind)).toEqual(['final', 'withdrawal']);
    const second = await reader.call('withdrawReport', { params, input: withdrawCommand(detail, { version: 1 }) });
    expect(second.ok ? null : second.error.code).toBe('not-a-legal-move');

    const finished = await eventually('the withdrawal at every receiver', async () => {
      const { withdrawal } = await standingOf(reader, row.taskId);
      return withdrawal?.finished === true ? withdrawal : null;
    });
    expect(finished.receivers.map((one) => [one.name.split(',')[0], one.hasIt])).toEqual([
      ['Patient record', true],
      ['Archive', true],
      ['HL7 results', true],
    ]);
    expect(finished.steps.filter((one) => one.state === 'open').map((one) => one.step)).toEqual(['right-report']);

    const last = receiver.messages.at(-1) ?? '';
    expect(last).not.toContain('pneumothorax');
    expect(last).toContain('THIS REPORT IS WITHDRAWN');
    for (const segment of last.split('\r').filter((one) => one.startsWith('OBX|')))
      expect(segment.split('|')[11]).toBe('W');

    const verified = await reader.call('verifyReport', { params });
    expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified', 'verified']);

    // The archive holds both documents, and a note by which viewers show the first no more (IHE IOCM).
    const looked = await openForReading(reader, row.taskId, 2);
    const answered = await reader.fetch(`/dicomweb/${row.archive}/studies/${row.studyUid}/metadata`, {
      [caseHeaders.task]: row.taskId,
      [caseHeaders.epoch]: String(looked.context.epoch),
    });
    const held = (await answered.json()) as DicomJson[];
    const withWords = held.filter((one) => JSON.stringify(one).includes(findings));
    const notes = held.flatMap((one) => readRejectionNote(one) ?? []);
    expect(notes.map((one) => [one.code, one.instances])).toEqual([
      ['113037', withWords.map((one) => text(one, tags.SOPInstanceUID))],
    ]);
    expect(held.filter((one) => JSON.stringify(one).includes('THIS REPORT IS WITHDRAWN'))).toHaveLength(1);

    for (const taskId of [row.taskId, right.taskId]) {
      const calls = await reader.call('caseCriticals', { params: { taskId } });
      expect(calls.ok && calls.value.results.map((one) => [one.level, one.origin, one.ending])).toEqual([
        [1, 'wrong-patient', null],
      ]);
      expect(calls.ok && JSON.stringify(calls.value.results)).not.toContain('pneumothorax');
      const thread = await lead.call('caseMessages', { params: { taskId } });
      expect(thread.ok && thread.value.messages.map((one) => one.to).sort()).toEqual(['lead', 'site']);
      // One patient's page says nothing of the other.
      const words = thread.ok ? thread.value.messages.map((one) => one.words).join(' ') : '';
      expect(words).not.toContain('pneumothorax');
      if (taskId === right.taskId) expect(words).not.toContain(row.accession ?? '?');
    }
    const board = async (who: TestReader) => {
      const found = await who.call('withdrawals');
      return found.ok ? found.value.lines.map((one) => one.taskId) : found.error;
    };
    expect(await board(lead)).toEqual([row.taskId]);
    expect(await board(qa)).toEqual([row.taskId]);
    expect(await board(reader)).toEqual([row.taskId]);

    const offered = (await standingOf(reader, right.taskId)).offered;
    expect(offered.map((one) => one.under)).toEqual([row.accession]);
    expect(offered[0]?.sections.find((one) => one.code === '59776-5')?.text).toBe(findings);
    expect((await standingOf(lead, right.taskId)).offered).toEqual([]);

    const anew = await rowWhere(reader, 'the exam on the list again', (one) => one.taskId === finished.againTaskId);
    expect([anew.state, anew.studyUid, anew.accession, anew.report]).toEqual([
      'queued',
      row.studyUid,
      row.accession,
      null,
    ]);
    // Whose report was taken back, and whose physician has to be called.
    const { exam } = finished;
    const [taken, toCall] = [await lead.call('withdrawals'), await lead.call('criticalResults')];
    expect(taken.ok && taken.value.lines.map((one) => [one.patient, one.exam])).toEqual([[row.patient, exam]]);
    const called = toCall.ok ? toCall.value.lines : [];
    expect(called.map((one) => one.patient?.name).sort()).toEqual([row.patient.name, right.patient.name].sort());
    expect(called.find((one) => one.taskId === row.taskId)).toMatchObject({ patient: row.patient, exam });
    // The two documents and the note are no images, and what the note takes back is taken off once.
    const counted = await eventually('the archive’s count of them', async () => {
      const opened = await reader.call('openCase', {
        params: { taskId: anew.taskId },
        input: { mode: 'look', epoch: 6 },
      });
      return opened.ok && opened.value.study?.instanceCount === row.images.present + 3 ? opened.value : null;
    });
    expect(counted.context.studyUid).toBe(row.studyUid);
    await rowWhere(
      reader,
      'as many images as before',
      (one) => one.taskId === anew.taskId && one.images.present === row.images.present,
    );
    const { prefill } = await signFinal(anew, 7, 'No pneumothorax.');
    expect(prefill.technique).toContain(`${row.images.present} images`);
    expect(prefill.technique).not.toContain('series');
    const closed = await reader.call('timeline', { params });
    const types = closed.ok ? closed.value.events.map((event) => event.type) : [];
    for (const type of ['report.withdrawn', 'report.withdrawal.finished'] as const)
      expect(types.filter((one) => one === type)).toHaveLength(1);
  });

  it('is not sent to a receiver that had not got it yet: only the withdrawal is', async () => {
    const row = await readyForFinal(reader);
    receiver.answer('AR');
    const before = receiver.messages.length;
    const detail = await signFinal(row, 11, 'Words that were refused.');
    await eventually('the refusal', async () => {
      const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
      return found.ok && found.value.deliveries.some((one) => one.state === 'refused') ? true : null;
    });
    const withdrawn = await lead.call('withdrawReport', {
      params: { taskId: row.taskId },
      input: withdrawCommand(detail, {
        why: 'entered-in-error',
        context: { ...detail.context, epoch: 12 },
        password: 'demo',
      }),
    });
    expect(withdrawn.ok ? withdrawn.value.report.state : withdrawn.error).toBe('entered-in-error');
    const open = await eventually('the refused withdrawal', async () => {
      const { withdrawal } = await standingOf(lead, row.taskId);
      const [refused] = withdrawal?.receivers.filter((one) => !one.hasIt) ?? [];
      return refused?.state === 'refused' && withdrawal?.receivers.filter((one) => one.hasIt).length === 2
        ? withdrawal
        : null;
    });
    expect([open.finished, open.words]).toEqual([false, expect.stringMatching(/^Not withdrawn yet at: HL7 results/)]);

    receiver.answer('AA');
    const stopped = await reader.call('deliveries', { params: { taskId: row.taskId } });
    const first = stopped.ok
      ? stopped.value.deliveries.find((one) => one.version === 1 && one.channel === 'hl7')
      : undefined;
    expect(first?.state).toBe('withdrawn');
    const retried = await reader.call('retryDelivery', { params: { deliveryId: first?.id ?? '' } });
    expect(retried.ok ? null : retried.error.code).toBe('not-a-legal-move');
    const waits = open.receivers.find((one) => one.state === 'refused')?.deliveryId ?? '';
    const sent = await lead.call('retryDelivery', { params: { deliveryId: waits } });
    expect(sent.ok ? null : sent.error).toBeNull();
    await eventually('the end', async () => (await standingOf(lead, row.taskId)).withdrawal?.finished || null);
    const messages = receiver.messages.slice(before);
    expect(messages.filter((one) => one.includes('Words that were refused.'))).toHaveLength(1);
    expect(messages.at(-1)).toContain('THIS REPORT IS WITHDRAWN');
  });
});

describe('a host that is started again', () => {
  it('goes on with what follows a withdrawal, and does nothing twice', async () => {
    const first = await startDrawnDay({ ports: { pace: (_work, usual) => usual } });
    const { directory } = first;
    const reader = await first.signIn();
    const row = await readyForFinal(reader);
    const detail = await signReport(reader, row.taskId, { findings, impression: 'Pneumothorax.' });
    const withdrawn = await reader.call('withdrawReport', {
      params: { taskId: row.taskId },
      input: {
        commandId: crypto.randomUUID(),
        context: detail.context,
        shown: signCommand(detail, draftOf(detail, reader, '', ''), 'final').shown,
        version: 1,
        why: 'entered-in-error',
        reason: 'Signed in the wrong window.',
        rightTaskId: null,
      },
    });
    expect(withdrawn.ok ? withdrawn.value.report.state : withdrawn.error).toBe('entered-in-error');
    await first.stop({ keep: true });
    const second = await startTestHost({ directory });
    const back = await second.signIn();
    const view = await eventually('the finished withdrawal', async () => {
      const asked = await back.call('caseWithdrawal', { params: { taskId: row.taskId } });
      return asked.ok && asked.value.withdrawal?.finished === true ? asked.value.withdrawal : null;
    });
    const list = await back.call('worklist', { input: {} });
    const ofStudy = list.ok ? list.value.rows.filter((one) => one.studyUid === row.studyUid) : [];
    expect(ofStudy.map((one) => one.taskId).sort()).toEqual([row.taskId, view.againTaskId ?? ''].sort());
    const lead = await second.signIn('lead');
    const thread = await lead.call('caseMessages', { params: { taskId: row.taskId } });
    expect(thread.ok && thread.value.messages.map((one) => one.to).sort()).toEqual(['lead', 'site']);
    await second.stop();
  });
});
