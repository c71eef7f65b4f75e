import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealEntry } from '../../../shared/domain/audit/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { type KeyRing, openKeyRing, sealerFromKey } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { aboutEntry, sha256 } from './audit-store.ts';
import { type Access, type OpenedAuditLog, openAuditLog, verifyAuditFiles } from './index.ts';

let directory: string;
let keyRing: KeyRing;
let now: Instant;
const errors: string[] = [];
const warnings: string[] = [];
const openedHere: OpenedAuditLog[] = [];
const ports: Ports = {
  now: () => now,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: (message) => warnings.push(message), error: (message) => errors.push(message) },
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-audit-'));
  now = instant(Date.UTC(2026, 10, 22, 3, 0));
  errors.length = 0;
  warnings.length = 0;
  const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!ring.ok) throw new Error(ring.error.message);
  keyRing = ring.value;
});
afterEach(async () => {
  for (const one of openedHere.splice(0)) await one.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(more: { maximumBytes?: number; inMemory?: boolean } = {}): Promise<OpenedAuditLog> {
  const opened = await openAuditLog({ directory, keyRing, ports, ...more });
  if (!opened.ok) throw new Error(opened.error.message);
  openedHere.push(opened.value);
  return opened.value;
}

const look = (patient: string, more: Partial<Access> = {}): Access => ({
  user: 'mt',
  purpose: 'look',
  patient,
  studyUid: `1.2.${patient.length}`,
  ...more,
});
const wait = (minutes: number): void => {
  now = instant(now + minutes * 60_000);
};
const logFile = (): string => join(directory, 'audit', 'audit.sqlite');
const headFile = (): string => join(directory, 'audit-head');
const verdict = (given: readonly { sequence: number; hash: string }[] = []) =>
  verifyAuditFiles({ directory, keyRing, given });

async function recorded(log: OpenedAuditLog, ...accesses: Access[]): Promise<void> {
  const result = await log.record(accesses);
  if (!result.ok) throw new Error(result.error.message);
}

describe('the access log', () => {
  it('writes one entry for each patient, study, purpose, user and quarter of an hour', async () => {
    const log = await open();
    await recorded(log, look('DOE'), look('DOE'), look('ROE'));
    await recorded(log, look('DOE'), look('DOE', { purpose: 'read' }), look('DOE', { user: 'so' }));
    await recorded(log, look('DOE', { studyUid: '9.9' }));
    expect(await log.head()).toMatchObject({ sequence: 5 });
    wait(14);
    await recorded(log, look('DOE'));
    expect((await log.head()).sequence).toBe(5);
    wait(1);
    await recorded(log, look('DOE'));
    expect((await log.entries({ afterSequence: 5 })).map((one) => [one.sequence, one.patient, one.at])).toEqual([
      [6, 'DOE', now],
    ]);
  });

  it('does not write the same access again after a restart within the span', async () => {
    const first = await open();
    await recorded(first, look('DOE'));
    await first.close();
    const again = await open();
    await recorded(again, look('DOE'));
    expect((await again.head()).sequence).toBe(1);
    await recorded(again, look('ROE'));
    expect((await again.entries()).map((one) => one.patient)).toEqual(['DOE', 'ROE']);
    expect(verdict()).toMatchObject({ ok: true, entries: 2 });
  });

  it('writes each export, print, search and sign-in', async () => {
    const log = await open();
    for (const purpose of ['export', 'print', 'search', 'sign-in'] as const) {
      await recorded(log, look('DOE', { purpose }), look('DOE', { purpose }));
      await recorded(log, look('DOE', { purpose }));
    }
    expect((await log.head()).sequence).toBe(12);
  });

  it('refuses an access that it cannot log, and logs none of its fellows', async () => {
    const log = await open({ maximumBytes: 120_000 });
    await recorded(log, look('DOE'));
    const result = await log.record([look('ROE'), look('POE', { detail: 'x'.repeat(200_000) })]);
    expect(result.ok ? null : result.error).toMatchObject({
      code: 'audit-unavailable',
      message: expect.stringMatching(/disk .* full/),
    });
    expect(errors).toHaveLength(1);
    await recorded(log, look('ROE'));
    expect((await log.entries()).map((one) => [one.sequence, one.patient])).toEqual([
      [1, 'DOE'],
      [2, 'ROE'],
    ]);
    await log.close();
    expect((await log.record([look('ZOE')])).ok).toBe(false);
    expect(verdict()).toMatchObject({ ok: true, entries: 2 });
  });

  it('keeps one chain when many ask at once', async () => {
    const log = await open();
    await Promise.all(Array.from({ length: 60 }, (_, index) => recorded(log, look(`P${index % 20}`))));
    expect((await log.head()).sequence).toBe(20);
    expect(verdict()).toMatchObject({ ok: true, entries: 20 });
  });

  it('is sealed: no name, user or hash can be read in its files', async () => {
    const log = await open();
    await recorded(log, look('MARKER^PATIENT', { user: 'MARKERUSER', detail: 'MARKERDETAIL' }));
    const { hash } = await log.head();
    await log.anchor('MARKERREPORT', 1, hash);
    for (const file of [...(await readdir(join(directory, 'audit'))).map((one) => join('audit', one)), 'audit-head']) {
      const bytes = await readFile(join(directory, file));
      for (const marker of ['MARKER', hash, '"user"']) expect(bytes.includes(marker)).toBe(false);
    }
  });

  it('works in memory', async () => {
    const log = await open({ inMemory: true });
    expect(await log.head()).toEqual({ sequence: 0, hash: '0'.repeat(64) });
    await recorded(log, look('DOE'));
    expect((await log.head()).hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await readdir(directory)).toEqual(['keys']);
  });
});

/** Eight entries, the fifth anchored in a signed report; the host ends without a word, so that it leaves no anchor of its own. */
async function eightEntries(): Promise<{ sequence: number; hash: string }> {
  const log = await open();
  for (let number = 1; number <= 8; number += 1) {
    await recorded(log, look(`PATIENT${number}`));
    if (number === 5) {
      const head = await log.head();
      await log.anchor('report r1 version 1', head.sequence, head.hash);
    }
  }
  return await log.head();
}

/** Changes the file as somebody with common tools and no key would. */
function mutate(sql: string): void {
  const raw = new DatabaseSync(logFile());
  raw.exec(sql);
  raw.close();
}

/** Removes the entries after `last`, and what the database remembers of them. */
function cutWithoutTrace(last: number): void {
  mutate(
    `DELETE FROM entries WHERE sequence > ${last}; UPDATE sqlite_sequence SET seq = ${last} WHERE name = 'entries'`,
  );
}

/** Changes the file as an insider with the key would: entries are made and sealed by the program's own functions. */
function forge(from: number, count: number, change: (patient: string) => string): void {
  const raw = new DatabaseSync(logFile());
  const sealer = sealerFromKey(keyRing.derive('audit'));
  const read = (sequence: number) => {
    const row = raw.prepare('SELECT body FROM entries WHERE sequence = ?').get(sequence) as { body: Uint8Array };
    const opened = sealer.openText(row.body, aboutEntry(sequence));
    if (!opened.ok) throw new Error('does not open');
    return JSON.parse(opened.value);
  };
  let previous = from === 1 ? null : read(from - 1);
  for (let sequence = from; sequence < from + count; sequence += 1) {
    const entry = read(sequence);
    previous = sealEntry(previous, { ...entry, patient: change(entry.patient) }, sha256);
    raw
      .prepare('UPDATE entries SET body = ? WHERE sequence = ?')
      .run(sealer.sealText(JSON.stringify(previous), aboutEntry(sequence)), sequence);
  }
  raw.close();
}

describe('a change of the access log', () => {
  it('is not seen where there was none, while the host runs and after it ended', async () => {
    await eightEntries();
    expect(verdict()).toMatchObject({ ok: true, entries: 8, anchors: 1, anchoredTo: 5 });
    for (const one of openedHere.splice(0)) await one.close();
    expect(verdict()).toMatchObject({ ok: true, entries: 8, anchors: 2, anchoredTo: 8 });
  });

  it.each([1, 4, 8])('is found when entry %i is edited', async (sequence) => {
    await eightEntries();
    const raw = new DatabaseSync(logFile());
    const { body } = raw.prepare('SELECT body FROM entries WHERE sequence = ?').get(sequence) as { body: Uint8Array };
    body[40] = (body[40] ?? 0) ^ 1;
    raw.prepare('UPDATE entries SET body = ? WHERE sequence = ?').run(body, sequence);
    raw.close();
    expect(verdict()).toMatchObject({ ok: false, finding: 'edited', at: sequence });
  });

  it.each([1, 4])('is found when entry %i is removed', async (sequence) => {
    await eightEntries();
    mutate(`DELETE FROM entries WHERE sequence = ${sequence}`);
    expect(verdict()).toMatchObject({ ok: false, finding: 'removed', at: sequence });
  });

  it('is found when an entry is removed and the later ones are moved up', async () => {
    await eightEntries();
    mutate('DELETE FROM entries WHERE sequence = 4; UPDATE entries SET sequence = sequence - 1 WHERE sequence > 4');
    expect(verdict()).toMatchObject({ ok: false, at: 4 });
  });

  it('is found when two entries are swapped', async () => {
    await eightEntries();
    mutate(`CREATE TEMP TABLE kept AS SELECT sequence, body FROM entries;
      UPDATE entries SET body = (SELECT body FROM kept WHERE kept.sequence = 9 - entries.sequence) WHERE sequence IN (3, 6)`);
    expect(verdict()).toMatchObject({ ok: false, finding: 'swapped', at: 3 });
  });

  it('is found when the end is cut off, by what the database remembers', async () => {
    await eightEntries();
    mutate('DELETE FROM entries WHERE sequence > 6');
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 7 });
  });

  it('is found when the end is cut off without trace, by the head file alone', async () => {
    await eightEntries();
    cutWithoutTrace(4);
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 5 });
    await rm(join(directory, 'audit', 'anchors.sqlite'));
    await rm(join(directory, 'audit', 'anchors.sqlite-wal'), { force: true });
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 5 });
  });

  it('is found when the whole folder of the log is removed', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    await rm(join(directory, 'audit'), { recursive: true });
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 1 });
  });

  it('is found also after the host has started on the cut log and written beyond the cut', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    cutWithoutTrace(6);
    await rm(join(directory, 'audit', 'anchors.sqlite'));
    const again = await open();
    expect(errors).toEqual(['the end of the access log is missing: run npm run audit:verify']);
    for (const name of ['A', 'B', 'C', 'D']) await recorded(again, look(`LATER${name}`));
    await again.close();
    expect(verdict()).toMatchObject({ ok: false, finding: 'rewritten', at: 8 });
  });

  it('is not seen where the host died between an entry and its head: the file only lags', async () => {
    await eightEntries();
    const lagging = await readFile(headFile());
    const log = openedHere.at(-1) as OpenedAuditLog;
    await recorded(log, look('LAST'), look('VERY LAST'));
    await writeFile(headFile(), lagging);
    expect(verdict()).toMatchObject({ ok: true, entries: 10 });
    await log.close();
    await writeFile(headFile(), lagging);
    const again = await open();
    expect(errors).toEqual([]);
    await again.close();
    cutWithoutTrace(9);
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 10 });
  });

  it('cannot be excluded where the head file is missing, and that is said; from the next start on it can', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    await rm(headFile());
    expect(verdict()).toMatchObject({ ok: false, finding: 'head-missing', entries: 8 });
    const again = await open();
    expect(warnings).toEqual(['there was no file audit-head; a cut end of the access log shows from here on']);
    await recorded(again, look('LATER'));
    await again.close();
    expect(verdict()).toMatchObject({ ok: true, entries: 9, headKeptSince: 8 });
    cutWithoutTrace(8);
    await rm(join(directory, 'audit', 'anchors.sqlite'));
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 9 });
  });

  it('is found in the head file, which is set aside and not overwritten', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    await writeFile(headFile(), 'x'.repeat(120));
    expect(verdict()).toMatchObject({ ok: false, finding: 'head-changed' });
    await open();
    expect(errors.join()).toMatch(/audit-head was changed/);
    expect(await readFile(`${headFile()}.changed`, 'utf8')).toBe('x'.repeat(120));
    expect(verdict()).toMatchObject({ ok: true, headKeptSince: 8 });
  });

  it('does not stop the log where the head file cannot be written: the access is logged, and it is said', async () => {
    const log = await open();
    await mkdir(`${headFile()}.new`);
    await recorded(log, look('DOE'));
    expect(warnings).toEqual(['the head of the access log could not be kept in the file audit-head']);
    await rm(`${headFile()}.new`, { recursive: true });
    await recorded(log, look('ROE'));
    expect(verdict()).toMatchObject({ ok: true, entries: 2 });
    cutWithoutTrace(1);
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 2 });
  });

  it('is found when the whole log is put back from an older copy', async () => {
    const first = await open();
    await recorded(first, look('DOE'));
    await first.close();
    await copyFile(logFile(), `${logFile()}.old`);
    const second = await open();
    await recorded(second, look('ROE'));
    await second.close();
    await copyFile(`${logFile()}.old`, logFile());
    expect(verdict()).toMatchObject({ ok: false, finding: 'cut-tail', at: 2 });
    await open();
    expect(errors).toEqual(['the end of the access log is missing: run npm run audit:verify']);
  });

  it('is found when an insider with the key edits one entry', async () => {
    await eightEntries();
    forge(4, 1, () => 'NOBODY');
    expect(verdict()).toMatchObject({ ok: false, finding: 'edited', at: 4 });
  });

  it('is found when an insider with the key rewrites the chain, by the anchor', async () => {
    const head = await eightEntries();
    forge(4, 5, (patient) => (patient === 'PATIENT4' ? 'NOBODY' : patient));
    expect(verdict()).toMatchObject({ ok: false, finding: 'rewritten', at: 5 });
    expect(verdict([head])).toMatchObject({ ok: false, finding: 'rewritten' });
  });

  it('is found in the anchors themselves', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    const raw = new DatabaseSync(join(directory, 'audit', 'anchors.sqlite'));
    raw.exec('DELETE FROM anchors WHERE number = 1');
    raw.close();
    expect(verdict()).toMatchObject({ ok: false, finding: 'anchor-changed', at: 1 });
  });

  it('stops the host when the last entry does not open, since no chain can go on', async () => {
    await eightEntries();
    for (const one of openedHere.splice(0)) await one.close();
    mutate("UPDATE entries SET body = x'0102' WHERE sequence = 8");
    const opened = await openAuditLog({ directory, keyRing, ports });
    expect(opened.ok ? null : opened.error).toMatchObject({
      code: 'audit-unavailable',
      message: expect.stringMatching(/audit:verify/),
    });
  });
});

describe('a long log', () => {
  // A hundred thousand, with their time, by `npm run bench:audit`.
  it('of 10,000 entries is verified, and one bad entry in it is found', async () => {
    const log = await open();
    const count = 10_000;
    for (let start = 0; start < count; start += 2_000) {
      await recorded(log, ...Array.from({ length: 2_000 }, (_, index) => look(`P${start + index}`)));
    }
    expect(verdict()).toMatchObject({ ok: true, entries: count });
    mutate('UPDATE entries SET body = (SELECT body FROM entries WHERE sequence = 1) WHERE sequence = 7777');
    expect(verdict()).toMatchObject({ ok: false, finding: 'edited', at: 7_777 });
  });
});
