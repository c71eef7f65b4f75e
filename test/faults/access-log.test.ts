import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFiles } from '../../electron/host/audit/audit-log.ts';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { caseHeaders } from '../../shared/api/index.ts';
import type { AuditEntry } from '../../shared/domain/audit/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { type MarkedStudy, markers, plantMarkedStudy, withEmbedded } from './marked-study.ts';

const script = fileURLToPath(new URL('../../scripts/audit-verify.ts', import.meta.url));

describe('the access log of a real run', () => {
  let directory: string;
  let host: TestHost;
  let ann: TestReader;
  let bob: TestReader;
  let planted: MarkedStudy;
  let entries: readonly AuditEntry[] = [];
  let auditHead = '';
  let taskId = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-log-'));
    await addPeople(directory, { ann: 'radiologist', bob: 'qa' });
    planted = await withEmbedded(directory, plantMarkedStudy);
    host = await startTestHost({ directory, settings: { demo: false } });
    ann = await host.signIn('ann', testPassword);
    bob = await host.signIn('bob', testPassword);
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('refuses every access that it cannot hold, before a byte of the patient goes out', async () => {
    const row = await rowWhere(ann, 'the marked study', (one) => one.link === 'order-and-images');
    taskId = row.taskId;
    await openForReading(ann, taskId);
    // Another program holds the file: the disk says no, as a full one does.
    const lock = new DatabaseSync(auditFiles(directory).file);
    lock.exec('BEGIN EXCLUSIVE');
    try {
      const list = await bob.call('worklist', { input: {} });
      const look = await bob.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 1 } });
      const report = await bob.call('report', { params: { taskId } });
      const timeline = await bob.call('timeline', { params: { taskId } });
      for (const answer of [list, look, report, timeline]) {
        expect(answer.ok ? 'answered' : answer.error.code).toBe('audit-unavailable');
        expect(JSON.stringify(answer)).not.toMatch(/QX/i);
      }
    } finally {
      lock.exec('ROLLBACK');
      lock.close();
    }
    expect((await bob.call('worklist', { input: {} })).ok).toBe(true);
  }, 60_000);

  it('has one entry for each person, patient, study and purpose that left the host, and none for what did not', async () => {
    const detail = await openForReading(ann, taskId, 2);
    const look = await bob.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 1 } });
    expect(look.ok).toBe(true);
    const images = await bob.fetch(`/dicomweb/embedded-archive/studies/${planted.studyUid}`, {
      [caseHeaders.task]: taskId,
      [caseHeaders.epoch]: '1',
    });
    expect(images.status).toBe(200);
    await images.arrayBuffer();
    // Another study, an epoch that is not open and a case of another session are no accesses.
    for (const [study, epoch, reader] of [
      ['1.2.3.4', '1', bob],
      [planted.studyUid, '9', bob],
      [planted.studyUid, '1', ann],
    ] as const) {
      const refused = await reader.fetch(`/dicomweb/embedded-archive/studies/${study}`, {
        [caseHeaders.task]: taskId,
        [caseHeaders.epoch]: epoch,
      });
      await refused.body?.cancel();
      if (!(reader === ann && epoch === '1'))
        expect([study, epoch, refused.status >= 400]).toEqual([study, epoch, true]);
    }
    const draft = draftOf(detail, ann, markers.findings, markers.impression);
    const signed = await ann.call('sign', {
      params: { taskId },
      input: signCommand(detail, draft, 'final', testPassword),
    });
    expect(signed.ok ? null : signed.error).toBe(null);
    if (signed.ok) auditHead = signed.value.report.versions[0]?.content.auditHead ?? '';
    await eventually('the deliveries', async () => {
      const found = await ann.call('deliveries', { params: { taskId } });
      return found.ok &&
        found.value.deliveries.length > 0 &&
        found.value.deliveries.every((one) => one.state === 'filed')
        ? true
        : null;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await host.stop({ keep: true });
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const log = await openAuditLog({ directory, keyRing: keyRing.value, ports: testPorts() });
    if (!log.ok) throw new Error(log.error.message);
    entries = await log.value.entries();
    const anchors = await log.value.anchors();
    await log.value.close();
    const said = new Set(
      entries
        .filter((one) => one.purpose !== 'sign-in')
        .map((one) => `${one.user} ${one.purpose} ${one.patient} ${one.studyUid}`),
    );
    const [patient, study] = [markers.patientId, planted.studyUid];
    expect([...said].sort()).toEqual(
      [
        `ann list null null`,
        `bob list null null`,
        `ann read ${patient} ${study}`,
        `bob look ${patient} ${study}`,
        `ann sign ${patient} ${study}`,
        `outbox, record deliver ${patient} ${study}`,
        `outbox, archive deliver ${patient} ${study}`,
      ].sort(),
    );
    // Once in a span, however many images.
    expect(entries.filter((one) => one.user === 'bob' && one.purpose === 'look').length).toBe(1);
    const [sequence, hash] = auditHead.split(':');
    expect(entries.find((one) => one.sequence === Number(sequence))?.hash).toBe(hash);
    expect(anchors.some((one) => one.where.startsWith('report ') && one.hash === hash)).toBe(true);
    expect(anchors.some((one) => one.where === 'record')).toBe(true);
  }, 90_000);

  const verify = (folder: string, ...more: string[]) =>
    spawnSync(process.execPath, [script, '--data', folder, ...more], { encoding: 'utf8' });

  it('is found intact by npm run audit:verify, with the head that the signed report carries', () => {
    const found = verify(directory, '--anchor', auditHead);
    expect([found.status, found.stdout.split(':')[0]]).toEqual([0, 'Intact']);
  });

  const tampering: readonly (readonly [string, (database: DatabaseSync) => void, RegExp])[] = [
    [
      'an edit',
      (database) => database.exec('UPDATE entries SET body = CAST(zeroblob(64) AS BLOB) WHERE sequence = 3'),
      /edited|damaged/,
    ],
    ['a removal', (database) => database.exec('DELETE FROM entries WHERE sequence = 3'), /removed/],
    [
      'a swap',
      (database) =>
        database.exec(
          'CREATE TEMP TABLE kept AS SELECT sequence, body FROM entries WHERE sequence IN (3, 4); UPDATE entries SET body = (SELECT body FROM kept WHERE kept.sequence = 7 - entries.sequence) WHERE sequence IN (3, 4)',
        ),
      /swapped|edited/,
    ],
    [
      'a cut tail',
      (database) => database.exec('DELETE FROM entries WHERE sequence >= (SELECT max(sequence) FROM entries) - 1'),
      /cut off/,
    ],
    [
      'a cut tail of which the database itself remembers nothing',
      (database) =>
        database.exec(
          "DELETE FROM entries WHERE sequence >= (SELECT max(sequence) FROM entries); UPDATE sqlite_sequence SET seq = (SELECT max(sequence) FROM entries) WHERE name = 'entries'",
        ),
      /cut off/,
    ],
  ];
  for (const [what, change, words] of tampering) {
    it(`shows ${what}`, async () => {
      const copy = await mkdtemp(join(tmpdir(), 'overread-tampered-'));
      try {
        await cp(directory, copy, { recursive: true });
        const database = new DatabaseSync(auditFiles(copy).file);
        change(database);
        database.close();
        const found = verify(copy);
        expect([what, found.status]).toEqual([what, 1]);
        expect(found.stdout).toMatch(words);
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    });
  }
});
