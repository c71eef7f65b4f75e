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
});
