import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStale } from '../build/freshness.ts';
import { downloadElectron } from './download-electron.ts';
import { findElectron } from './electron-binary.ts';
import { cacheFolder, rememberedFailure } from './remembered-failure.ts';
import { runDesktop } from './run-desktop.ts';
import { type Outside, startOverread } from './start-overread.ts';

/** A computer on which all is well, and what was done to it. */
function computer(changes: Partial<Outside> = {}) {
  const done: string[] = [];
  const said: string[] = [];
  const note = async (what: string): Promise<void> => {
    done.push(what);
  };
  const outside: Outside = {
    platform: 'linux',
    env: { DISPLAY: ':0' },
    now: () => 1_000_000_000,
    isRoot: () => false,
    print: (line) => said.push(line),
    pageIsStale: () => false,
    buildPage: () => note('build page'),
    desktopIsStale: () => false,
    buildDesktop: () => note('build desktop'),
    findElectron: () => '/electron',
    downloadElectron: async () => {
      done.push('download');
      return 'ENOTFOUND';
    },
    failure: {
      isRecent: () => false,
      remember: () => done.push('remember failure'),
      forget: () => done.push('forget failure'),
    },
    runDesktop: async () => {
      done.push('desktop');
      return { ready: true, code: 0, complaint: '' };
    },
    runBrowserShell: async () => {
      done.push('browser');
      return null;
    },
    ...changes,
  };
  return { outside, done, said };
}

describe('npm start', () => {
  it('opens the desktop where all is well, and ends with its exit code', async () => {
    const { outside, done, said } = computer();
    expect(await startOverread(outside, undefined)).toBe(0);
    expect(done).toEqual(['desktop']);
    expect(said).toEqual([]);
  });

  it('builds the page when it is missing or old, the desktop only when it opens one', async () => {
    const stale = { pageIsStale: () => true, desktopIsStale: () => true };
    const desktop = computer(stale);
    await startOverread(desktop.outside, undefined);
    expect(desktop.done).toEqual(['build page', 'build desktop', 'desktop']);
    const browser = computer(stale);
    expect(await startOverread(browser.outside, 'browser')).toBeNull();
    expect(browser.done).toEqual(['build page', 'browser']);
  });

  it('skips Electron altogether with --browser', async () => {
    const { outside, done } = computer({ findElectron: () => null });
    await startOverread(outside, 'browser');
    expect(done).toEqual(['browser']);
  });

  it.each([
    ['no display', { env: {} }, /no display/],
    ['root', { isRoot: () => true }, /root/],
    [
      'a failed download of the last day',
      {
        findElectron: () => null,
        failure: { isRecent: () => true, remember: () => undefined, forget: () => undefined },
      },
      /--desktop tries again/,
    ],
  ])('opens the browser shell with one sentence for %s, and downloads nothing', async (_what, changes, sentence) => {
    const { outside, done, said } = computer(changes as Partial<Outside>);
    expect(await startOverread(outside, undefined)).toBeNull();
    expect(done).toEqual(['browser']);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(sentence);
  });

  it('takes Wayland for a display', async () => {
    const { outside, done } = computer({ env: { WAYLAND_DISPLAY: 'wayland-0' } });
    await startOverread(outside, undefined);
    expect(done).toEqual(['desktop']);
  });

  it('asks for no display on macOS and Windows', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const { outside, done } = computer({ platform, env: {} });
      await startOverread(outside, undefined);
      expect(done).toEqual(['desktop']);
    }
  });

  it('tries the download once, remembers that it failed, and opens the browser shell', async () => {
    const { outside, done, said } = computer({ findElectron: () => null });
    await startOverread(outside, undefined);
    expect(done).toEqual(['download', 'remember failure', 'browser']);
    expect(said.at(-1)).toMatch(/could not be downloaded \(ENOTFOUND\)/);
  });

  it('tries again with --desktop though it failed within the day', async () => {
    const { outside, done } = computer({ findElectron: () => null });
    await startOverread({ ...outside, failure: { ...outside.failure, isRecent: () => true } }, 'desktop');
    expect(done).toEqual(['download', 'remember failure', 'browser']);
  });

  it('opens the desktop after a download that worked', async () => {
    let present = false;
    const { outside, done } = computer({
      findElectron: () => (present ? '/electron' : null),
      downloadElectron: async () => {
        present = true;
        return null;
      },
    });
    await startOverread(outside, undefined);
    expect(done).toEqual(['forget failure', 'desktop']);
  });

  it('does not believe a download that brought no program', async () => {
    const { outside, done } = computer({ findElectron: () => null, downloadElectron: async () => null });
    await startOverread(outside, undefined);
    expect(done).toEqual(['remember failure', 'browser']);
  });

  it.each([
    [
      'FATAL:setuid_sandbox_host.cc The SUID sandbox helper binary was found, but is not configured correctly.',
      /sandbox/,
    ],
    ['electron: error while loading shared libraries: libnss3.so: cannot open shared object file', /libnss3\.so/],
    ['', /exit code 133/],
  ])('names the remedy when the desktop ends before it is ready: %s', async (complaint, sentence) => {
    const { outside, done, said } = computer({ runDesktop: async () => ({ ready: false, code: 133, complaint }) });
    expect(await startOverread(outside, undefined)).toBeNull();
    expect(done).toEqual(['browser']);
    expect(said[0]).toMatch(sentence);
    expect(said[0]).not.toContain('no-sandbox');
  });

  it('does not open the browser after a desktop that was ready and crashed later', async () => {
    const { outside, done } = computer({ runDesktop: async () => ({ ready: true, code: 5, complaint: '' }) });
    expect(await startOverread(outside, undefined)).toBe(5);
    expect(done).toEqual([]);
  });
});

