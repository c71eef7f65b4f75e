import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { type KeyRing, openKeyRing } from '../keys/index.ts';
import type { LogFields, Ports } from '../ports.ts';
import { type JournalEntry, type JournalOptions, type OpenedJournal, openJournal, type Settlement } from './index.ts';
import { giveUp, makeJournalFunctions, newGate } from './journal-store.ts';

let directory: string;
let keyRing: KeyRing;
let now: Instant;
const reported: { message: string; fields: LogFields | undefined }[] = [];
const openedHere: OpenedJournal[] = [];
const ports: Ports = {
  now: () => now,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: {
    info: () => undefined,
    warn: () => undefined,
    error: (message, fields) => reported.push({ message, fields }),
  },
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-journal-'));
  now = instant(Date.UTC(2026, 10, 22, 3, 0));
  reported.length = 0;
  const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!ring.ok) throw new Error(ring.error.message);
  keyRing = ring.value;
});
afterEach(async () => {
  for (const one of openedHere.splice(0)) await one.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(more: Partial<JournalOptions> = {}): Promise<OpenedJournal> {
  const journal = await openJournal({ directory, keyRing, ports, ...more });
  if (!journal.ok) throw new Error(journal.error.message);
  openedHere.push(journal.value);
  return journal.value;
}

async function saved(journal: OpenedJournal, ...entries: JournalEntry[]) {
  const result = await journal.append(entries);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const draft = (key: string, text: string): JournalEntry => ({ kind: 'draft', key, body: { text } });
const databaseFile = (): string => join(directory, 'journal', 'journal.sqlite');

describe('the journal', () => {
  it('gives back after a restart what it accepted, oldest first, with its time', async () => {
    const first = await open();
    await saved(first, draft('task-1', 'No fracture.'), draft('task-2', 'Pneumothorax.'));
    now = instant(now + 5_000);
    const [last] = await saved(first, draft('task-1', 'No acute fracture.'));
    await first.close();

    const again = await open();
    expect(await again.latest('draft', 'task-1')).toEqual(last);
    expect((await again.all('draft')).map((one) => [one.sequence, one.key])).toEqual([
      [1, 'task-1'],
      [2, 'task-2'],
      [3, 'task-1'],
    ]);
    expect((await again.all('draft', { key: 'task-1', afterSequence: 1 })).map((one) => one.at)).toEqual([now]);
    expect(await again.latest('signed', 'task-1')).toBeNull();
    expect((await saved(again, draft('task-1', 'More')))[0]?.sequence).toBe(4);
  });

  it('works in memory for tests of what stands on it', async () => {
    const journal = await open({ inMemory: true });
    await saved(journal, draft('task-1', 'Words'));
    expect((await journal.latest('draft', 'task-1'))?.body).toEqual({ text: 'Words' });
    expect(await readdir(directory)).toEqual(['keys']);
  });

  it('holds no readable word in any of its files', async () => {
    const journal = await open();
    await saved(journal, draft('task-MARKERKEY', 'MARKERWORDS of TANDEWRIGHT^M'));
    const files = await readdir(join(directory, 'journal'));
    expect(files).toContain('journal.sqlite-wal');
    for (const file of files) {
      const bytes = await readFile(join(directory, 'journal', file));
      for (const marker of ['MARKER', 'TANDE', 'task-']) expect(bytes.includes(marker)).toBe(false);
    }
    await journal.close();
    const rest = await readFile(databaseFile());
    expect(rest.includes('MARKER')).toBe(false);
  });

  it('takes all entries of one append or none, and says that the disk is full', async () => {
    const journal = await open({ maximumBytes: 200_000 });
    await saved(journal, draft('task-1', 'Small'));
    const result = await journal.append([draft('task-1', 'Second'), draft('task-1', 'x'.repeat(400_000))]);
    expect(result.ok ? null : result.error).toMatchObject({
      code: 'not-durable',
      message: expect.stringMatching(/disk .* full/),
    });
    expect((await journal.all('draft')).map((one) => one.body)).toEqual([{ text: 'Small' }]);
    await saved(journal, draft('task-1', 'Third'));
  });

  it('refuses after it is closed, and finishes first what was asked before', async () => {
    const journal = await open();
    const asked = journal.append([draft('task-1', 'Last words')]);
    const closing = journal.close();
    expect((await journal.append([draft('task-1', 'Too late')])).ok).toBe(false);
    expect((await asked).ok).toBe(true);
    await closing;
    expect((await (await open()).latest('draft', 'task-1'))?.body).toEqual({ text: 'Last words' });
  });

  it('fails within 3 seconds while another program holds the disk, and saves nothing afterwards', async () => {
    const journal = await open();
    await saved(journal, draft('task-1', 'Before'));
    const other = new DatabaseSync(databaseFile());
    other.exec('BEGIN IMMEDIATE');
    // The other program holds on until they have failed: what ends them is the deadline, as they say.
    const results = await Promise.all([1, 2, 3].map((number) => journal.append([draft('task-1', `During ${number}`)])));
    expect(results.map((one) => (one.ok ? 'saved' : one.error.code))).toEqual(['not-durable', 'deadline', 'deadline']);
    other.exec('ROLLBACK');
    other.close();
    await saved(journal, draft('task-1', 'After'));
    expect((await journal.all('draft')).map((one) => one.body)).toEqual([{ text: 'Before' }, { text: 'After' }]);
  });

  it('does not write for a caller who was told of a failure already', () => {
    const store = makeJournalFunctions({ file: null, key: keyRing.derive('journal'), maximumBytes: null });
    const place = newGate();
    expect(giveUp(place)).toBe(true);
    const result = store.append([{ kind: 'draft', key: 'task-1', content: '{}' }], place);
    expect(result.ok ? null : result.error.code).toBe('deadline');
    expect(store.all('draft', null, 0).rows).toEqual([]);
  });

  it('cannot be given up once the disk has it', () => {
    const place = newGate();
    const told: boolean[] = [];
    const data = { file: null, key: keyRing.derive('journal'), maximumBytes: null };
    const store = makeJournalFunctions(data, () => told.push(giveUp(place)));
    expect(store.append([{ kind: 'draft', key: 'task-1', content: '{}' }], place).ok).toBe(true);
    expect(told).toEqual([false]);
    expect(store.all('draft', null, 0).rows).toHaveLength(1);
  });

  it('sees two swapped bodies, keeps both rows in quarantine and reads the others', async () => {
    const journal = await open();
    await saved(journal, draft('task-1', 'Left knee'), draft('task-2', 'Right knee'), draft('task-3', 'Chest'));
    await journal.close();
    const raw = new DatabaseSync(databaseFile());
    raw.exec(`CREATE TEMP TABLE kept AS SELECT sequence, body FROM entries;
      UPDATE entries SET body = (SELECT body FROM kept WHERE kept.sequence = 3 - entries.sequence) WHERE sequence IN (1, 2)`);
    raw.close();

    const again = await open();
    expect((await again.all('draft')).map((one) => one.body)).toEqual([{ text: 'Chest' }]);
    expect(await again.latest('draft', 'task-1')).toBeNull();
    expect(again.quarantined().map((one) => one.sequence)).toEqual([1, 2]);
    expect(reported.map((one) => one.fields)).toEqual([
      { sequence: 1, kind: 'draft' },
      { sequence: 2, kind: 'draft' },
    ]);
    await again.close();
    const after = new DatabaseSync(databaseFile());
    expect(after.prepare('SELECT count(*) AS count FROM entries').get()).toEqual({ count: 3 });
    after.close();
  });

  it("sees one patient's entry filed under another's key", async () => {
    const journal = await open();
    await saved(journal, draft('task-1', 'Left knee'), draft('task-2', 'Right knee'));
    await journal.close();
    const raw = new DatabaseSync(databaseFile());
    raw.exec('UPDATE entries SET key_hash = (SELECT key_hash FROM entries WHERE sequence = 2) WHERE sequence = 1');
    raw.close();
    const again = await open();
    expect((await again.all('draft', { key: 'task-2' })).map((one) => one.body)).toEqual([{ text: 'Right knee' }]);
    expect(again.quarantined()).toHaveLength(1);
  });

  it('says that rows were removed', async () => {
    const journal = await open();
    await saved(journal, draft('task-1', 'One'), draft('task-1', 'Two'));
    await journal.close();
    const raw = new DatabaseSync(databaseFile());
    raw.exec('DELETE FROM entries WHERE sequence = 2');
    raw.close();
    await open();
    expect(reported[0]?.fields).toEqual({ count: 1 });
  });

  it('says so when its file is no database, and leaves the file as it is', async () => {
    await (await open()).close();
    const rubbish = 'x'.repeat(9_000);
    await writeFile(databaseFile(), rubbish);
    const result = await openJournal({ directory, keyRing, ports });
    expect(result.ok ? null : result.error.code).toBe('not-durable');
    expect(await readFile(databaseFile(), 'utf8')).toBe(rubbish);
  });
});

describe('a disk that hangs within a write', () => {
  const thread = new URL('./slow-disk.fixture.ts', import.meta.url);
  const lay = (how: 'slow' | 'dies'): Promise<void> => writeFile(`${databaseFile()}.${how}`, 'draft');
  const heal = (how: 'slow' | 'dies'): Promise<void> => rm(`${databaseFile()}.${how}`);
  /** Appends and expects that nobody knows; answers what becomes known. */
  async function doubtful(journal: OpenedJournal, ...entries: JournalEntry[]): Promise<readonly [Promise<Settlement>]> {
    const result = await journal.append(entries);
    if (result.ok || result.error.code !== 'not-known') throw new Error(result.ok ? 'kept' : result.error.code);
    expect(result.error.message).toMatch(/not known yet/);
    return [result.error.settled];
  }

  it('is not told as a failure: the ticket says that it was kept, and what came behind it was given up in truth', async () => {
    const journal = await open({ thread, deadline: 300 });
    await saved(journal, draft('task-1', 'Before'));
    await lay('slow');
    const [ticket] = await doubtful(journal, draft('task-1', 'During'));
    const behind = await journal.append([draft('task-1', 'Behind')]);
    expect(behind.ok ? 'kept' : behind.error.code).toBe('deadline');
    await heal('slow');
    const settlement = await ticket;
    expect(settlement?.kind === 'kept' && settlement.entries.map((one) => [one.sequence, one.body])).toEqual([
      [2, { text: 'During' }],
    ]);
    expect((await journal.all('draft')).map((one) => one.body)).toEqual([{ text: 'Before' }, { text: 'During' }]);
  });

  it('and ends there is never known to this host; the next start tells', async () => {
    const journal = await open({ thread, deadline: 5_000 });
    await saved(journal, draft('task-1', 'Before'));
    await lay('dies');
    const [ticket] = await doubtful(journal, draft('task-1', 'During'));
    expect(await ticket).toEqual({ kind: 'never-known' });
    const later = await journal.append([draft('task-1', 'Later')]);
    expect(later.ok ? 'kept' : later.error.code).toBe('not-durable');
    await heal('dies');
    expect((await (await open()).all('draft')).map((one) => one.body)).toEqual([{ text: 'Before' }]);
  });
});

/** Appends in another process until `kills`, at a moment of its own each time; answers the last acknowledged number. */
function appendAndKill(from: number, afterMilliseconds: number): Promise<number> {
  const script = fileURLToPath(new URL('./journal.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory, String(from)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let failed = '';
  child.stderr.on('data', (chunk) => {
    failed += chunk;
  });
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      if (printed === '') setTimeout(() => child.kill('SIGKILL'), afterMilliseconds);
      printed += chunk;
    });
    child.on('close', () => {
      const whole = printed.slice(0, printed.lastIndexOf('\n'));
      const last = Number(whole.split('\n').at(-1));
      if (whole === '' || Number.isNaN(last)) reject(new Error(`nothing was acknowledged: ${failed}`));
      else resolve(last);
    });
  });
}

describe('a killed host', () => {
  it('has every acknowledged entry after each of 6 kills while it writes', async () => {
    let next = 1;
    for (const moment of [0, 3, 17, 41, 90, 160]) {
      const acknowledged = await appendAndKill(next, moment);
      expect(acknowledged).toBeGreaterThanOrEqual(next);
      const journal = await open();
      const numbers = (await journal.all('draft')).map((one) => (one.body as { number: number }).number);
      const commands = (await journal.all('command')).map((one) => (one.body as { number: number }).number);
      await journal.close();
      expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      expect(commands).toEqual(numbers);
      next = numbers.length + 1;
    }
  });
});
