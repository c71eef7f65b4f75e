import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { message, pid } from '../builders/hl7-messages.ts';
import { freePort } from '../servers/free-port.ts';
import { connectMllp } from '../servers/mllp-sender.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyRow,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

const siteIds = ['site-larkspur', 'site-saltflat', 'site-cedar-hollow', 'site-quillback', 'site-pinemark'] as const;

/** A segment from its fields by number. */
function segment(name: string, fields: { readonly [field: number]: string | null }): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_one, index) => fields[index + 1] ?? '')].join('|');
}

describe('what a site sends about a study that is being read, or was', { timeout: 180_000 }, () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  const ports = new Map<string, number>();
  beforeAll(async () => {
    for (const siteId of siteIds) ports.set(siteId, await freePort());
    host = await startTestHost({
      settings: {
        hl7Listen: [...ports].map(([siteId, port]) => ({
          host: '127.0.0.1',
          port,
          siteId,
          zone: null,
          characterSet: null,
          accession: 'auto' as const,
        })),
      },
    });
    reader = await host.signIn();
    lead = await host.signIn('lead');
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
  });

  /** The identity of a row as its site's own system would write it. */
  const person = (row: WorklistRow): string => {
    const { id, issuer, name, birthDate, sex } = row.patient;
    const [family = '', given = '', middle = ''] = (name.split('=')[0] ?? '').split('^');
    return `PID|1||${id}^^^${issuer ?? ''}^MR||${family}^${given}^${middle}||${birthDate ?? ''}|${sex ?? ''}`;
  };
  const send = async (row: WorklistRow, text: string) => {
    const sender = await connectMllp(ports.get(row.site?.id ?? '') ?? 0);
    const ack = await sender.send(text);
    sender.close();
    return ack;
  };
  const sign = async (row: WorklistRow, kind: 'preliminary' | 'final', password?: string): Promise<void> => {
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, 'No acute finding.', 'No fracture.');
    await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    const signed = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, kind, password),
    });
    expect(signed.ok ? signed.value.report.state : signed.error).toBe(kind);
  };
  const events = async (row: WorklistRow, type: string) => {
    const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
    return timeline.ok ? timeline.value.events.filter((event) => event.type === type) : [];
  };

  it('sets the site’s own final beside our preliminary', async () => {
    const row = await readyRow(reader);
    await sign(row, 'preliminary', 'demo');
    const ack = await send(
      row,
      message({
        controlId: 'R1',
        type: 'ORU^R01',
        segments: [
          person(row),
          segment('OBR', {
            1: '1',
            3: row.accession,
            4: `CT^${row.procedure}`,
            22: '20260308060000-0700',
            25: 'F',
            32: '&SITE&READER',
          }),
          'OBX|1|TX|&GDT||Undisplaced fracture of the third rib.||||||F',
          'OBX|2|TX|&IMP||Rib fracture.||||||F',
        ],
      }),
    );
    expect(ack).toMatchObject({ code: 'AA', words: expect.stringContaining('set beside our preliminary') });
    const found = await reader.call('siteReports', { params: { taskId: row.taskId } });
    expect(found.ok && found.value.reports).toMatchObject([
      { status: 'final', by: 'SITE, READER', sections: [{ text: expect.stringContaining('third rib') }] },
    ]);
    expect(await events(row, 'site.report')).toHaveLength(1);
    // Ours stands as it was signed.
    const report = await reader.call('report', { params: { taskId: row.taskId } });
    expect(report.ok && report.value.report.state).toBe('preliminary');
    // She is told before she signs what would come of it, and the release then does as she was told.
    const asked = await reader.call('signRequirements', { params: { taskId: row.taskId } });
    expect(asked.ok && asked.value.rival?.words).toMatch(/^A final report.* for this order is in the record already/);
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, 'No acute finding.', 'Rib fracture.', { baseVersion: 1 });
    const signed = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'final'),
    });
    expect(signed.ok && signed.value.report).toMatchObject({
      state: 'preliminary',
      versions: [{ returned: null }, { returned: expect.stringMatching(/^Another final report/) }],
    });
    const free = await readyRow(reader);
    const none = await reader.call('signRequirements', { params: { taskId: free.taskId } });
    expect(none.ok && none.value.rival).toBe(null);
  });

  it('never moves a signed report with a merge: a person is told, and says what was done', async () => {
    const row = await readyRow(reader);
    await sign(row, 'final');
    const { id, issuer } = row.patient;
    const ack = await send(
      row,
      message({
        controlId: 'R2',
        type: 'ADT^A40',
        segments: [pid('SURVIVOR9', 'SURVIVOR^ONE'), `MRG|${id}^^^${issuer ?? ''}^MR`],
      }),
    );
    expect(ack.code).toBe('AA');
    const after = await reader.call('openCase', { params: { taskId: row.taskId }, input: { mode: 'look', epoch: 7 } });
    expect(after.ok && after.value.order?.patient.id).toBe(id);
    expect((await events(row, 'identity.changed'))[0]?.detail).toContain('left under the old number');

    expect((await reader.call('intakeProblems')).ok).toBe(false);
    const problems = await lead.call('intakeProblems');
    const [problem] = problems.ok ? problems.value.problems : [];
    expect(problem).toMatchObject({
      words: expect.stringContaining('with a signed report'),
      nextStep: expect.stringContaining('its signer issues a correction'),
      taskIds: expect.arrayContaining([row.taskId]),
      lines: expect.arrayContaining([expect.stringMatching(/^MRG\|/)]),
    });
    const closed = await lead.call('closeIntakeProblem', {
      params: { key: problem?.key ?? '' },
      input: { words: 'Site phoned; the report is of the survivor.' },
    });
    expect(closed.ok).toBe(true);
    const left = await lead.call('intakeProblems');
    expect(left.ok && left.value.problems).toEqual([]);
  });

  it('refuses to cancel an order whose report is signed', async () => {
    const row = await eventually('the reported row', async () => {
      const list = await reader.call('worklist');
      return list.ok ? (list.value.rows.find((one) => one.state === 'completed' && one.site !== null) ?? null) : null;
    });
    const ack = await send(
      row,
      message({ controlId: 'R3', segments: [person(row), `ORC|CA||${row.accession}`, `OBR|1||${row.accession}|X^X`] }),
    );
    expect(ack).toMatchObject({ code: 'AE' });
  });

  it('takes an order that is cancelled off the list, and its open critical result goes on naming its patient', async () => {
    const row = await readyRow(reader);
    const begun = await reader.call('startCritical', {
      params: { taskId: row.taskId },
      input: { id: `critical-${row.taskId}`, ago: 0, level: 2, finding: 'Free air.', origin: 'key' },
    });
    expect(begun.ok).toBe(true);
    const ack = await send(
      row,
      message({ controlId: 'R5', segments: [person(row), `ORC|CA||${row.accession}`, `OBR|1||${row.accession}|X^X`] }),
    );
    expect(ack.code).toBe('AA');
    await eventually('the cancelled row off the list', async () => {
      const list = await lead.call('worklist');
      return list.ok && list.value.rows.every((one) => one.taskId !== row.taskId) ? true : null;
    });
    const board = await lead.call('criticalResults');
    expect(board.ok && board.value.lines.find((one) => one.taskId === row.taskId)).toMatchObject({
      patient: row.patient,
      accession: row.accession,
    });
  });

  it('shows the message beside what was understood and what the images say, each mismatch marked', async () => {
    const row = await readyRow(reader);
    const ack = await send(
      row,
      message({
        controlId: 'R4',
        segments: [
          person(row),
          `ORC|XO||${row.accession}||SC||^^^^^WHENEVER`,
          segment('OBR', {
            1: '1',
            3: row.accession,
            4: `X1^${row.procedure}`,
            24: 'XA',
            31: '^Worse \\T\\ pain',
          }),
        ],
      }),
    );
    expect(ack.code).toBe('AA');
    const view = await reader.call('receivedMessages', { params: { taskId: row.taskId } });
    const [shown] = view.ok ? view.value.messages : [];
    expect(shown).toMatchObject({ answer: 'AA', lines: expect.arrayContaining([expect.stringMatching(/^ORC\|XO/)]) });
    const fact = (name: string) => shown?.rows.find((one) => one.name === name);
    expect(fact('Reason')).toMatchObject({ place: 'OBR-31', understood: 'Worse & pain', mismatch: null });
    expect(fact('Priority')?.mismatch).toContain('was not understood');
    expect(fact('Modality')?.mismatch).toMatch(/the order says XA, the images are/);
    expect(fact('Patient ID')).toMatchObject({ understood: row.patient.id, mismatch: null });
  });

  it('keeps a report that came as a PDF alone, gives its bytes as they came to this case only, and refuses what is no PDF', async () => {
    const row = await readyRow(reader);
    const pdf = Buffer.from('%PDF-1.4\n<script>alert(1)</script>\n%%EOF').toString('base64');
    const report = (controlId: string, value: string) =>
      send(
        row,
        message({
          controlId,
          type: 'ORU^R01',
          segments: [
            person(row),
            segment('OBR', { 1: '1', 3: row.accession, 4: `CT^${row.procedure}`, 22: '20260308060000-0700', 25: 'F' }),
            `OBX|1|ED|PDF^Report||${value}||||||F`,
          ],
        }),
      );
    const bad = await report('D1', `^application^pdf^Base64^${Buffer.from('MZ not a pdf').toString('base64')}`);
    expect(bad).toMatchObject({ code: 'AE', words: expect.stringContaining('a document that is no PDF') });
    const huge = await report('D2', `^application^pdf^Base64^JVBERi0${'A'.repeat(1_500_001)}`);
    expect(huge).toMatchObject({ code: 'AE', words: expect.stringContaining('larger than 1.1 MB') });
    expect(await report('D3', `^application^pdf^Base64^${pdf}`)).toMatchObject({ code: 'AA' });
    const found = await reader.call('siteReports', { params: { taskId: row.taskId } });
    const [own] = found.ok ? found.value.reports : [];
    expect(own).toMatchObject({ hasPdf: true, sections: [{ text: expect.stringContaining('came as a PDF') }] });
    const ask = (taskId: string) =>
      reader.call('reportDocument', { params: { taskId, reportId: own?.id ?? '' }, input: undefined as never });
    const given = await ask(row.taskId);
    expect(given.ok && given.value.data).toBe(pdf);
    const list = await reader.call('worklist', { input: {} });
    const other = list.ok
      ? list.value.rows.find((one) => one.taskId !== row.taskId && one.patient.id !== row.patient.id)
      : null;
    expect(await ask(other?.taskId ?? '')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