describe('the parts of npm start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'overread-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function electronIn(root: string, version: string): void {
    const place = join(root, 'node_modules', 'electron');
    mkdirSync(join(place, 'dist'), { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ version: '45.4.1' }));
    writeFileSync(join(place, 'path.txt'), 'electron');
    writeFileSync(join(place, 'dist', 'version'), version);
    writeFileSync(join(place, 'dist', 'electron'), '');
  }

  it('finds the Electron program of its own version only, and none outside its folder', () => {
    expect(findElectron(folder)).toBeNull();
    electronIn(folder, 'v45.4.1');
    expect(findElectron(folder)).toBe(join(folder, 'node_modules', 'electron', 'dist', 'electron'));
    electronIn(folder, '44.0.0');
    expect(findElectron(folder)).toBeNull();
    electronIn(folder, '45.4.1');
    writeFileSync(join(folder, 'node_modules', 'electron', 'path.txt'), '../../../../bin/sh');
    expect(findElectron(folder)).toBeNull();
  });

  it('remembers a failed download for a day, not longer, and not from the future', () => {
    const failure = rememberedFailure(join(folder, 'cache'));
    const hour = 3_600_000;
    expect(failure.isRecent(100 * hour)).toBe(false);
    failure.remember(100 * hour);
    expect(failure.isRecent(123 * hour)).toBe(true);
    expect(failure.isRecent(124 * hour)).toBe(false);
    expect(failure.isRecent(99 * hour)).toBe(false);
    failure.forget();
    expect(failure.isRecent(100 * hour)).toBe(false);
    expect(rememberedFailure(null).isRecent(0)).toBe(false);
  });

  it('keeps that memory in each system’s cache folder', () => {
    expect(cacheFolder({ HOME: '/home/ann' }, 'linux')).toBe('/home/ann/.cache/overread');
    expect(cacheFolder({ HOME: '/home/ann', XDG_CACHE_HOME: '/var/ann' }, 'linux')).toBe('/var/ann/overread');
    expect(cacheFolder({ HOME: '/Users/ann' }, 'darwin')).toBe('/Users/ann/Library/Caches/Overread');
    expect(cacheFolder({ LOCALAPPDATA: 'C:\\Ann' }, 'win32')).toBe('C:\\Ann\\Overread\\Cache');
    expect(cacheFolder({}, 'linux')).toBeNull();
  });

  it('ends a download that takes too long, and names why one failed', async () => {
    const installer = join(folder, 'install.cjs');
    writeFileSync(installer, 'setInterval(() => 0, 1000)');
    const progress = (): void => undefined;
    expect(await downloadElectron({ installer, limit: 300, progress })).toMatch(/longer than/);
    writeFileSync(installer, 'console.error("getaddrinfo ENOTFOUND host"); process.exit(1)');
    expect(await downloadElectron({ installer, limit: 10_000, progress })).toBe('ENOTFOUND');
    writeFileSync(installer, 'console.error("TypeError: fetch failed"); process.exit(1)');
    expect(await downloadElectron({ installer, limit: 10_000, progress })).toBe(
      'its server cannot be reached from here',
    );
    writeFileSync(installer, 'process.exit(0)');
    expect(await downloadElectron({ installer, limit: 10_000, progress })).toBeNull();
  });

  it('knows a desktop that was ready from one that never was', async () => {
    const script = join(folder, 'desktop.cjs');
    const lines: string[] = [];
    const run = () => runDesktop(process.execPath, [script], (line) => lines.push(line));
    writeFileSync(script, 'console.log("Overread ready on the desktop"); process.exitCode = 3');
    expect(await run()).toEqual({ ready: true, code: 3, complaint: '' });
    expect(lines).toEqual(['Overread ready on the desktop']);
    writeFileSync(script, 'console.error("no sandbox for you"); process.exitCode = 1');
    expect(await run()).toMatchObject({ ready: false, code: 1, complaint: 'no sandbox for you\n' });
    expect(await runDesktop(join(folder, 'absent'), [], () => undefined)).toMatchObject({ ready: false, code: 1 });
  });

  it('builds again what is older than a source, and what is missing', () => {
    const [built, source] = [join(folder, 'built'), join(folder, 'sources', 'deep', 'one.ts')];
    mkdirSync(join(folder, 'sources', 'deep'), { recursive: true });
    writeFileSync(source, '');
    expect(isStale(built, [join(folder, 'sources')])).toBe(true);
    writeFileSync(built, '');
    utimesSync(source, 1_000, 1_000);
    expect(isStale(built, [join(folder, 'sources')])).toBe(false);
    utimesSync(built, 500, 500);
    expect(isStale(built, [join(folder, 'sources')])).toBe(true);
  });

  it('passes --no-sandbox nowhere', () => {
    for (const name of ['start-overread.ts', 'run-desktop.ts', '../start.ts'])
      expect(readFileSync(new URL(name, import.meta.url), 'utf8')).not.toContain('--no-sandbox');
  });
});
