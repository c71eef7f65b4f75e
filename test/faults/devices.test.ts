import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../electron/host/index.ts';
import type { CallOutput, DeviceView } from '../../shared/api/index.ts';
import { instant, millis } from '../../shared/lib/instant.ts';
import { draftOf, eventually, openForReading, readyRow, signCommand } from '../host/case-driver.ts';
import {
  signIn,
  startTestHost,
  type TestHost,
  type TestReader,
  testPorts,
  testSettings,
} from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';
import { type Line, startLine } from './group-rig.ts';
import { searchFolder } from './marker-search.ts';

const marker = 'ZYXDEVICEMARKER';
const hour = 3_600_000;

/** A demo host as the group, behind a line that can be cut. */
describe('a reader’s computer that is lost', () => {
  let folder: string;
  let group: Host;
  let server: ReturnType<typeof serve>;
  let line: Line;
  let direct: string;
  let lead: TestReader;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-devices-'));
    const origins: string[] = [];
    group = await createHost({
      settings: testSettings(join(folder, 'group')),
      secret: { kind: 'key-file' },
      shell: 'browser',
      version: '0.1.0-test',
      pageDirectory: null,
      origins: () => origins,
      ports: testPorts(),
    });
    server = serve({ fetch: group.fetch, hostname: '127.0.0.1', port: 0 });
    // As in the shells: with Node's five seconds a request now and then meets the closing of its connection.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000;
    await new Promise<void>((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    line = await startLine(port);
    direct = `http://127.0.0.1:${port}`;
    origins.push(direct, `http://127.0.0.1:${line.port}`);
    lead = await signIn(direct, 'lead', 'demo');
  }, 120_000);
  afterAll(async () => {
    await line?.stop();
    server?.close();
    await group?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const settings = () => ({
    demo: false,
    group: { origins: [`http://127.0.0.1:${line.port}`], authority: null },
    idleLockMinutes: 100_000,
    idleEndMinutes: 100_000,
  });
  const devices = async (): Promise<readonly DeviceView[]> => {
    const found = await lead.call('devices');
    if (!found.ok) throw new Error(found.error.message);
    return found.value.devices;
  };
  const newest = async (): Promise<DeviceView> => {
    const [found] = [...(await devices())].sort((one, other) => other.firstSeen - one.firstSeen);
    if (found === undefined) throw new Error('no computer is known');
    return found;
  };
  const capabilities = async (url: string): Promise<CallOutput<'capabilities'>> =>
    (await (await fetch(`${url}/api/capabilities`)).json()) as CallOutput<'capabilities'>;
  const ended = (url: string, fits: (ended: NonNullable<CallOutput<'capabilities'>['ended']>) => boolean) =>
    eventually('the end of the keys', async () => {
      const { ended: found } = await capabilities(url);
      return found !== undefined && fits(found) ? found : null;
    });
  const revoke = async (device: DeviceView): Promise<void> => {
    const asked = { params: { deviceId: device.id }, input: { typed: device.name, reason: 'left in a taxi' } };
    const done = await lead.call('revokeDevice', asked);
    if (!done.ok) throw new Error(done.error.message);
  };
  /** Reads a study there, keeps words, fetches nothing else. */
  async function write(reader: TestReader, words: string) {
    const row = await readyRow(reader);
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, words, `Impression of ${words}`);
    const saved = await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok ? 'saved' : saved.error.message).toBe('saved');
    return { detail, draft, taskId: row.taskId };
  }
  /** The desktop asks by itself which images a signature would cover; until it knows, it signs nothing without the group. */
  async function signOffline(reader: TestReader, words: string): Promise<string> {
    const { detail, draft, taskId } = await write(reader, words);
    const input = signCommand(detail, draft, 'final', 'demo');
    const { studyUid } = detail.context;
    await eventually('the images that a signature covers', async () => {
      const found = await reader.call('caseInstances', { params: { taskId } });
      return found.ok && studyUid !== null ? true : null;
    });
    line.cut();
    await eventually('the signature', async () => {
      const signed = await reader.call('sign', { params: { taskId }, input });
      return signed.ok && signed.value.report.state === 'signed-not-released' ? true : null;
    });
    return taskId;
  }
  const nothingLeft = async (directory: string): Promise<void> => {
    expect(existsSync(join(directory, 'keys')) ? await readdir(join(directory, 'keys')) : []).toEqual([]);
    for (const name of ['journal', 'audit', 'frame-cache', 'device/identity.sealed', 'device/clock.sealed'])
      expect([name, existsSync(join(directory, name))]).toEqual([name, false]);
    expect((await searchFolder(directory, [marker])).hits).toEqual([]);
  };
  /** The words of a report that was given back, as its signer finds them at another computer. */
  const givenBackTo = async (taskId: string): Promise<string> => {
    const reader = await signIn(direct, 'reader', 'demo');
    const found = await reader.call('report', { params: { taskId } });
    const last = found.ok ? found.value.report.versions.at(-1) : undefined;
    expect(last?.returned).toContain('sign it here');
    expect(found.ok && found.value.report.state).toBe('draft');
    return JSON.stringify(last?.content.sections);
  };

  it('is revoked by its name and a reason; at the next contact its keys are gone, and what was signed there is given back', async () => {
    const directory = join(folder, 'taxi');
    const desk = await startTestHost({ directory, settings: settings() });
    try {
      const reader = await signIn(desk.url, 'reader', 'demo');
      const device = await newest();
      expect([device.state.kind, device.lastUser, device.version]).toEqual(['active', reader.name, '0.1.0-test']);
      const named = await reader.call('nameThisDevice', { input: { name: 'Laptop with a red lid' } });
      expect(named.ok && named.value.device?.name).toBe('Laptop with a red lid');
      await eventually('the name at the group', async () => (await newest()).name.includes('red lid') || null);
      const check = {
        ...{ screen: '2560/1440/0/0/24', at: instant(Date.now()), by: reader.name, devicePixelRatio: 1 },
        ...{ read: { dark: 6, middle: 6, bright: 5 }, faults: [] },
      };
      const browser = 'a'.repeat(32);
      const told = await reader.call('keepDisplayChecks', { input: { browser, checks: [check] } });
      expect(told.ok && told.value.checks).toEqual([check]);
      const another = await reader.call('keepDisplayChecks', {
        input: { browser, checks: [{ ...check, by: 'Dr Somebody Else' }] },
      });
      expect(another.ok ? 'kept' : another.error.code).toBe('bad-request');
      // By the computer, whatever its browser calls itself: a cleared profile finds its screens again.
      const cleared = await reader.call('keepDisplayChecks', { input: { browser: 'b'.repeat(32), checks: [] } });
      expect(cleared.ok && cleared.value.checks).toEqual([check]);
      const seen = await lead.call('displayChecks');
      expect(seen.ok && seen.value.places).toEqual([
        { id: device.id, kind: 'desktop', name: 'Laptop with a red lid', checks: [check] },
      ]);
      const taskId = await signOffline(reader, marker);

      const slip = { params: { deviceId: device.id }, input: { typed: 'Laptop', reason: 'left in a taxi' } };
      const refused = await lead.call('revokeDevice', slip);
      expect(refused.ok ? 'revoked' : refused.error.code).toBe('reason-needed');
      expect((await newest()).state.kind).toBe('active');
      await revoke(await newest());
      expect((await newest()).state).toMatchObject({ kind: 'revoked', reason: 'left in a taxi' });

      line.mend();
      const end = await ended(desk.url, (one) => one.confirmed && one.waitingReports === 0);
      expect([end.why, end.mayStartAfresh]).toEqual(['revoked', false]);
      await nothingLeft(directory);
      const after = await newest();
      expect(after.state).toMatchObject({
        kind: 'destroyed',
        why: 'revoked',
        revocation: { reason: 'left in a taxi' },
      });
      expect(after.givenBack).toBe(1);
      expect(await givenBackTo(taskId)).toContain(marker);
      // The same computer does not come back by a sign-in, nor by a stale session.
      const again = await fetch(`${direct}/api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ userName: 'reader', password: 'demo', window: `desk-${device.id}-x` }),
      });
      expect(((await again.json()) as { code: string }).code).toBe('forbidden');
      expect((await fetch(`${desk.url}/api/this-device/afresh`, { method: 'POST' })).status).toBe(409);
    } finally {
      line.mend();
      await desk.stop({ keep: true });
    }
  }, 180_000);

  it('destroys its keys when it was away for 24 h, warns before, and no clock that is set back puts it off', async () => {
    const directory = join(folder, 'away');
    let wall = 0;
    let on = 0;
    const ports = { now: () => instant(Date.now() + wall), uptime: () => millis(5 * hour + on) };
    let desk: TestHost = await startTestHost({ directory, settings: settings(), ports });
    try {
      const reader = await signIn(desk.url, 'reader', 'demo');
      const taskId = await signOffline(reader, `${marker} away`);
      const deletesAt = async () => {
        const status = await reader.call('status');
        return status.ok ? (status.value.deletesAt ?? null) : null;
      };
      expect(await deletesAt()).toBeNull();
      wall = on = 20.5 * hour;
      const told = await deletesAt();
      const left = told === null ? 0 : (told - ports.now()) / hour;
      expect(left).toBeGreaterThan(3.3);
      expect(left).toBeLessThanOrEqual(3.5);
      // The clock is set back by three days; the computer was on for 25 h all the same.
      wall = -72 * hour;
      on = 23 * hour;
      expect(await deletesAt()).not.toBeNull();
      await desk.stop({ keep: true });
      on = 25 * hour;
      desk = await startTestHost({ directory, settings: settings(), ports });
      const end = await ended(desk.url, (one) => one.waitingReports === 1);
      expect([end.why, end.confirmed, end.mayStartAfresh]).toEqual(['offline', false, false]);
      await nothingLeft(directory);
      expect((await newest()).state.kind).toBe('active');

      line.mend();
      await ended(desk.url, (one) => one.mayStartAfresh);
      expect((await newest()).state).toMatchObject({ kind: 'destroyed', why: 'offline', revocation: null });
      expect(await givenBackTo(taskId)).toContain(`${marker} away`);
      const before = (await devices()).length;
      expect((await fetch(`${desk.url}/api/this-device/afresh`, { method: 'POST' })).status).toBe(200);
      expect((await capabilities(desk.url)).ended).toBeUndefined();
      await signIn(desk.url, 'reader', 'demo');
      expect((await devices()).length).toBe(before + 1);
      expect((await newest()).state.kind).toBe('active');
    } finally {
      line.mend();
      await desk.stop({ keep: true });
    }
  }, 180_000);

  it('a report that was handed over is none that was given back, though its envelope comes too', async () => {
    const directory = join(folder, 'both');
    const desk = await startTestHost({ directory, settings: settings() });
    try {
      const reader = await signIn(desk.url, 'reader', 'demo');
      const taskId = await signOffline(reader, `${marker} both`);
      const kept = join(directory, 'device', 'for-the-group');
      const [name = ''] = await readdir(kept);
      const envelope = await readFile(join(kept, name), 'utf8');
      line.mend();
      const versions = async () => {
        const found = await reader.call('report', { params: { taskId } });
        return found.ok ? found.value.report.versions.map((one) => [one.state, one.returned]) : [];
      };
      await eventually('the release', async () => ((await versions())[0]?.[0] === 'final' ? true : null));
      await eventually('the envelope to go', async () => ((await readdir(kept)).length === 0 ? true : null));
      const hand = (commandId: string) =>
        fetch(`${direct}/api/device/envelope`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ deviceId: device, commandId, envelope }),
        });
      const device = (await newest()).id;
      expect((await hand(name.replace('.envelope', ''))).status).toBe(200);
      // Under another press it was never sealed.
      expect((await hand(crypto.randomUUID())).status).toBe(403);
      expect(await versions()).toEqual([['final', null]]);
      expect((await newest()).givenBack).toBe(0);
    } finally {
      line.mend();
      await desk.stop({ keep: true });
    }
  }, 120_000);

  it('finishes at its next start what it was killed in the middle of, and opens nothing before', async () => {
    const steps = ['device-decided', 'device-keys-after', 'device-data-after'];
    for (const name of steps) {
      const directory = join(folder, name);
      const desk = await startChildHost({
        directory,
        settings: settings(),
        killAt: null,
        killAtStep: { name, nth: 1 },
      });
      const reader = await signIn(desk.url, 'reader', 'demo');
      const { taskId } = await write(reader, `${marker} ${name}`);
      expect((await readFile(join(directory, 'keys', 'data-key.json'), 'utf8')).length).toBeGreaterThan(100);
      await revoke(await newest());
      expect(await desk.ended).toBe('SIGKILL');
      expect(desk.steps.at(-1)).toBe(name);
      const next = await startChildHost({ directory, settings: settings(), killAt: null });
      expect((await capabilities(next.url)).ended?.why).toBe('revoked');
      await ended(next.url, (one) => one.confirmed);
      await nothingLeft(directory);
      await next.stop();
      expect((await newest()).state.kind).toBe('destroyed');
      // The study goes back to the list for whoever reads next.
      const claimed = await signIn(direct, 'reader', 'demo');
      const opened = await claimed.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 1 } });
      expect(opened.ok ? 'opened' : opened.error.message).toBe('opened');
    }
  }, 300_000);

  it('tells each computer the hours that the lead has set', async () => {
    const wrong = await lead.call('setOfflineHours', { input: { hours: 2 } });
    expect(wrong.ok ? 'set' : wrong.error.code).toBe('bad-request');
    const set = await lead.call('setOfflineHours', { input: { hours: 8 } });
    expect(set.ok && set.value.offlineHours).toBe(8);
    const desk = await startTestHost({ directory: join(folder, 'hours'), settings: settings() });
    try {
      const reader = await signIn(desk.url, 'reader', 'demo');
      const told = await reader.call('thisDevice');
      expect(told.ok && told.value.device?.offlineHours).toBe(8);
    } finally {
      await desk.stop({ keep: true });
      await lead.call('setOfflineHours', { input: { hours: 24 } });
    }
  }, 60_000);
});
