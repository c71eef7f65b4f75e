import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput, CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
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
import { pairOfDay, writePair } from './pair-driver.ts';

describe('a report of a reader in training, from her draft to the final of two names', () => {
  let host: TestHost;
  let resident: TestReader;
  let reader: TestReader;
  let lead: TestReader;
  beforeAll(async () => {
    host = await startDrawnDay();
    resident = await host.signIn('resident');
    reader = await host.signIn();
    lead = await host.signIn('lead');
  });
  afterAll(async () => {
    await host?.stop();
  });

  let epoch = 10;
  const open = (who: TestReader, taskId: string): Promise<CaseDetail> => {
    epoch += 1;
    return openForReading(who, taskId, epoch);
  };
  const look = async (who: TestReader, taskId: string): Promise<CaseDetail> => {
    epoch += 1;
    const looked = await who.call('openCase', { params: { taskId }, input: { mode: 'look', epoch } });
    if (!looked.ok) throw new Error(looked.error.message);
    return looked.value;
  };
  const rowOf = (who: TestReader, taskId: string, what: string, fits: (row: WorklistRow) => boolean) =>
    rowWhere(who, what, (one) => one.taskId === taskId && fits(one));
  const codeOf = (answer: { ok: boolean; error?: { code: string } }): string | null =>
    answer.ok ? null : (answer.error?.code ?? '');

  /** Claimed, written and given by the resident. */
  const give = async (findings: string, impression: string) => {
    const { taskId } = await readyForFinal(reader);
    const detail = await open(resident, taskId);
    const draft = draftOf(detail, resident, findings, impression, { revision: (detail.draft?.revision ?? 0) + 1 });
    const saved = await resident.call('saveDraft', {
      params: { taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok ? null : saved.error).toBeNull();
    const command = signCommand(detail, draft, 'final', 'demo');
    const given = await resident.call('giveToSign', { params: { taskId }, input: command });
    expect(given.ok ? given.value.report.state : given.error).toBe('draft');
    return { taskId, params: { taskId }, detail, draft, command };
  };

  it('is given with her password, waits for who may sign it, and is in no channel; the final names both everywhere', async () => {
    const { taskId } = await readyForFinal(reader);
    const params = { taskId };
    const detail = await open(resident, taskId);
    const needs = await resident.call('signRequirements', { params });
    expect(needs.ok && needs.value.issue && [needs.value.issue.final.allowed, needs.value.issue.give?.allowed]).toEqual(
      [false, true],
    );
    const draft = draftOf(detail, resident, 'No acute finding.', 'Normal.');
    const bare = signCommand(detail, draft, 'final');
    expect(codeOf(await resident.call('sign', { params, input: { ...bare, password: 'demo' } }))).toBe('forbidden');
    const fresh = await host.signIn('resident');
    expect(codeOf(await fresh.call('giveToSign', { params, input: bare }))).toBe('password-needed');
    expect(codeOf(await fresh.call('giveToSign', { params, input: { ...bare, password: 'nonsense' } }))).toBe(
      'wrong-password',
    );
    const empty = signCommand(detail, draftOf(detail, resident, '', ''), 'final', 'demo');
    expect(codeOf(await resident.call('giveToSign', { params, input: empty }))).toBe('bad-request');
    const other: CallInput<'sign'> = { ...bare, password: 'demo', shown: { ...bare.shown, accession: 'ANOTHER' } };
    expect(codeOf(await resident.call('giveToSign', { params, input: other }))).toBe('stale-case');

    const command = { ...bare, password: 'demo' };
    const [given, twice] = await Promise.all([
      resident.call('giveToSign', { params, input: command }),
      resident.call('giveToSign', { params, input: command }),
    ]);
    expect([given.ok ? null : given.error, twice.ok ? null : twice.error]).toEqual([null, null]);
    const again = await resident.call('giveToSign', { params, input: command });
    expect(again.ok ? null : again.error).toBeNull();

    const hers = await rowOf(resident, taskId, 'what she gave', (one) => one.desk?.pending !== undefined);
    expect(hers).toMatchObject({ state: 'queued', reader: null, report: null });
    expect(hers.mayRead.allowed ? [] : hers.mayRead.reasons.map((one) => one.code)).toContain('given-to-sign');
    const waits = await rowOf(reader, taskId, 'what waits for her signature', (one) => one.desk?.pending !== undefined);
    expect([waits.mayRead.allowed, waits.desk?.pending?.readerName, waits.dueAt]).toEqual([
      true,
      'Dr C. Maplethorne',
      hers.dueAt,
    ]);
    expect(codeOf(await resident.call('openCase', { params, input: { mode: 'read', epoch: 900 } }))).toBe('forbidden');
    const deliveries = await reader.call('deliveries', { params });
    expect(deliveries.ok && deliveries.value.deliveries).toEqual([]);
    const before = await reader.call('report', { params });
    expect(before.ok && before.value.report).toMatchObject({ state: 'draft', versions: [] });
    expect((await look(lead, taskId)).pending).toMatchObject({ standing: 'to-sign', opened: null, trouble: null });

    const opened = await open(reader, taskId);
    expect(opened.pending?.report?.sections.find((one) => one.code === '19005-8')?.text).toBe('Normal.');
    expect(opened.draft).toBeNull();
    const seenByHer = await look(resident, taskId);
    expect([seenByHer.pending?.standing, seenByHer.pending?.opened?.name]).toEqual(['given-opened', reader.name]);
    expect(codeOf(await resident.call('takeBack', { params }))).toBe('not-a-legal-move');

    const changed = draftOf(opened, reader, 'No acute finding.', 'Normal. No bleed.');
    const final = await reader.call('sign', { params, input: signCommand(opened, changed, 'final', 'demo') });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    const [version] = final.ok ? final.value.report.versions : [];
    expect(version?.content.signer.name).toBe(reader.name);
    expect(version?.content.dictatedBy).toEqual({
      id: resident.id,
      name: resident.name,
      npi: null,
      givenAt: waits.desk?.pending === undefined ? null : opened.pending?.report?.signedAt,
      digest: waits.desk?.pending?.digest,
      changed: true,
    });
    await eventually('the final at both receivers', async () => {
      const found = await reader.call('deliveries', { params });
      return found.ok &&
        found.value.deliveries.length === 2 &&
        found.value.deliveries.every((one) => one.state === 'filed')
        ? true
        : null;
    });
    const verified = await reader.call('verifyReport', { params });
    expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified']);

    const told = await resident.call('overreads');
    expect(told.ok && told.value.lines.map((one) => [one.taskId, one.by, one.agreement, one.changed])).toEqual([
      [taskId, reader.name, null, true],
    ]);
    const compare = await look(resident, taskId);
    expect([compare.pending?.standing, compare.pending?.digest]).toEqual([
      'signed',
      version?.content.dictatedBy?.digest,
    ]);
    expect(compare.pending?.report?.sections.find((one) => one.code === '19005-8')?.text).toBe('Normal.');
    const seen = await resident.call('overreadSeen', { params });
    expect(seen.ok && seen.value.lines).toEqual([]);
    const types = await eventually('its whole way on the timeline', async () => {
      const found = await reader.call('timeline', { params });
      const all = found.ok ? found.value.events.map((event) => event.type) : [];
      return all.includes('report.dictated.seen') ? all : null;
    });
    expect(types.filter((type) => type === 'report.givenToSign')).toHaveLength(1);
    expect(types).not.toContain('report.prelim');

    const addendum = draftOf(opened, reader, '', '', {
      kind: 'addendum',
      baseVersion: 1,
      addendum: 'Compared with the prior.',
      reason: 'Prior came.',
    });
    const appended = await reader.call('sign', { params, input: signCommand(opened, addendum, 'addendum') });
    expect(appended.ok && appended.value.report.versions.at(-1)?.content.dictatedBy).toEqual(
      version?.content.dictatedBy,
    );
  });

  it('waits on the demo day from the launch on, with its clock, for whoever may sign there', async () => {
    const waits = await rowWhere(reader, 'the report that waits', (one) => one.desk?.pending !== undefined);
    expect([waits.procedure, waits.desk?.pending?.readerName, waits.mayRead.allowed]).toEqual([
      'DX right ankle, 3 views',
      resident.name,
      true,
    ]);
    const shown = await look(lead, waits.taskId);
    expect([shown.pending?.standing, shown.pending?.trouble]).toEqual(['to-sign', null]);
    const impression = shown.pending?.report?.sections.find((one) => one.code === '19005-8');
    expect(impression?.text).toBe('Fracture of the distal right fibula.');
  });

  it('is taken back while nobody has opened it, and her draft is where it was', async () => {
    const { taskId, params } = await give('Small effusion.', 'Effusion.');
    expect(codeOf(await lead.call('takeBack', { params }))).toBe('not-a-legal-move');
    const back = await resident.call('takeBack', { params });
    expect(back.ok ? back.value.claim.reader : back.error).toBe(resident.id);
    const again = await open(resident, taskId);
    expect(again.draft?.sections['19005-8']).toBe('Effusion.');
    expect([again.claim?.fencingToken, again.pending]).toEqual([
      back.ok ? back.value.claim.fencingToken : 0,
      undefined,
    ]);
    expect(codeOf(await lead.call('sendBack', { params, input: { fencingToken: null, words: 'late' } }))).toBe(
      'not-a-legal-move',
    );
  });

  it('goes back with a reason by who holds it or by a lead, and stands first for its writer', async () => {
    const { taskId, params, draft } = await give('Fracture of the left wrist.', 'Fracture.');
    expect(codeOf(await reader.call('sendBack', { params, input: { fencingToken: null, words: 'The side.' } }))).toBe(
      'forbidden',
    );
    const opened = await open(reader, taskId);
    const fencingToken = opened.claim?.fencingToken ?? 0;
    expect(
      codeOf(await reader.call('sendBack', { params, input: { fencingToken: fencingToken - 1, words: 'The side.' } })),
    ).toBe('held-by-another');
    const sent = await reader.call('sendBack', { params, input: { fencingToken, words: 'The side is wrong.' } });
    expect(sent.ok ? null : sent.error).toBeNull();
    const row = await rowOf(resident, taskId, 'what came back', (one) => one.desk?.sentBack !== undefined);
    expect([row.mayRead.allowed, row.desk?.assigned?.reader, row.desk?.pending]).toEqual([
      true,
      resident.id,
      undefined,
    ]);
    const late = await reader.call('sign', {
      params,
      input: signCommand(opened, draftOf(opened, reader, 'Mine.', 'Mine.'), 'final', 'demo'),
    });
    expect(codeOf(late)).toBe('lease-lapsed');
    const again = await open(resident, taskId);
    expect(again.pending).toMatchObject({
      standing: 'sent-back',
      sentBack: { name: reader.name, words: 'The side is wrong.' },
    });
    expect(again.draft?.sections).toEqual(draft.sections);

    const second = await resident.call('giveToSign', {
      params,
      input: signCommand(again, draftOf(again, resident, 'Fracture of the right wrist.', 'Fracture.'), 'final'),
    });
    expect(second.ok ? null : second.error).toBeNull();
    const byLead = await lead.call('sendBack', { params, input: { fencingToken: null, words: 'Its reader is away.' } });
    expect(byLead.ok ? null : byLead.error).toBeNull();
    const timeline = await eventually('both ways back', async () => {
      const found = await resident.call('timeline', { params });
      const all = found.ok ? found.value.events.filter((event) => event.type === 'report.sentBack') : [];
      return all.length === 2 ? all : null;
    });
    expect(timeline.map((event) => event.detail).sort()).toEqual([
      'sent back to Dr C. Maplethorne: Its reader is away.',
      'sent back to Dr C. Maplethorne: The side is wrong.',
    ]);
  });

  it('keeps what its writer recommended on its way there and back: once, with its signer at last', async () => {
    const quote = 'Recommend CT of the chest in 3 months';
    const reading: CallInput<'startFollowUp'>['reading'] = {
      modalities: ['CT'],
      bodyPart: 'chest',
      exam: 'CT chest',
      interval: { earliest: null, latest: { count: 3, unit: 'month' } },
      condition: '',
    };
    const { taskId, params } = await give('A nodule of 7 mm.', `Nodule. ${quote}.`);
    const track = (who: TestReader) =>
      who.call('startFollowUp', {
        params,
        input: {
          id: `follow-up-${crypto.randomUUID()}`,
          ago: 0,
          section: '19005-8',
          quote,
          origin: 'recognised',
          reading,
        },
      });
    const linesOf = async (who: TestReader) => {
      const asked = await who.call('caseFollowUps', { params });
      return asked.ok ? asked.value.lines.map((one) => one.followUp) : [];
    };
    const boardOf = async (who: TestReader) => {
      const asked = await who.call('followUps');
      return asked.ok ? asked.value.lines.filter((one) => one.taskId === taskId) : [];
    };
    const begun = await track(resident);
    expect(begun.ok ? begun.value.lines.length : begun.error).toBe(1);
    const opened = await open(reader, taskId);
    expect(await linesOf(reader)).toMatchObject([{ quote, basis: null, ending: null }]);
    expect(codeOf(await track(reader))).toBe('not-a-legal-move');
    // Nobody has signed it: it is on no board yet, and no desk of a site hears of it.
    expect([await boardOf(resident), await boardOf(reader)]).toEqual([[], []]);

    const fencingToken = opened.claim?.fencingToken ?? 0;
    const back = await reader.call('sendBack', { params, input: { fencingToken, words: 'Say where it lies.' } });
    expect(back.ok ? null : back.error).toBeNull();
    const again = await open(resident, taskId);
    expect(await linesOf(resident)).toMatchObject([{ quote, basis: null, ending: null }]);
    expect(codeOf(await track(resident))).toBe('not-a-legal-move');
    const words = draftOf(again, resident, 'A nodule of 7 mm in the left lung.', `Nodule. ${quote}.`);
    const second = await resident.call('giveToSign', { params, input: signCommand(again, words, 'final', 'demo') });
    expect(second.ok ? null : second.error).toBeNull();

    const signs = await open(reader, taskId);
    const signed = draftOf(signs, reader, 'A nodule of 7 mm in the left lung.', `Nodule. ${quote}.`);
    const final = await reader.call('sign', { params, input: signCommand(signs, signed, 'final', 'demo') });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    const [line] = await eventually('the signed version that says it', async () => {
      const lines = await linesOf(reader);
      return lines[0]?.basis == null ? null : lines;
    });
    expect(line?.basis).toMatchObject({
      version: 1,
      digest: final.ok ? final.value.report.versions[0]?.digest : '',
      signer: { id: reader.id, name: reader.name },
    });
    for (const who of [resident, reader, lead]) expect(await boardOf(who)).toHaveLength(1);
    expect(codeOf(await track(reader))).toBe('not-a-legal-move');
  });

  it('of two exams of one patient is given, goes back and is signed as one: both or neither, whichever of them is open', async () => {
    const [head, chest] = await pairOfDay(resident);
    const both = [head, chest];
    const paramsOf = ({ taskId }: WorklistRow) => ({ taskId });
    const openBoth = async (who: TestReader, row: WorklistRow) =>
      writePair(who, await open(who, row.taskId), row === head);
    const pendingOf = (who: TestReader) =>
      eventually('one standing of both', async () => {
        const list = await who.call('worklist', { input: {} });
        const rows = both.map(({ taskId }) => (list.ok ? list.value.rows : []).find((one) => one.taskId === taskId));
        return rows.every((row) => row !== undefined) ? rows.map((row) => row?.desk?.pending) : null;
      });

    const written = await openBoth(resident, head);
    await resident.call('saveDraft', {
      params: paramsOf(head),
      input: { context: written.detail.context, draft: written.draft as never },
    });
    const given = await resident.call('giveToSign', { params: paramsOf(head), input: written.command() });
    expect(given.ok ? given.value.report.state : given.error).toBe('draft');
    const [one, other] = await pendingOf(resident);
    expect([one?.together, new Set(one?.together)]).toEqual([other?.together, new Set([head.taskId, chest.taskId])]);
    expect([one?.press, one?.digest]).not.toEqual([undefined, other?.digest]);

    // Taken back by its writer from the exam that she did not press, before anybody has opened it: both are hers again.
    const back = await resident.call('takeBack', { params: paramsOf(chest) });
    expect(back.ok ? back.value.claim.reader : back.error).toBe(resident.id);
    expect(await pendingOf(resident)).toEqual([undefined, undefined]);
    const again = await openBoth(resident, head);
    expect(again.detail.draft?.together).toEqual(written.draft.together);
    const tracked = {
      ...{ id: 'follow-up-of-the-pair', ago: 0, section: '19005-8', quote: 'Recommend CT of the chest in 1 year' },
      ...{ origin: 'chosen' as const },
      reading: {
        modalities: ['CT' as const],
        bodyPart: 'chest' as const,
        exam: 'CT chest',
        interval: null,
        condition: '',
      },
    };
    const track = (who: TestReader, row: WorklistRow, id = tracked.id) =>
      who.call('startFollowUp', { params: paramsOf(row), input: { ...tracked, id } });
    expect((await track(resident, head)).ok).toBe(true);
    const second = await resident.call('giveToSign', { params: paramsOf(head), input: again.command() });
    expect(second.ok ? null : second.error).toBeNull();

    // The signer opens the other one. She sees what it is for, and signs neither of them alone.
    const opened = await openBoth(reader, chest);
    expect([opened.detail.pending?.trouble, opened.detail.pending?.report?.together?.exams.length]).toEqual([null, 2]);
    // What was recommended at the one is there at the other, and is not begun a second time.
    const there = await reader.call('caseFollowUps', { params: paramsOf(chest) });
    expect(there.ok && there.value.lines.map((line) => [line.followUp.id, line.taskId])).toEqual([
      [tracked.id, head.taskId],
    ]);
    expect(codeOf(await track(reader, chest, 'follow-up-again'))).toBe('not-a-legal-move');
    const half = await reader.call('sign', { params: paramsOf(chest), input: opened.alone });
    expect(half.ok ? null : [half.error.code, half.error.message]).toEqual([
      'not-a-legal-move',
      `It was given as one report with ${head.procedure}, ${head.accession}. Sign for all of them, or send it back to ${resident.name}. Nothing was signed; your words are kept.`,
    ]);
    const fencingToken = opened.detail.claim?.fencingToken ?? 0;
    const sent = await reader.call('sendBack', {
      params: paramsOf(chest),
      input: { fencingToken, words: 'The rib again.' },
    });
    expect(sent.ok ? null : sent.error).toBeNull();
    for (const { taskId } of both) {
      const row = await rowOf(resident, taskId, 'what came back', (found) => found.desk?.sentBack !== undefined);
      expect([row.desk?.pending, row.desk?.assigned?.reader, row.reader]).toEqual([undefined, resident.id, null]);
    }

    const third = await openBoth(resident, head);
    expect([third.detail.pending?.standing, third.detail.draft?.together]).toEqual([
      'sent-back',
      written.draft.together,
    ]);
    expect((await resident.call('giveToSign', { params: paramsOf(head), input: third.command() })).ok).toBe(true);
    const [last, lastOther] = await pendingOf(reader);
    const signs = await openBoth(reader, chest);
    const final = await reader.call('sign', { params: paramsOf(chest), input: signs.command() });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    for (const [row, pending] of [
      [head, last],
      [chest, lastOther],
    ] as const) {
      const version = await eventually('its final', async () => {
        const found = await reader.call('report', { params: paramsOf(row) });
        return found.ok && found.value.report.state === 'final' ? found.value.report.versions.at(-1) : null;
      });
      expect(version?.content).toMatchObject({
        taskId: row.taskId,
        accession: row.accession,
        dictatedBy: { id: resident.id, digest: pending?.digest, changed: false },
      });
      const told = await eventually('what was told of it', async () => {
        const found = await reader.call('timeline', { params: paramsOf(row) });
        const types = (found.ok ? found.value.events : []).map((event) => event.type);
        return types.filter((type) => type === 'report.givenToSign').length === 3 ? types : null;
      });
      const count = (wanted: string): number => told.filter((type) => type === wanted).length;
      expect([count('report.takenBack'), count('report.sentBack')]).toEqual([1, 1]);
    }
  });

  it('is not for who may sign herself, and next study offers it to who may sign and never to its writer', async () => {
    const own = await readyForFinal(reader);
    const detail = await open(reader, own.taskId);
    const command = signCommand(detail, draftOf(detail, reader, 'Clear.', 'Normal.'), 'final', 'demo');
    const refused = await reader.call('giveToSign', { params: { taskId: own.taskId }, input: command });
    expect(refused.ok ? null : [refused.error.code, refused.error.message]).toEqual([
      'forbidden',
      'You may sign it yourself. Your words are kept in the draft.',
    ]);
    await reader.call('releaseClaim', {
      params: { taskId: own.taskId },
      input: { fencingToken: detail.claim?.fencingToken ?? 0, reason: '' },
    });

    const { taskId } = await give('Clear.', 'Normal.');
    const offered = new Set<string>();
    for (;;) {
      const next = await resident.call('nextStudy', { input: { justRead: [] } });
      if (!next.ok || next.value.found === null) break;
      offered.add(next.value.found.taskId);
      expect(next.value.words).not.toContain('waits here for your signature');
    }
    expect(offered.has(taskId)).toBe(false);
    // What came to the list meanwhile may stand before it.
    for (;;) {
      const next = await reader.call('nextStudy', { input: { justRead: [] } });
      if (!next.ok || next.value.found === null) throw new Error('what waits for her signature was never offered');
      const ours = next.value.found.taskId === taskId;
      const says = next.value.words.includes('The report of Dr C. Maplethorne waits here for your signature.');
      // The day has one of its own that waits.
      if (ours) expect(says).toBe(true);
      if (ours) break;
    }
  });

  it('is counted for its writer alone: how many were signed and how much of them was changed', async () => {
    const figuresOf = async (who: TestReader) => {
      const asked = await who.call('dictatedFigures');
      if (!asked.ok) throw new Error(asked.error.message);
      return asked.value;
    };
    const { all, byModality, byMonth, waiting } = await figuresOf(resident);
    // One with other words, one as it was given, and one over two exams, which is one report.
    expect([all.signed, all.unchanged, all.small + all.large, all.unknown]).toEqual([3, 2, 1, 0]);
    for (const table of [byModality, byMonth]) expect(table.reduce((sum, row) => sum + row.signed, 0)).toBe(3);
    const list = await resident.call('worklist', { input: {} });
    const given = (list.ok ? list.value.rows : []).filter((row) => row.desk?.pending?.reader === resident.id);
    expect([given.length > 0, waiting]).toEqual([true, given.length]);
    for (const who of [reader, lead]) expect((await figuresOf(who)).all.signed).toBe(0);
    expect(codeOf(await (await host.signIn('qa')).call('dictatedFigures'))).toBe('forbidden');
  });
});
