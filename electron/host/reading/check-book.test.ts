import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { openCheckBook as openBook } from './check-book.ts';

describe('what a group turned the checks down to', () => {
  let directory: string;
  const warnings: unknown[] = [];
  const ports = {
    log: {
      info: () => undefined,
      warn: (_: string, fields?: object) => void warnings.push(fields),
      error: () => undefined,
    },
  };
  /** A record that holds nothing: what is kept there has its test at the host's calls. */
  const silent = () => Promise.reject(new Error('the record was not to be asked'));
  const openCheckBook = () =>
    openBook({
      directory,
      ports,
      sync: { get: () => null, learn: () => undefined },
      record: { read: silent, put: silent, recordNow: () => instant(0) },
    });
  let written = 0;
  const write = async (text: string): Promise<void> => {
    const file = join(directory, 'checks.json');
    await writeFile(file, text);
    // Two files of one size within one tick of a disk's clock are told apart.
    written += 1;
    await utimes(file, written, written);
  };
  const rules = (of: object): string => JSON.stringify({ schema: 'overread-checks-1', rules: of });

  beforeEach(async () => {
    warnings.length = 0;
    directory = await mkdtemp(join(tmpdir(), 'overread-checks-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is read from its file, and again when that changes or goes', async () => {
    const book = openCheckBook();
    expect(await book.weights()).toEqual({});
    await write(rules({ 'critical-words': 'tell', age: 'off' }));
    expect(await book.weights()).toEqual({ 'critical-words': 'tell', age: 'off' });
    await write(rules({ age: 'off' }));
    expect(await book.weights()).toEqual({ age: 'off' });
    await rm(join(directory, 'checks.json'));
    expect(await book.weights()).toEqual({});
    expect(warnings).toEqual([]);
  });

  it('is not changed by anybody’s page where this host has a file of it', async () => {
    await write(rules({ age: 'off' }));
    const book = openCheckBook();
    expect(await book.standing()).toMatchObject({ kept: 'file', weights: { age: 'off' } });
    expect(await book.keep(null, {}, 'Dr L. Leadworth')).toMatchObject({ ok: false, error: { code: 'file' } });
  });

  it.each([
    ['{', 'not JSON'],
    [rules({ 'no-such-rule': 'off' }), 'rules'],
    [rules({ age: 'stop' }), 'rules.age'],
  ])('%s turns nothing down, and is told', async (text, why) => {
    await write(text);
    expect(await openCheckBook().weights()).toEqual({});
    expect(JSON.stringify(warnings)).toContain(why);
  });
});
