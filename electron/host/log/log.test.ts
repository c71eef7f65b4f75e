import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, openLogFile } from './index.ts';

function logged(message: string, fields?: { readonly [name: string]: string | number | boolean | null }) {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), now: () => 0 });
  log.warn(message, fields);
  return JSON.parse(lines[0] ?? 'null') as { readonly [name: string]: unknown };
}

const surname = fc.constantFrom('TANDEWRIGHT', 'Okwenbury', 'Müller', '山田', 'van der Meer', "O'Malley", 'Nguyễn');
const given = fc.constantFrom('MARIA', 'Jo', 'Élodie', '太郎', 'X');
const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''));
const date = fc
  .date({ min: new Date('1901-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
/** Values as they come out of DICOM, HL7, FHIR and reports. */
const patientValue = fc.oneof(
  fc.tuple(surname, given).map(([family, first]) => `${family}^${first}`),
  fc.tuple(surname, given).map(([family, first]) => `${family}, ${first}`),
  fc.tuple(surname, given).map(([family, first]) => `${first} ${family}`),
  surname.filter((one) => !/^[a-z][a-z]*$/.test(one)),
  date,
  date.map((one) => one.replaceAll('-', '')),
  date.map((one) => one.split('-').reverse().join('.')),
  date.map((one) => `born-${one}`),
  digits(5, 12),
  digits(5, 10).map((number) => `MRN${number}`),
  digits(5, 10).map((number) => `mrn-${number}`),
  digits(6, 9).map((number) => `ACC-${number}`),
  fc.constant('No acute fracture of the left distal radius.'),
  fc.constant('PID|1||123456^^^SITE||TANDEWRIGHT^MARIA||19520309|F'),
  fc.tuple(surname, digits(5, 8)).map(([name, id]) => `http://pacs.example/qido?PatientName=${name}&PatientID=${id}`),
  fc.constant('https://user:secret@pacs.example/studies/1.2.3'),
  fc.string({ minLength: 65, maxLength: 500 }),
);

describe('the log', () => {
  it('holds no value that looks like a patient, in no field', () => {
    fc.assert(
      fc.property(patientValue, fc.constantFrom('patient', 'id', 'reason', 'key', 'where'), (value, name) => {
        const line = logged('an answer was refused', { [name]: value });
        expect(['(withheld)', 'http://pacs.example', 'https://pacs.example']).toContain(line[name]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes names with ^, dates and long numbers out of a sentence they were put into', () => {
    for (const value of ['TANDEWRIGHT^MARIA', '1952-03-09', '19520309', '09.03.1952', 'MRN1234567', '(山田)']) {
      expect(logged(`cannot match ${value} to an order`).message).toBe('cannot match (withheld) to an order');
    }
    expect(logged('asked http://u:p@pacs.example:8042/studies?PatientID=77 in vain').message).toBe(
      'asked http://pacs.example:8042 in vain',
    );
  });

  it('withholds a number that could be a date or a record number', () => {
    expect(logged('x', { date: 19520309, number: 12345678, far: Number.NaN })).toMatchObject({
      date: '(withheld)',
      number: '(withheld)',
      far: '(withheld)',
    });
  });

  it('withholds objects and lists that come past the types', () => {
    expect(logged('x', { body: { name: 'TANDEWRIGHT' } as never, list: ['A^B'] as never })).toMatchObject({
      body: '(withheld)',
      list: '(withheld)',
    });
  });

  it('shows what an operator needs: counts, states, ids, codes and addresses', () => {
    const fields = {
      count: 12,
      ready: true,
      nothing: null,
      call: 'signIn',
      event: 'report.filed',
      code: 'ECONNREFUSED',
      database: 'SQLITE_FULL',
      reason: 'TypeError',
      task: 'task-9f86d081884c7d659a2feaa0c55ad015',
      reader: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      method: 'POST',
      address: 'http://127.0.0.1:8042',
      channel: 'stow-rs',
    };
    expect(logged('delivered', fields)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'delivered',
      ...fields,
    });
  });

  it('keeps to its level, one line to each entry', () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), level: 'warn' });
    log.info('quiet');
    log.warn('one\n{"level":"error"}');
    log.error('two');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error']);
    expect(lines.join('')).not.toContain('\n');
  });
});

describe('the log file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-log-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('keeps its newest lines within its size, for its owner only', async () => {
    const file = openLogFile({ directory, maximumBytes: 1_000, keep: 2 });
    for (let number = 0; number < 100; number += 1) file.write(`line ${String(number).padStart(90, '.')}`);
    file.close();
    const names = (await readdir(join(directory, 'logs'))).sort();
    expect(names).toEqual(['overread.log', 'overread.log.1', 'overread.log.2']);
    for (const name of names) {
      const found = await stat(join(directory, 'logs', name));
      expect(found.size).toBeLessThanOrEqual(1_000);
      expect(found.mode & 0o777).toBe(0o600);
    }
    expect((await readFile(join(directory, 'logs', 'overread.log'), 'utf8')).trimEnd().endsWith('99')).toBe(true);
  });

  it('goes on after a restart', async () => {
    for (const line of ['one', 'two']) {
      const file = openLogFile({ directory });
      file.write(line);
      file.close();
    }
    expect(await readFile(join(directory, 'logs', 'overread.log'), 'utf8')).toBe('one\ntwo\n');
  });

  it('falls silent and says so once when it cannot be written', async () => {
    await writeFile(join(directory, 'logs'), 'a file where the folder should be');
    let told = 0;
    const file = openLogFile({
      directory,
      onFailure: () => {
        told += 1;
      },
    });
    file.write('one');
    file.write('two');
    expect(told).toBe(1);
  });
});
