import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../electron/host/settings/types.ts';
import type { Delivery } from '../../shared/domain/delivery/index.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import type { GatewayLife } from './gateway-life-child.ts';

describe('a fax gateway that is moved while its host dies', () => {
  let place: string;
  let lives = 0;
  const was = (): string => join(place, 'was');
  const now = (): string => join(place, 'now');
  beforeEach(async () => {
    lives = 0;
    place = await mkdtemp(join(tmpdir(), 'overread-moved-'));
    for (const folder of ['host', 'other', 'was', 'now']) await mkdir(join(place, folder));
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  const desk = { name: 'Reports desk', address: '+12065550100', orderer: null, usual: true };
  const unmoved = (): Gateway => ({
    ...{ siteId: 'larkspur', kind: 'fax', recipients: [desk] },
    to: { kind: 'folder', folder: was() },
  });
  const moved = (): Gateway => ({
    ...unmoved(),
    to: { kind: 'folder', folder: now() },
    before: [{ to: { kind: 'folder', folder: was() }, movedAt: Date.now() }],
  });
  const live = async (
    gateway: Gateway,
    killAt: string | null,
    more: Partial<Pick<GatewayLife, 'retry' | 'recordUrl' | 'signs' | 'silentFrom'>> & { readonly host?: string } = {},
  ): Promise<Delivery | null> => {
    const { host = 'host', ...others } = more;
    const life: GatewayLife = {
      ...{ directory: join(place, host), gateway, killAt, retry: false, ahead: lives * 20 },
      ...{ recordUrl: null, signs: true, silentFrom: null, ...others },
    };
    lives += 1;
    const child = spawn(process.execPath, [fileURLToPath(new URL('./gateway-life-child.ts', import.meta.url))], {
      env: { ...process.env, OVERREAD_TEST_GATEWAY: JSON.stringify(life) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const ended = await new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('close', (_code, signal) => resolve(signal)),
    );
    expect(ended, `its end at ${killAt}`).toBe(killAt === null ? null : 'SIGKILL');
    return killAt === null ? ((JSON.parse(said) as Delivery[])[0] ?? null) : null;
  };
  /** What a gateway does: takes what lies there and counts it. */
  const taken = async (folder: string): Promise<readonly string[]> => {
    await mkdir(join(folder, 'taken'), { recursive: true });
    for (const id of await readdir(join(folder, 'jobs')).catch(() => []))
      await rename(join(folder, 'jobs', id), join(folder, 'taken', id));
    return readdir(join(folder, 'taken'));
  };

  it.each([
    // Nothing was written down yet: it goes to where the gateway is now.
    ['before-fax', 0, 1],
    ['fax-hand', 0, 1],
    // It lies where the gateway was.
    ['fax-handed', 1, 0],
    ['after-fax', 1, 0],
  ] as const)(
    'gets its job once: killed at %s',
    async (killAt, there, here) => {
      await live(unmoved(), killAt);
      const count = async () => [(await taken(was())).length, (await taken(now())).length];
      const waiting = await live(moved(), null);
      expect(await count()).toEqual([there, here]);
      expect(waiting?.state).not.toBe('refused');
      // The one that has the job tells its end, wherever it is.
      const [folder, [id]] = there === 1 ? [was(), await taken(was())] : [now(), await taken(now())];
      await writeFile(join(folder, 'status', `${id}.json`), JSON.stringify({ job: id, status: 'delivered' }));
      expect((await live(moved(), null))?.state).toBe('filed');
      expect(await count()).toEqual([there, here]);
    },
    60_000,
  );

  it('waits for a person where nobody can tell whether it was put there, and goes once when she says so', async () => {
    await live(unmoved(), 'fax-noted');
    const asked = await live(moved(), null);
    expect([asked?.state, asked?.proof]).toEqual(['refused', expect.stringMatching(/It is not known there/)]);
    expect([await taken(was()), await taken(now())]).toEqual([[], []]);
    await live(moved(), 'fax-noted', { retry: true });
    await live(moved(), null);
    expect([(await taken(was())).length, (await taken(now())).length]).toEqual([0, 1]);
  }, 60_000);

  describe('and another host of the group takes over, which has never heard of the first one’s journal', () => {
    let record: Awaited<ReturnType<typeof startFhirRouter>>;
    beforeEach(async () => {
      record = await startFhirRouter();
    });
    afterEach(() => record.close());
    const dies = (killAt: string) => live(unmoved(), killAt, { recordUrl: record.url });
    const takesOver = (gateway: Gateway) => live(gateway, null, { recordUrl: record.url, signs: false, host: 'other' });
    const count = async () => [(await taken(was())).length, (await taken(now())).length];

    it.each([
      ['fax-hand', 0, 1],
      ['fax-handed', 1, 0],
    ] as const)(
      'it goes once: killed at %s',
      async (killAt, there, here) => {
        await dies(killAt);
        const waiting = await takesOver(moved());
        expect(await count()).toEqual([there, here]);
        expect(waiting?.state).not.toBe('refused');
        const [folder, [id]] = there === 1 ? [was(), await taken(was())] : [now(), await taken(now())];
        await writeFile(join(folder, 'status', `${id}.json`), JSON.stringify({ job: id, status: 'delivered' }));
        expect((await takesOver(moved()))?.state).toBe('filed');
        expect(await count()).toEqual([there, here]);
      },
      60_000,
    );

    it('a person is asked where its own settings never had the place, or nobody can tell whether it was put there', async () => {
      await dies('fax-handed');
      const elsewhere: Gateway = { ...unmoved(), to: { kind: 'folder', folder: now() } };
      const asked = await takesOver(elsewhere);
      expect([asked?.state, asked?.proof]).toEqual(['refused', expect.stringMatching(/which is set no more/)]);
      expect(await count()).toEqual([1, 0]);
    }, 60_000);

    it('nothing is put anywhere while the record cannot be told, and it goes once when it can', async () => {
      const waiting = await live(unmoved(), null, { recordUrl: record.url, silentFrom: 'fax-hand' });
      expect([waiting?.state, waiting?.proof]).toEqual(['queued', expect.stringMatching(/could not be written down/)]);
      expect(await count()).toEqual([0, 0]);
      await live(unmoved(), null, { recordUrl: record.url });
      expect(await count()).toEqual([1, 0]);
    }, 60_000);
  });

  it('that was not moved gets it once from the life after, whatever the step was', async () => {
    for (const killAt of ['fax-hand', 'fax-noted']) await live(unmoved(), killAt);
    await live(unmoved(), null);
    await taken(was());
    await live(unmoved(), null);
    expect(await taken(was())).toHaveLength(1);
  }, 60_000);
});
