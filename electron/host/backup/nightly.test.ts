import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { openAuditLog } from '../audit/index.ts';
import { openAccounts } from '../identity/index.ts';
import { type OpenedJournal, openJournal } from '../journal/index.ts';
import { type KeyRing, openKeyRing } from '../keys/index.ts';
import type { BackupMade } from './index.ts';
import { type NightlyBackup, startNightlyBackup } from './nightly.ts';

describe('the nightly backup of a host', () => {
  let root: string;
  let keyRing: KeyRing;
  let journal: OpenedJournal;
  let now: number;
  let nightly: NightlyBackup | null = null;
  const minute = 60_000;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-nightly-'));
    const ring = await openKeyRing({ directory: join(root, 'data'), secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    keyRing = ring.value;
    const opened = await openJournal({ directory: join(root, 'data'), keyRing, ports: testPorts() });
    if (!opened.ok) throw new Error(opened.error.message);
    journal = opened.value;
    now = Date.UTC(2026, 10, 1, 8, 30);
  });
  afterEach(async () => {
    await nightly?.stop();
    await journal.close();
    await rm(root, { recursive: true, force: true });
  });

  const start = async (make?: () => Promise<Result<BackupMade, string>>): Promise<NightlyBackup> => {
    nightly = await startNightlyBackup({
      directory: join(root, 'data'),
      target: join(root, 'target'),
      hour: 3,
      zone: 'America/Chicago',
      program: 'test',
      keyRing,
      journal,
      ports: testPorts({ now: () => instant(now) }),
      ...(make === undefined ? {} : { make }),
    });
    return nightly;
  };

  it('makes the first one at once, in a thread, finds it in the target again, and is not old then', async () => {
    const ports = testPorts();
    await (await openAccounts({ directory: join(root, 'data'), keyRing, ports })).close();
    const audit = await openAuditLog({ directory: join(root, 'data'), keyRing, ports });
    if (audit.ok) await audit.value.close();
    now = Date.now();
    const first = await start();
    expect(first.standing()).toMatchObject({ lastGood: null, old: true });
    await first.round();
    now = Date.now();
    expect(first.standing()).toMatchObject({ old: false, failure: null, running: false });
    const at = first.standing().lastGood;
    expect(Math.abs((at ?? 0) - Date.now())).toBeLessThan(60_000);
    await first.stop();
    // The target is away: what was noted is what is known.
    await rm(join(root, 'target'), { recursive: true });
    const again = await start(async () => err('The disk of the backup’s target cannot be written to.'));
    expect(again.standing()).toMatchObject({ lastGood: at, old: false });
    now += 26 * 60 * minute + 1;
    await again.round();
    expect(again.standing()).toMatchObject({
      lastGood: at,
      old: true,
      failure: { at: now, words: expect.stringMatching(/cannot be written/) },
    });
  });

  it('tries again a quarter of an hour after a failure, says it meanwhile, and once a night when it works', async () => {
    const runs: number[] = [];
    let works = false;
    const made = await start(async () => {
      runs.push(now);
      return works ? ok({ begunAt: now, generation: 'x', parts: 1, bytes: 1 } as unknown as BackupMade) : err('Full.');
    });
    await made.round();
    const begun = now;
    expect(made.standing().failure?.words).toBe('Full.');
    for (now = begun; now < begun + 14 * minute; now += minute) await made.round();
    expect(runs).toEqual([begun]);
    now = begun + 15 * minute;
    works = true;
    await made.round();
    expect(made.standing()).toMatchObject({ lastGood: now, failure: null });
    for (let count = 0; count < 24; count += 1) {
      now += 60 * minute;
      await made.round();
    }
    // 2026-11-02 03:00 in Chicago is 09:00 UTC.
    expect(runs.slice(1).map((at) => new Date(at).toISOString())).toEqual([
      '2026-11-01T08:45:00.000Z',
      '2026-11-01T09:45:00.000Z',
    ]);
  });

  it('a run that throws is a failure with words, and the loop goes on', async () => {
    const made = await start(async () => {
      throw new TypeError('x');
    });
    await made.round();
    expect(made.standing().failure?.words).toContain('The last good backup stays');
  });
});
