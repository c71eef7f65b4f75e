import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { calls, type WorklistRow } from '../../shared/api/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyRow,
  rowWhere,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

/** The demo day's `reader` is not qualified for mammography; the lead is unrestricted. */
describe('looking, finding and where one reads from', () => {
  let host: TestHost;
  let reader: TestReader;
  let mammogram: WorklistRow;
  beforeAll(async () => {
    host = await startDrawnDay();
    reader = await host.signIn();
    mammogram = await rowWhere(reader, 'a mammogram', (row) => row.modality === 'MG' && row.accession !== null);
  });
  afterAll(async () => {
    await host?.stop();
  });
  const look = (who: TestReader, epoch: number, lookReason?: { kind: 'consult' | 'other'; words: string }) =>
    who.call('openCase', { params: { taskId: mammogram.taskId }, input: { mode: 'look', epoch, lookReason } });

  it('the demo reader is kept from a mammogram by a true reason', () => {
    expect(mammogram.mayRead).toMatchObject({ allowed: false, reasons: [{ code: 'no-mammography' }] });
  });

  it('a look outside her own list wants a reason, and "another reason" wants words', async () => {
    const bare = await look(reader, 1);
    expect(bare.ok ? null : bare.error.code).toBe('reason-needed');
    const empty = await look(reader, 2, { kind: 'other', words: ' ' });
    expect(empty.ok ? null : empty.error.code).toBe('reason-needed');
    const given = await look(reader, 3, { kind: 'consult', words: 'Dr Okwenbury asked' });
    expect(given.ok && [given.value.mode, given.value.claim]).toEqual(['look', null]);
  });

  it('a lead and a QA reviewer look by their office', async () => {
    for (const name of ['lead', 'qa']) expect((await look(await host.signIn(name), 1)).ok, name).toBe(true);
  });

  it('a patient is found by a beginning of the name without marks, by id and by accession, with what she may do', async () => {
    const family = mammogram.patient.name.split('^')[0] ?? '';
    for (const text of [family.slice(0, 5).toLowerCase(), mammogram.patient.id ?? '', mammogram.accession ?? '']) {
      const found = await reader.call('findStudies', { input: { text } });
      if (!found.ok) throw new Error(found.error.message);
      const one = found.value.found.find((study) => study.task?.id === mammogram.taskId);
      expect(one?.task?.mayRead, text).toEqual(mammogram.mayRead);
    }
    const nothing = await reader.call('findStudies', { input: { text: 'x' } });
    expect(nothing.ok && nothing.value).toEqual({ found: [], more: 0 });
  });

  it('an earlier exam is found too, and says beside which case it opens', async () => {
    const earlier = await eventually('an earlier exam of somebody on the list', async () => {
      const rows = await reader.call('worklist', { input: {} });
      if (!rows.ok) throw new Error(rows.error.message);
      for (const row of rows.value.rows) {
        const found = await reader.call('findStudies', { input: { text: row.patient.id ?? '' } });
        const one = found.ok
          ? found.value.found.find((study) => study.task === null && study.opensWith !== null)
          : null;
        const beside = rows.value.rows.find((other) => other.taskId === one?.opensWith);
        if (one != null && beside !== undefined) return { one, beside };
      }
      return null;
    });
    const { one, beside } = earlier;
    expect([beside.patient.id, beside.patient.issuer]).toEqual([one.patient.id, one.patient.issuer]);
    expect(one.accession).not.toBe(beside.accession);
  });

  it('a place is asked for at sign-in, remembered for the account, and stands in the signature', async () => {
    const signIn = async (readingFrom?: string) => {
      const response = await fetch(`${host.url}${calls.signIn.path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ userName: 'lead', password: 'demo', window: 'test', readingFrom }),
      });
      return {
        status: response.status,
        body: (await response.json()) as { readingFrom?: string | null; code?: string },
      };
    };
    expect((await signIn()).body.readingFrom).toBe('US-CA');
    expect(await signIn('US-XX')).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect((await signIn('US-NV')).body.readingFrom).toBe('US-NV');
    expect((await signIn()).body.readingFrom).toBe('US-NV');
    const lead = await host.signIn('lead');
    const row = await readyRow(lead);
    const detail = await openForReading(lead, row.taskId);
    const draft = draftOf(detail, lead, 'No acute finding.', 'Normal.');
    const signed = await lead.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'final', 'demo'),
    });
    expect(signed.ok ? signed.value.report.versions[0]?.content.readingFrom : signed.error).toBe('US-NV');
    const verified = await lead.call('verifyReport', { params: { taskId: row.taskId } });
    expect(verified.ok && verified.value.versions.map((one) => one.verdict)).not.toContain('altered');
  });

  it('what was looked at and looked for is in the access log with the reason', async () => {
    await host.stop({ keep: true });
    const keyRing = await openKeyRing({ directory: host.directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const log = await openAuditLog({ directory: host.directory, keyRing: keyRing.value, ports: testPorts() });
    if (!log.ok) throw new Error(log.error.message);
    const entries = await log.value.entries();
    await log.value.close();
    const details = entries.map((one) => `${one.purpose}: ${one.detail}`);
    expect(details).toContain('look: Consult: a colleague or the site asked: Dr Okwenbury asked');
    expect(details.some((one) => one.startsWith('search: find any study: ') && one.endsWith(' found'))).toBe(true);
    expect(details).toContain('sign-in: reading from US-NV');
  });
});
