import { readFile } from 'node:fs/promises';
import type * as Electron from 'electron';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayOpenOutside } from './own-origin.ts';
import { mayHave } from './permissions.ts';
import { type FakeElectron, happening } from './testing/fake-electron.ts';
import { emptyFolder, foreign, openShell, quit, removeFolder } from './testing/opened-shell.ts';
import { windowOptions } from './web-preferences.ts';
import { placeAsked } from './window-place.ts';

/** The names of permissions that the installed Electron knows, from its own declarations. */
async function permissionNames(): Promise<readonly string[]> {
  const text = await readFile(new URL('../../node_modules/electron/electron.d.ts', import.meta.url), 'utf8');
  const line = /setPermissionCheckHandler\(handler: .*?permission: ([^,]+), requestingOrigin/.exec(text)?.[1] ?? '';
  return [...line.matchAll(/'([^']+)'/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

describe('the desktop shell, by the twenty items of Electron’s security list', () => {
  // One shell for all: none of these changes it.
  let fake: FakeElectron;
  let window: FakeElectron['windows'][number];
  let directory: string;
  beforeAll(async () => {
    directory = await emptyFolder();
    ({ fake, window } = await openShell(directory));
  });
  afterAll(async () => {
    await quit(fake);
    await removeFolder(directory);
  });

  it('1: loads nothing but its own origin, whatever asks for it', async () => {
    const cancelled = (url: string): boolean | undefined => {
      let verdict: { cancel?: boolean } = {};
      fake.handlers.beforeRequest?.({ url }, (answer) => {
        verdict = answer;
      });
      return verdict.cancel;
    };
    for (const url of [
      'http://127.0.0.1:8042/',
      'https://pacs.example/',
      'file:///etc/passwd',
      'ws://x/',
      'overread://other/',
    ])
      expect(cancelled(url), url).toBe(true);
    for (const url of [
      'overread://app/',
      'overread://app/api/status',
      'blob:overread://app/1',
      'data:image/png;base64,',
    ])
      expect(cancelled(url), url).toBe(false);
  });

  it('2, 3, 4, 6, 8, 9, 10, 11: runs every page with exactly these preferences', async () => {
    const { session, ...preferences } = window.options.webPreferences ?? {};
    expect(session).toBe(fake.session);
    // The whole of it: a preference added in haste fails here too (enableBlinkFeatures, preload, …).
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      backgroundThrottling: false,
      devTools: true,
    });
    expect(windowOptions(fake.session, false).webPreferences?.devTools).toBe(false);
  });

  it('4: asks for the sandbox, and registers its scheme, before Electron is ready', () => {
    const early = fake.calls.slice(0, fake.calls.indexOf('whenReady'));
    expect(early).toEqual(
      expect.arrayContaining(['enableSandbox', 'registerSchemesAsPrivileged', 'disableDomainBlockingFor3DAPIs']),
    );
  });

  it('5: grants the microphone, clipboard writing, full screen, notifications and places of screens to its own main frame, nothing else to anyone', async () => {
    const names = await permissionNames();
    expect(names.length).toBeGreaterThan(40);
    const asked = (permission: string, requestingUrl: string, isMainFrame: boolean, mediaTypes?: readonly string[]) => {
      let granted: boolean | null = null;
      const answer = (value: boolean): void => {
        granted = value;
      };
      const details = { requestingUrl, isMainFrame, ...(mediaTypes === undefined ? {} : { mediaTypes }) };
      fake.handlers.permissionRequest?.({} as never, permission as never, answer, details as never);
      return granted;
    };
    const checked = (permission: string, origin: string, mediaType?: string) =>
      fake.handlers.permissionCheck?.(null, permission as never, origin, { isMainFrame: true, mediaType } as never);
    const granted = names.filter((name) =>
      asked(name, 'overread://app/', true, name === 'media' ? ['audio'] : undefined),
    );
    expect(granted.sort()).toEqual([
      'clipboard-sanitized-write',
      'fullscreen',
      'hid',
      'media',
      'notifications',
      'window-management',
    ]);
    expect(
      names.filter((name) => checked(name, 'overread://app/', name === 'media' ? 'audio' : undefined)).sort(),
    ).toEqual(granted);
    for (const name of names) {
      expect(asked(name, 'https://evil.example/', true, ['audio']), name).toBe(false);
      expect(asked(name, 'overread://app/', false, ['audio']), name).toBe(false);
      expect(checked(name, 'https://evil.example', 'audio'), name).toBe(false);
    }
    expect(asked('media', 'overread://app/', true, ['video'])).toBe(false);
    expect(asked('media', 'overread://app/', true, ['audio', 'video'])).toBe(false);
    expect(asked('media', 'overread://app/', true, [])).toBe(false);
    expect(checked('media', 'overread://app/', 'video')).toBe(false);
    expect(mayHave({ permission: 'fullscreen', origin: 'overread://app.evil/', isMainFrame: true, media: [] })).toBe(
      false,
    );
  });

  it('5: hands out no device but those for dictation, to its own page alone; no screen, no pairing', async () => {
    const powerMic = { deviceId: 'mic', vendorId: 1364, productId: 4097, name: 'PowerMic III' };
    const keyboard = { deviceId: 'keys', vendorId: 1133, productId: 50_475, name: 'Keyboard' };
    const handedOut = (device: unknown, deviceType = 'hid', origin = 'overread://app'): unknown =>
      fake.handlers.device?.({ deviceType, origin, device } as never);
    expect(handedOut(powerMic)).toBe(true);
    expect(handedOut(keyboard)).toBe(false);
    expect(handedOut(powerMic, 'usb')).toBe(false);
    expect(handedOut(powerMic, 'serial')).toBe(false);
    expect(handedOut(powerMic, 'hid', 'https://evil.example')).toBe(false);
    // Own properties only: no vendor is called by the name of one that every object has.
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), (vendorId, productId) => {
        fc.pre(vendorId !== 1364 && vendorId !== 2321);
        return handedOut({ ...powerMic, vendorId, productId }) === false;
      }),
    );
    const picked = (deviceList: readonly unknown[], url: string | null): unknown => {
      let chosen: unknown = 'nothing was answered';
      const event = happening();
      fake.session.emit(
        'select-hid-device',
        event,
        { deviceList, frame: url === null ? null : { url } },
        (id?: string) => {
          chosen = id;
        },
      );
      expect(event.prevented).toBe(true);
      return chosen;
    };
    expect(picked([keyboard, powerMic], 'overread://app/')).toBe('mic');
    expect(picked([keyboard], 'overread://app/')).toBeUndefined();
    expect(picked([powerMic], 'https://evil.example/')).toBeUndefined();
    expect(picked([powerMic], null)).toBeUndefined();
    let shown: unknown = 'nothing was answered';
    fake.handlers.displayMedia?.({} as never, (streams) => {
      shown = streams;
    });
    expect(shown).toBeNull();
    let paired: unknown;
    fake.handlers.bluetooth?.({} as never, (answer) => {
      paired = answer;
    });
    expect(paired).toEqual({ confirmed: false });
    for (const name of ['select-usb-device', 'select-serial-port']) {
      const event = happening();
      let chosen: unknown = 'nothing was answered';
      const answer = (id?: string): void => {
        chosen = id;
      };
      fake.session.emit(name, event, ...(name === 'select-serial-port' ? [[], {}, answer] : [{}, answer]));
      expect(event.prevented, name).toBe(true);
      expect(chosen, name).toBeFalsy();
    }
  });

  it('7: answers the page with a policy that lets no foreign or inline script run', async () => {
    const answer = await fake.handlers.protocol?.(new Request('overread://app/api/capabilities'));
    const policy = answer?.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/(?:^|; )script-src 'self' 'wasm-unsafe-eval'(?:;|$)/);
    expect(policy).toMatch(/(?:^|; )worker-src 'self'(?:;|$)/);
    expect(policy).toMatch(/(?:^|; )default-src 'self'(?:;|$)/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });

  it('12: attaches no webview', async () => {
    const event = happening();
    window.contents.emit('will-attach-webview', event, {}, {});
    expect(event.prevented).toBe(true);
  });

  it('13: stays on its own origin: links, redirects and frames', async () => {
    const stopped = (name: string, url: string, isMainFrame = true): boolean => {
      const event = happening({ url, isMainFrame });
      window.contents.emit(name, event);
      return event.prevented;
    };
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      fc.assert(
        fc.property(foreign, (url) => stopped(name, url)),
        { numRuns: 2_000 },
      );
      expect(stopped(name, 'overread://app/case/task-1'), name).toBe(false);
    }
    expect(stopped('will-frame-navigate', 'overread://app/', false)).toBe(true);
  });

  it('14: opens no window but its own /window/{id}, with the same preferences', async () => {
    const handler = window.contents.openHandler;
    if (handler === null) throw new Error('no handler');
    const open = (url: string) => handler({ url } as Electron.HandlerDetails);
    fc.assert(
      fc.property(foreign, (url) => open(url).action === 'deny'),
      { numRuns: 10_000 },
    );
    for (const url of [
      'overread://app/',
      'overread://app/case/1',
      'overread://app/window/a/b',
      'overread://app/window/',
      'overread://app/window/a?x=1',
    ])
      expect(open(url), url).toEqual({ action: 'deny' });
    const allowed = open('overread://app/window/3f2504e0-4f89');
    expect(allowed).toMatchObject({ action: 'allow' });
    if (allowed.action === 'allow')
      expect(allowed.overrideBrowserWindowOptions?.webPreferences).toEqual(
        windowOptions(fake.session, true).webPreferences,
      );
    // Its place is all that the page says of it: nothing in the features reaches the preferences.
    const placed = handler({
      url: 'overread://app/window/w1',
      features: 'popup,left=-1920,top=0,width=1920,height=1080,nodeIntegration=1,contextIsolation=0,webPreferences=x',
    } as Electron.HandlerDetails);
    expect(placed).toEqual({
      action: 'allow',
      overrideBrowserWindowOptions: {
        ...windowOptions(fake.session, true),
        x: -1920,
        y: 0,
        width: 1920,
        height: 1080,
      },
    });
    fc.assert(
      fc.property(fc.string(), (features) => {
        const made = handler({ url: 'overread://app/window/w1', features } as Electron.HandlerDetails);
        if (made.action !== 'allow') return false;
        const { x: _x, y: _y, width: _w, height: _h, ...rest } = made.overrideBrowserWindowOptions ?? {};
        const { width: _width, height: _height, ...own } = windowOptions(fake.session, true);
        expect(rest).toEqual(own);
        return true;
      }),
    );
    for (const features of [
      'popup',
      'left=1,top=2',
      'left=1,top=2,width=1e9,height=4',
      'left=1,top=2,width=9,height=9',
    ])
      expect(placeAsked(features), features).toEqual({});
  });

  it('15: opens nothing in other programs but https pages of listed hosts', async () => {
    const handler = window.contents.openHandler;
    fc.assert(
      fc.property(foreign, (url) => {
        handler?.({ url } as Electron.HandlerDetails);
        return !mayOpenOutside(url, ['listed.example']);
      }),
      { numRuns: 10_000 },
    );
    expect(fake.opened).toEqual([]);
    expect(mayOpenOutside('https://listed.example/page', ['listed.example'])).toBe(true);
    for (const url of [
      'http://listed.example/',
      'https://listed.example.evil/',
      'https://a@listed.example/',
      'https://listed.example:8443/',
      'file://listed.example/',
      'smb://listed.example/',
    ])
      expect(mayOpenOutside(url, ['listed.example']), url).toBe(false);
  });

  it('16: is built on an exact version of Electron, the one that is installed', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      devDependencies: { electron: string };
    };
    const installed = JSON.parse(
      await readFile(new URL('../../node_modules/electron/package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(manifest.devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(installed.version).toBe(manifest.devDependencies.electron);
    expect(Number(installed.version.split('.')[0])).toBeGreaterThanOrEqual(45);
  });

  it('17, 20: has no IPC and no preload through which a page could reach Electron', async () => {
    // Of Electron the program takes exactly these; the rule of style `no-ipc` (test/architecture) sees to the rest of the sources.
    const source = await readFile(new URL('../main.ts', import.meta.url), 'utf8');
    const taken = /^import \{([^}]+)\} from 'electron';$/m
      .exec(source)?.[1]
      ?.split(',')
      .map((one) => one.trim());
    expect(taken?.filter((one) => one !== '').sort()).toEqual([
      'BrowserWindow',
      'Menu',
      'app',
      'dialog',
      'powerMonitor',
      'protocol',
      'safeStorage',
      'session',
      'shell',
      'utilityProcess',
    ]);
    expect(window.options.webPreferences).not.toHaveProperty('preload');
    expect(window.contents.listenerCount('ipc-message')).toBe(0);
    expect(window.contents.listenerCount('ipc-message-sync')).toBe(0);
  });

  it('18: lives on a scheme of its own, with no more rights than it needs, and never on file:', async () => {
    expect(fake.schemes).toEqual([
      {
        scheme: 'overread',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          stream: true,
          codeCache: true,
          corsEnabled: false,
          bypassCSP: false,
          allowServiceWorkers: false,
        },
      },
    ]);
    expect(window.urls).toEqual(['overread://app/']);
    expect(fake.calls).toContain('handle overread');
    expect(new Set(fake.partitions.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ name: 'persist:overread', cache: false })]),
    );
  });

  it('18: serves no file outside the page, however it is spelled', async () => {
    const paths = [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/..%5cpackage.json',
      '/%252e%252e/package.json',
      '/\\..\\package.json',
      '/index.html%00.js',
      '//etc/passwd',
      '/C:/Windows/win.ini',
    ];
    for (const path of paths) {
      const answer = await fake.handlers.protocol?.(new Request(`overread://app${path}`));
      expect(answer?.status, path).toBe(404);
    }
    expect((await fake.handlers.protocol?.(new Request('overread://other/')))?.status).toBe(404);
  });
  // 19, the fuses: test/packaging.
});
