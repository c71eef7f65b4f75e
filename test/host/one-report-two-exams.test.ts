import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CallInput,
  type CaseDetail,
  caseHeaders,
  type LinkedExam,
  type WorklistRow,
} from '../../shared/api/index.ts';
import type { Delivery } from '../../shared/domain/delivery/index.ts';
import type { Draft, DraftExam } from '../../shared/domain/report/index.ts';
import { type DicomJson, items, tags, text } from '../../shared/interop/dicom-json/index.ts';
import { srContentTree } from '../../shared/interop/dicom-sr/index.ts';
import { type Hl7Receiver, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { draftOf, eventually, openForReading, signCommand } from './case-driver.ts';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

describe('one report over two exams of one patient, from the claim to every channel', () => {
  let host: TestHost;
  let receiver: Hl7Receiver;
  let reader: TestReader;
  let head: WorklistRow;
  let chest: WorklistRow;
  let detail: CaseDetail;
  let other: LinkedExam;
  beforeAll(async () => {
    receiver = await startHl7Receiver();
    host = await startDrawnDay({
      ports: { pace: quickPace() },
      settings: {
        hl7: [
          {
            siteId: 'site-cedar-hollow',
            host: '127.0.0.1',
            port: receiver.port,
            receivingApplication: 'RIS',
            receivingFacility: 'CEDAR',
          },
        ] as never,
      },
    });
    reader = await host.signIn();
    [head, chest] = await eventually('the two exams with their images', pair, 230_000);
    detail = await openForReading(reader, head.taskId);
    const claimed = await reader.call('claimLinked', {
      params: { taskId: head.taskId },
      input: { fencingToken: detail.claim?.fencingToken ?? 0 },
    });
    if (!claimed.ok) throw new Error(claimed.error.message);
    const [linked] = claimed.value.exams;
    if (linked === undefined) throw new Error('nothing goes with it');
    other = linked;
  }, 420_000);
  afterAll(async () => {
    await host?.stop();
    await receiver?.stop();
  });

  const rows = async (): Promise<readonly WorklistRow[]> => {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok) throw new Error(list.error.message);
    return list.value.rows;
  };
  const pair = async (): Promise<[WorklistRow, WorklistRow] | null> => {
    const found = (await rows()).filter(
      (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present === row.images.expected,
    );
    const one = found.find((row) => row.bodyPart === 'HEAD' || /head/i.test(row.procedure));
    const two = found.find((row) => row !== one);
    return one?.linked === undefined || two?.linked === undefined ? null : [one, two];
  };
  const examOf = (texts: Partial<DraftExam['texts']> = {}): DraftExam => ({
    taskId: other.context.taskId,
    studyUid: other.context.studyUid ?? '',
    accession: other.context.accession,
    exam: other.exam,
    studyDate: other.studyDate,
    texts: { '55111-9': other.technique, '59776-5': 'No rib fracture.', '19005-8': 'Normal chest.', ...texts },
  });
  const draft = (more: Partial<Draft> = {}): Draft =>
    draftOf(detail, reader, 'No haemorrhage.', 'Normal head.', { together: [examOf()], ...more });
  const command = (
    kind: CallInput<'sign'>['kind'],
    words: Draft,
    change: Partial<NonNullable<CallInput<'sign'>['together']>[number]> = {},
  ): CallInput<'sign'> => ({
    ...signCommand(detail, words, kind, 'demo'),
    together: [
      {
        context: other.context,
        exam: other.exam,
        fencingToken: kind === 'addendum' || kind === 'correction' ? null : other.fencingToken,
        ...change,
      },
    ],
  });
  const sign = (input: CallInput<'sign'>) => reader.call('sign', { params: { taskId: input.draft.taskId }, input });
  const refused = async (input: CallInput<'sign'>): Promise<{ code: string; message: string }> => {
    const answered = await sign(input);
    if (answered.ok) throw new Error('it was signed');
    return answered.error;
  };
  const reportOf = async (row: WorklistRow) => {
    const found = await reader.call('report', { params: { taskId: row.taskId } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value.report;
  };
  const delivered = (row: WorklistRow, count: number): Promise<readonly Delivery[]> =>
    eventually(`${count} deliveries of ${row.accession}`, async () => {
      const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
      const done = (one: Delivery): boolean => one.state === (one.channel === 'hl7' ? 'accepted' : 'filed');
      return found.ok && found.value.deliveries.length === count && found.value.deliveries.every(done)
        ? found.value.deliveries
        : null;
    });
  const ofCase = (): Record<string, string> => ({
    [caseHeaders.task]: detail.context.taskId,
    [caseHeaders.epoch]: String(detail.context.epoch),
  });
  const srOf = async (row: WorklistRow): Promise<{ json: DicomJson; path: string }> => {
    const path = `/dicomweb/${row.archive}/studies/${row.studyUid}`;
    const answered = await reader.fetch(`${path}/metadata`, ofCase());
    const all = (await answered.json()) as DicomJson[];
    const json = all.filter((one) => text(one, tags.Modality) === 'SR').at(-1);
    if (json === undefined) throw new Error('no SR in the archive');
    return { json, path };
  };

  it('keeps the words of both in the draft of the open one', async () => {
    const words = draft();
    const saved = await reader.call('saveDraft', {
      params: { taskId: head.taskId },
      input: { context: detail.context, draft: words as never },
    });
    expect(saved).toMatchObject({ ok: true });
    const kept = await reader.call('readDraft', { params: { taskId: head.taskId } });
    expect(kept).toMatchObject({ ok: true, value: { draft: { together: words.together } } });
  });

  it('is not signed while one exam lacks a part, and the refusal names the exam and the part', async () => {
    const lacking = draft({ together: [examOf({ '19005-8': ' ', '59776-5': '' })] });
    const { code, message } = await refused(command('final', lacking));
    expect(code).toBe('bad-request');
    expect(message).toContain(`accession ${chest.accession}`);
    expect(message).toContain('lacks Findings and Impression.');
    const own = draft();
    const without = { ...own, sections: { ...own.sections, '19005-8': '' } };
    expect((await refused(command('final', without))).message).toContain(`accession ${head.accession}`);
  });

  it('is not signed for an exam that is not what the dialog showed, not hers, or not named to the host', async () => {
    expect((await refused(command('final', draft(), { exam: 'CT knee' }))).code).toBe('stale-case');
    const elsewhere = { ...other.context, studyUid: head.studyUid };
    expect((await refused(command('final', draft(), { context: elsewhere }))).code).toBe('stale-case');
    const lost = await refused(command('final', draft(), { fencingToken: 77 }));
    expect(lost).toMatchObject({ code: 'held-by-another', message: expect.stringContaining(chest.accession ?? '') });
    const { together: _together, ...unnamed } = command('final', draft());
    expect((await refused(unnamed)).code).toBe('stale-case');
    // Another patient's exam under the same press.
    const stranger = (await rows()).find(
      (row) =>
        row.link === 'order-and-images' &&
        row.identity === 'same' &&
        row.desk?.pending === undefined &&
        row.state === 'queued',
    );
    if (stranger === undefined) throw new Error('no other patient');
    const theirs = await openForReading(reader, stranger.taskId, 9);
    const { epoch: _epoch, ...context } = theirs.context;
    const exam = {
      ...examOf(),
      taskId: context.taskId,
      studyUid: context.studyUid ?? '',
      accession: context.accession,
    };
    const mixed = command('final', draft({ together: [exam] }), {
      context,
      exam: theirs.order?.procedure.display ?? '',
      fencingToken: theirs.claim?.fencingToken ?? null,
    });
    const never = await refused(mixed);
    expect(never.message).toContain('cannot be one report');
    for (const row of [head, chest]) expect((await reportOf(row)).versions).toEqual([]);
  });

  it('is signed once, final under each accession, and every channel files it under each', async () => {
    const input = command('final', draft());
    const answered = await sign(input);
    expect(answered.ok ? answered.value.report.state : answered.error).toBe('final');
    expect(await sign(input)).toMatchObject({ ok: true, value: { report: { state: 'final' } } });
    const reports = await eventually('both final', async () => {
      const found = [await reportOf(head), await reportOf(chest)];
      return found.every((one) => one.state === 'final') ? found : null;
    });
    const [one, two] = reports.map((report) => report.versions[0]?.content);
    expect(one?.together).toEqual(two?.together);
    expect(one?.sections).toEqual(two?.sections);
    expect(one?.together?.exams.map((exam) => exam.accession)).toEqual([head.accession, chest.accession]);
    expect(one?.together?.exams.map((exam) => exam.instances.length)).toEqual([
      head.images.present,
      chest.images.present,
    ]);
    for (const row of [head, chest]) {
      await delivered(row, 3);
      const listed = (await rows()).find((now) => now.taskId === row.taskId);
      expect(listed).toMatchObject({ state: 'completed', report: 'final' });
      expect(listed?.linked).toBeUndefined();
      const verified = await reader.call('verifyReport', { params: { taskId: row.taskId } });
      expect(verified.ok && verified.value.versions.map((version) => version.verdict)).toEqual(['verified']);
      const times = await reader.call('timeline', { params: { taskId: row.taskId } });
      const types = times.ok ? times.value.events.map((event) => event.type) : [];
      expect(types.filter((type) => type === 'report.final')).toHaveLength(1);
      expect(types.filter((type) => type === 'report.signed')).toHaveLength(1);
    }
  });

  it('HL7: one message under each accession, and each says whose words are whose', () => {
    const sent = receiver.messages.map((message) => /^OBR\|(.*)$/m.exec(message.replace(/\r/g, '\n'))?.[1] ?? '');
    expect(sent.map((obr) => obr.split('|')[17]).sort()).toEqual([head.accession, chest.accession].sort());
    for (const message of receiver.messages) {
      const words = message.replace(/\r/g, '\n');
      expect(words.indexOf(`accession ${head.accession}`)).toBeGreaterThan(0);
      expect(words.indexOf('No haemorrhage.')).toBeLessThan(words.indexOf('No rib fracture.'));
      const order = [
        `accession ${head.accession}`,
        'No haemorrhage.',
        `accession ${chest.accession}`,
        'No rib fracture.',
      ];
      const places = order.map((part) => words.indexOf(part));
      expect(places).toEqual([...places].sort((left, right) => left - right));
    }
  });

  it('SR: the same document in each study, each names the other, both orders and all images', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'overread-together-'));
    try {
      const documents = await Promise.all([srOf(head), srOf(chest)]);
      const uids = documents.map(({ json }) => text(json, tags.SOPInstanceUID));
      for (const [place, { json, path }] of documents.entries()) {
        const orders = items(json, tags.ReferencedRequestSequence);
        expect(orders.map((order) => text(order, tags.AccessionNumber))).toEqual([head.accession, chest.accession]);
        const [identical] = items(json, tags.IdenticalDocumentsSequence);
        const [series] = items(identical ?? {}, tags.ReferencedSeriesSequence);
        expect(text(items(series ?? {}, tags.ReferencedSOPSequence)[0] ?? {}, tags.ReferencedSOPInstanceUID)).toBe(
          uids[1 - place],
        );
        expect(items(json, tags.CurrentRequestedProcedureEvidenceSequence)).toHaveLength(2);
        expect(srContentTree(json)).toEqual(srContentTree(documents[0]?.json ?? {}));
        const stored = await reader.fetch(
          `${path}/series/${text(json, tags.SeriesInstanceUID)}/instances/${text(json, tags.SOPInstanceUID)}`,
          {
            Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
            ...ofCase(),
          },
        );
        const whole = new Uint8Array(await stored.arrayBuffer());
        const from = Buffer.from(whole).indexOf('DICM') - 128;
        const to = Buffer.from(whole).lastIndexOf('\r\n--');
        const file = join(folder, `sr-${place}.dcm`);
        await writeFile(file, whole.slice(from, to));
        if (has('dsrdump')) {
          const dumped = spawnSync('dsrdump', ['+U8', '+Pl', file], { encoding: 'utf8' });
          expect(dumped.stderr.replace(/^W:.*$/gm, '').trim()).toBe('');
          for (const words of ['No haemorrhage.', 'No rib fracture.']) expect(dumped.stdout).toContain(words);
        } else console.log('skipped: dsrdump is not installed (apt install dcmtk)');
        if (has('dciodvfy')) {
          const checked = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
          const lines = `${checked.stdout}${checked.stderr}`.split('\n');
          expect(lines.filter((line) => line.startsWith('Error'))).toEqual([]);
        } else console.log('skipped: dciodvfy is not installed (apt install dicom3tools)');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('an addendum from either exam is filed under both, and a correction must say both again', async () => {
    const from = await openForReading(reader, chest.taskId, 3);
    const headContext = detail.context;
    const { epoch: _epoch, ...context } = headContext;
    const withHead = [{ context, exam: detail.order?.procedure.display ?? '', fencingToken: null }];
    const addendum = {
      ...signCommand(
        from,
        draftOf(from, reader, '', '', {
          kind: 'addendum',
          baseVersion: 1,
          addendum: 'Old rib fracture.',
          reason: 'Missed',
        }),
        'addendum',
        'demo',
      ),
      fencingToken: null,
    };
    expect((await refused(addendum)).code).toBe('stale-case');
    const signed = await sign({ ...addendum, together: withHead });
    expect(signed.ok ? signed.value.report.state : signed.error).toBe('appended');
    for (const row of [head, chest]) {
      await delivered(row, 6);
      const report = await eventually('appended', async () => {
        const now = await reportOf(row);
        return now.state === 'appended' ? now : null;
      });
      const { sections } = report.versions.at(-1)?.content ?? { sections: [] };
      expect(sections.map((section) => section.text)).toEqual(
        expect.arrayContaining(['No haemorrhage.', 'No rib fracture.', 'Old rib fracture.']),
      );
    }
    const later = { kind: 'correction', baseVersion: 2, reason: 'Wrong word' } as const;
    const alone = { ...draft(later), together: [] };
    expect((await refused({ ...command('correction', alone), fencingToken: null })).message).toContain(
      'all of them again',
    );
    const corrected = draft({ ...later, together: [examOf({ '19005-8': 'Old rib fracture, else normal.' })] });
    const done = await sign({ ...command('correction', corrected), fencingToken: null });
    expect(done.ok ? done.value.report.state : done.error).toBe('corrected');
    for (const row of [head, chest]) {
      await delivered(row, 9);
      const verified = await reader.call('verifyReport', { params: { taskId: row.taskId } });
      expect(verified.ok && verified.value.versions.map((version) => version.verdict)).toEqual([
        'verified',
        'verified',
        'verified',
      ]);
    }
  });

  it('is withdrawn under both as one, from either, and each exam is on the list again', async () => {
    const withdrawn = await reader.call('withdrawReport', {
      params: { taskId: head.taskId },
      input: {
        commandId: crypto.randomUUID(),
        context: detail.context,
        shown: signCommand(detail, draft(), 'final').shown,
        version: 3,
        why: 'entered-in-error',
        reason: 'Both were another patient’s.',
        rightTaskId: null,
      },
    });
    expect(withdrawn.ok ? withdrawn.value.report.state : withdrawn.error).toBe('entered-in-error');
    for (const row of [head, chest]) {
      await delivered(row, 12);
      const finished = await eventually(`the withdrawal of ${row.accession}`, async () => {
        const asked = await reader.call('caseWithdrawal', { params: { taskId: row.taskId } });
        return asked.ok && asked.value.withdrawal?.finished === true ? asked.value.withdrawal : null;
      });
      const anew = (await rows()).find((one) => one.taskId === finished.againTaskId);
      expect([anew?.accession, anew?.state]).toEqual([row.accession, 'queued']);
      const words = (await reportOf(row)).versions.at(-1)?.content.sections.map((section) => section.text) ?? [];
      expect(words.join(' ')).not.toMatch(/haemorrhage|rib/i);
    }
  });
});
