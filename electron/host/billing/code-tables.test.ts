import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookUpDiagnosis } from '../../../shared/domain/billing/index.ts';
import { sharedData } from '../../../test/servers/shared-data.ts';
import { addTable, openCodeTables } from './code-tables.ts';

const real = join(sharedData, 'codes', 'icd10cm-2019.csv.gz');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('tables of codes in the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-tables-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are there after a load, several editions beside each other, and a new one is seen without a restart', async () => {
    const tables = await openCodeTables(folder);
    expect(tables.list()).toEqual([]);
    await addTable(folder, 'icd10cm', bytes('code,billable\nR05,TRUE\n'), '20201001');
    await addTable(folder, 'icd10cm', bytes('code,billable\nR05,FALSE\nR051,TRUE\n'), '20211001');
    expect(await tables.refresh()).toBe(true);
    expect(await tables.refresh()).toBe(false);
    expect(tables.list()).toEqual([
      { kind: 'icd10cm', validFrom: '20201001', codes: 1 },
      { kind: 'icd10cm', validFrom: '20211001', codes: 2 },
    ]);
    const on = (day: string) => lookUpDiagnosis(tables.diagnoses(), 'R05', day);
    expect(on('20210930')).toMatchObject({ kind: 'found', entry: 'billable' });
    expect(on('20211001')).toMatchObject({ kind: 'found', entry: 'heading' });
    expect((await readdir(join(folder, 'tables'))).some((name) => name.endsWith('.part'))).toBe(false);
  });

  it('answer procedure codes by the day', async () => {
    await addTable(folder, 'procedure', bytes('code,modality\nX1,CT\n'), '20250101');
    await addTable(folder, 'procedure', bytes('code,modality\nX1,MR\n'), '20260101');
    const tables = await openCodeTables(folder);
    expect(tables.procedure('x1', '20251231')?.modality).toBe('CT');
    expect(tables.procedure('X1', null)?.modality).toBe('MR');
    expect(tables.procedure('X2', null)).toBe(null);
    expect(tables.procedure('X1', '20240101')).toBe(null);
  });

  it('refuse what is none and leave what was there', async () => {
    await addTable(folder, 'icd10cm', bytes('code,billable\nR05,TRUE\n'), '20201001');
    const refused = await addTable(folder, 'icd10cm', bytes('<html></html>'), '20201001');
    expect(refused.ok).toBe(false);
    const packed = await addTable(folder, 'icd10cm', new Uint8Array([0x1f, 0x8b, 1, 2, 3]), '20201001');
    expect(packed.ok).toBe(false);
    expect((await openCodeTables(folder)).list()).toEqual([{ kind: 'icd10cm', validFrom: '20201001', codes: 1 }]);
  });

  it.skipIf(!existsSync(real))('hold a whole real edition (FY2019), packed, and find in it what is there', async () => {
    const added = await addTable(folder, 'icd10cm', await readFile(real), '20181001');
    expect(added).toMatchObject({ ok: true, value: { codes: 94_444 } });
    const tables = await openCodeTables(folder);
    const on = (code: string, day: string) => lookUpDiagnosis(tables.diagnoses(), code, day);
    expect(on('S83511A', '20190101')).toMatchObject({ entry: 'billable' });
    expect(on('A00', '20190101')).toMatchObject({ entry: 'heading' });
    expect(on('Z993', '20190101')).toMatchObject({ entry: 'billable' });
    // U07.1 came in 2020: not in force in 2019, and unknown to this table in 2020.
    expect(on('U071', '20190101').kind).toBe('absent');
    expect(on('U071', '20200401').kind).toBe('unknown');
  });
});
