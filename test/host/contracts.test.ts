import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { openUpstreams } from '../../electron/host/upstreams.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import {
  auditEventToEvent,
  siteProfileFromFhir,
  siteProfileId,
  siteProfileToFhir,
} from '../../shared/interop/fhir/index.ts';
import { canonicalJson } from '../../shared/lib/canonical-json.ts';
import {
  startTestHost,
  type TestHost,
  type TestReader,
  testPorts,
  testSettings,
} from '../servers/overread-host/start-host.ts';
import { eventually } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

const minute = 60_000;

describe('the clock of a study, on a real host over the demo day', () => {
  let directory: string;
  let host: TestHost;
  let ann: TestReader;
  let rows: readonly WorklistRow[];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-contracts-'));
    await addPeople(directory, { ann: 'radiologist', max: 'radiologist', lou: 'lead' });
    host = await startTestHost({ directory });
    ann = await host.signIn('ann', testPassword);
    rows = await eventually(
      'studies of four sites whose clocks run',
      async () => {
        const list = await ann.call('worklist', { input: {} });
        const running = list.ok ? list.value.rows.filter((row) => row.dueAt !== null) : [];
        return new Set(running.map((row) => row.site?.id)).size >= 4 ? running : null;
      },
      110_000,
    );
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const left = (row: WorklistRow): number => ((row.dueAt ?? 0) - (row.clockStartedAt ?? 0)) / minute;
  const at = (site: string, fits: (row: WorklistRow) => boolean) =>
    rows.filter((row) => row.site?.id === site && fits(row));

  it('runs by what its own site agreed on', () => {
    const larkspur = at('site-larkspur', (row) => row.priority === 'stat' && row.modality === 'CT');
    const saltflat = at('site-saltflat', (row) => row.priority === 'urgent');
    expect(larkspur.length).toBeGreaterThan(0);
    expect(saltflat.length).toBeGreaterThan(0);
    for (const row of larkspur) expect(left(row)).toBe(20);
    for (const row of saltflat) expect(left(row)).toBe(180);
    // Office hours: eight hours of an imaging centre are never over sooner, and often only on Monday.
    for (const row of at('site-cedar-hollow', ({ priority }) => priority === 'routine'))
      expect(left(row)).toBeGreaterThanOrEqual(8 * 60);
  });

  it('that can never stop, as the site’s channels are set, is told to a lead who opens its contract, and to nobody else', async () => {
    const [row] = at('site-saltflat', () => true);
    if (row === undefined) throw new Error('no study of that site');
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const { record, close } = await openUpstreams(
      {
        ...{ settings: testSettings(directory), secret: { kind: 'key-file' }, shell: 'browser', version: '' },
        ...{ pageDirectory: null, origins: () => [], ports: testPorts() },
      },
      keys.value,
    );
    try {
      const there = await record.read('Basic', siteProfileId('site-saltflat'));
      const profile = there.ok ? siteProfileFromFhir(there.value.resource) : null;
      if (profile?.ok !== true || !there.ok) throw new Error('no profile of that site');
      const byFax = profile.value.contracts.map((one) => ({ ...one, stop: 'filed' as const, by: 'fax' as const }));
      const put = await record.put(siteProfileToFhir({ ...profile.value, contracts: byFax }), {
        ifMatch: there.value.version,
      });
      expect(put.ok).toBe(true);
    } finally {
      await close();
    }
    const params = { taskId: row.taskId };
    const lou = await host.signIn('lou', testPassword);
    const told = await eventually('what is wrong with it', async () => {
      const file = await lou.call('dispute', { params });
      return file.ok && file.value.clockFaults.length > 0 ? file.value.clockFaults : null;
    });
    expect(told).toMatchObject([{ contract: 'Saltflat emergency reads', next: expect.stringContaining('“Fax”') }]);
    const max = await host.signIn('max', testPassword);
    const his = await max.call('dispute', { params });
    expect(his.ok && his.value.clockFaults).toEqual([]);
    const upkeep = await lou.call('upkeep');
    expect(upkeep.ok && upkeep.value.clocks.map((one) => one.siteId)).toEqual(['site-saltflat']);
  });

  it('is explained on one page, exported as CSV and FHIR, and both and the printing are in the access log', async () => {
    const [row] = at('site-larkspur', ({ priority }) => priority === 'stat');
    if (row === undefined) throw new Error('no STAT study');
    const params = { taskId: row.taskId };
    const file = await ann.call('dispute', { params });
    if (!file.ok) throw new Error(file.error.message);
    expect(file.value.contract.join(' ')).toContain('Larkspur nights and days. The clock starts when the images');
    expect(file.value.lines.map((line) => line.what)).toContain('Images complete');
    for (const { time } of file.value.lines) expect(time).toMatch(/ P[SD]T$/);
    expect(JSON.stringify(file.value)).not.toContain(row.patient.name.split('^')[0]);

    const csv = await ann.call('exportDispute', { params, input: { format: 'csv' } });
    if (!csv.ok) throw new Error(csv.error.message);
    expect(csv.value.text.split('\r\n')).toHaveLength(file.value.lines.length + 2);

    const fhir = await ann.call('exportDispute', { params, input: { format: 'fhir' } });
    if (!fhir.ok) throw new Error(fhir.error.message);
    const bundle = JSON.parse(fhir.value.text) as { entry: { resource: unknown }[] };
    // Whoever holds the export can reckon the chain again, without us.
    const events = bundle.entry.map(({ resource }) => {
      const read = auditEventToEvent(resource);
      if (!read.ok) throw new Error(read.error.words);
      return read.value;
    });
    const byLine = file.value.lines.map((line) => events.find((event) => event.id === line.id));
    const chain = byLine.reduce((previous, event) => {
      const { recordedAt: _later, ...rest } = event ?? { recordedAt: null };
      return createHash('sha256')
        .update(canonicalJson({ previous, event: rest }))
        .digest('hex');
    }, '0'.repeat(64));
    expect(chain).toBe(file.value.chain);
    expect((await ann.call('printDispute', { params, input: {} })).ok).toBe(true);

    await host.stop({ keep: true });
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const audit = await openAuditLog({ directory, keyRing: keys.value, ports: testPorts() });
    if (!audit.ok) throw new Error(audit.error.message);
    const noted = (await audit.value.entries()).filter(
      ({ user, purpose }) => user === 'ann' && purpose !== 'list' && purpose !== 'sign-in',
    );
    await audit.value.close();
    expect(noted.map((one) => one.purpose).sort()).toEqual(['export', 'export', 'look', 'print']);
  });
});
