import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder } from '../launch/one-host.ts';
import { crashWatch } from './crash-watch.ts';
import { findKeyStore } from './key-store.ts';
import { isOwn, isOwnDownload, isOwnWindow } from './own-origin.ts';
import { runDesktopShell, type Surroundings } from './run-desktop-shell.ts';
import { type FakeElectron, fakeElectron, happening } from './testing/fake-electron.ts';
import { emptyFolder, foreign, openShell, places, quit, removeFolder, surroundings } from './testing/opened-shell.ts';

let directory: string;
const running: FakeElectron[] = [];
beforeEach(async () => {
  directory = await emptyFolder();
});
afterEach(async () => {
  for (const fake of running.splice(0)) await quit(fake);
  await removeFolder(directory);
});

async function opened(fake = fakeElectron(), changes: Partial<Surroundings> = {}) {
  const shell = await openShell(directory, fake, changes);
  running.push(fake);
  return shell;
}

describe('the desktop shell', () => {
  it('says when it is ready, and locks the data folder for itself', async () => {
    const { window, printed } = await opened();
    expect(printed).not.toContain('Overread ready on the desktop');
    window.contents.emit('did-finish-load');
    expect(printed.at(-1)).toBe('Overread ready on the desktop');
    expect(claimFolder(directory)).toMatchObject({ kind: 'held', holder: { shell: 'desktop', port: null } });
  });

  it('answers the page by the very host of the browser shell, at its one origin', async () => {
    const { fake } = await opened();
    const ask = (init?: RequestInit) => fake.handlers.protocol?.(new Request('overread://app/api/capabilities', init));
    expect(await (await ask())?.json()).toMatchObject({ product: 'Overread', shell: 'desktop', windows: true });
    expect((await ask({ headers: { Origin: 'https://evil.example' } }))?.status).toBe(403);
  });

  it('closes the host before it ends, and frees the data folder', async () => {
    const { fake } = await opened();
    running.splice(0);
    const event = happening();
    fake.app.emit('will-quit', event);
    expect(event.prevented).toBe(true);
    expect(await fake.exit).toBe(0);
    const claim = claimFolder(directory);
    expect(claim.kind).toBe('ours');
    if (claim.kind === 'ours') claim.lock.release();
  });

  it('ends quietly when it is the second of its kind', async () => {
    const fake = fakeElectron({ single: false });
    const { around, printed } = surroundings(directory);
    await runDesktopShell(fake.electron, places, around);
    expect(await fake.exit).toBe(0);
    expect(printed[0]).toMatch(/^Overread runs already/);
    expect(fake.windows).toEqual([]);
  });

  it('leaves the data to a browser shell that has them open, and says where', async () => {
    const claim = claimFolder(directory);
    if (claim.kind !== 'ours') throw new Error('it was not free');
    claim.lock.announce({ pid: 1, port: 4870, instance: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', shell: 'browser' });
    const fake = fakeElectron();
    const { around, printed } = surroundings(directory);
    await runDesktopShell(fake.electron, places, around);
    expect(await fake.exit).toBe(1);
    expect(printed[0]).toContain('http://127.0.0.1:4870/');
    claim.lock.release();
  });

  it('shows why it cannot start to somebody who clicked', async () => {
    const fake = fakeElectron({ packaged: true });
    const { around } = surroundings(directory, { argv: ['--prot', '1'] });
    await runDesktopShell(fake.electron, places, around);
    expect(await fake.exit).toBe(1);
    expect(fake.errors[0]).toContain('--prot is not an option');
  });

  it('tells the host when the computer locks or sleeps', async () => {
    const { fake } = await opened();
    expect(fake.powerMonitor.listenerCount('lock-screen')).toBe(1);
    expect(fake.powerMonitor.listenerCount('suspend')).toBe(1);
    running.splice(0);
    await quit(fake);
    expect(fake.powerMonitor.listenerCount('lock-screen')).toBe(0);
    expect(fake.powerMonitor.listenerCount('suspend')).toBe(0);
  });

  it('loads a page that crashed again, three times in a minute and no more', async () => {
    const { fake, window } = await opened();
    for (let count = 0; count < 5; count += 1)
      window.contents.emit('render-process-gone', happening(), { reason: 'oom', exitCode: 1 });
    expect(window.contents.reloads).toBe(3);
    expect(fake.errors.at(-1)).toContain('Every word that was shown as saved is kept');
    const watch = crashWatch();
    expect([0, 30_000, 70_000, 140_000, 210_000].map((at) => watch('crashed', at))).toEqual(Array(5).fill('reload'));
    expect(watch('clean-exit', 210_001)).toBe('leave');
  });

  it('saves only what its own page made', async () => {
    const { fake } = await opened();
    const stopped = (url: string): boolean => {
      const event = happening();
      fake.session.emit('will-download', event, { getURL: () => url });
      return event.prevented;
    };
    expect(stopped('blob:overread://app/3f2504e0')).toBe(false);
    expect(stopped('https://evil.example/a.exe')).toBe(true);
    expect(stopped('blob:https://evil.example/1')).toBe(true);
    fc.assert(fc.property(foreign, (url) => !isOwnDownload(url) && !isOwn(url) && !isOwnWindow(url)));
  });
});

describe('the key store', () => {
  it('keeps the data key of a new folder, and opens it again', async () => {
    const first = await opened();
    expect(JSON.parse(await readFile(join(directory, 'keys', 'data-key.json'), 'utf8'))).toMatchObject({
      source: 'os-key-store',
    });
    running.splice(0);
    await quit(first.fake);
    const second = await opened();
    expect(second.window.urls).toEqual(['overread://app/']);
  });

  it('is refused where it seals with a password that everybody knows', async () => {
    for (const backend of ['basic_text', 'unknown']) {
      const { electron } = fakeElectron({ backend });
      expect(await findKeyStore(electron.safeStorage, 'linux')).toMatchObject({ kind: 'refused' });
      expect(await findKeyStore(electron.safeStorage, 'darwin')).toMatchObject({ kind: 'usable' });
    }
    const { electron } = fakeElectron({ keyStore: false });
    expect(await findKeyStore(electron.safeStorage, 'win32')).toMatchObject({ kind: 'refused' });
  });

  it('gives way to a passphrase with a message; without one nothing real is started', async () => {
    const { printed } = await opened(fakeElectron({ backend: 'basic_text' }), {
      env: { OVERREAD_PASSPHRASE: 'four quiet radiators' },
    });
    expect(printed[0]).toContain('no key ring');
    expect(JSON.parse(await readFile(join(directory, 'keys', 'data-key.json'), 'utf8'))).toMatchObject({
      source: 'passphrase',
    });
  });

  it('starts nothing without key store and passphrase', async () => {
    const fake = fakeElectron({ backend: 'basic_text' });
    const { around, printed } = surroundings(directory);
    fake.becomeReady();
    await runDesktopShell(fake.electron, places, around);
    expect(await fake.exit).toBe(1);
    expect(printed.join(' ')).toContain('Set OVERREAD_PASSPHRASE');
    expect(fake.windows).toEqual([]);
  });
});
