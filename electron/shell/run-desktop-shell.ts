import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type * as Electron from 'electron';
import {
  createHost,
  type DesktopPorts,
  type Host,
  HostStartError,
  lockOf,
  readSettings,
  type Settings,
} from '../host/index.ts';
import { chooseSecret } from '../launch/choose-secret.ts';
import { claimFolder, type FolderLock } from '../launch/one-host.ts';
import type { Places } from '../launch/places.ts';
import { readTextFile } from '../launch/read-text-file.ts';
import { realPorts } from '../launch/real-ports.ts';
import { appMenu } from './app-menu.ts';
import { crashWatch } from './crash-watch.ts';
import { engineInUtilityProcess } from './engine-process.ts';
import { findKeyStore } from './key-store.ts';
import { guardNavigation } from './navigation.ts';
import { ownOrigin, ownScheme } from './own-origin.ts';
import { guardSession, partition } from './page-session.ts';
import { windowOptions } from './web-preferences.ts';

/** The parts of Electron that the shell uses; tests put a fake in their place. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'protocol'
  | 'session'
  | 'BrowserWindow'
  | 'shell'
  | 'powerMonitor'
  | 'safeStorage'
  | 'dialog'
  | 'Menu'
  | 'utilityProcess'
>;

/** What the shell takes from its process. */
export type Surroundings = {
  readonly argv: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  print(line: string): void;
  readonly ask: ((question: string) => Promise<string | null>) | null;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
};

/**
 * The desktop: one program for each data folder, its page on `overread://app` answered by the host in this process. There is no preload
 * and no IPC; what only a desktop can do goes to the host as ports. Everything up to the first `await` must happen before Electron is
 * ready.
 */
export async function runDesktopShell(electron: ElectronParts, places: Places, around: Surroundings): Promise<void> {
  const { app, protocol, dialog } = electron;
  app.enableSandbox();
  // Chromium forbids WebGL to an origin after two crashes of the graphics process; images would stay black until a restart.
  app.disableDomainBlockingFor3DAPIs();
  protocol.registerSchemesAsPrivileged([ownScheme]);
  const giveUp = (sentence: string): void => {
    around.print(sentence);
    // From a terminal, npm start goes on with the browser shell; started by a click, nobody would see the line.
    if (app.isPackaged) dialog.showErrorBox('Overread cannot start', sentence);
    app.exit(1);
  };
  const read = readSettings({ argv: around.argv, env: around.env, readFile: readTextFile, platform: around.platform });
  if (!read.ok) return giveUp(read.error.message);
  const settings = read.value;
  // A profile for each data folder: its own page store, and its own "only one instance".
  app.setPath('userData', join(settings.dataDirectory, 'desktop'));
  if (!app.requestSingleInstanceLock()) {
    around.print('Overread runs already with this data folder; its window was brought forward.');
    app.exit(0);
    return;
  }
  const claim = claimFolder(settings.dataDirectory);
  if (claim.kind === 'unusable')
    return giveUp(
      `The data folder ${settings.dataDirectory} cannot be written (${claim.reason}). Check its rights, or name another: --data DIR.`,
    );
  if (claim.kind === 'held') {
    const where =
      claim.holder === null || claim.holder.port === null ? '' : ` at http://127.0.0.1:${claim.holder.port}/`;
    return giveUp(`Overread has this data folder open in the browser already${where}. Use it there, or end it first.`);
  }
  claim.lock.announce({ pid: process.pid, port: null, instance: randomUUID(), shell: 'desktop' });
  const developing = !app.isPackaged;
  const pageSession = (): Electron.Session => electron.session.fromPartition(partition, { cache: false });
  const ownWindowOptions = () => windowOptions(pageSession(), developing);
  app.on('web-contents-created', (_event, contents) =>
    guardNavigation(contents, {
      windowOptions: ownWindowOptions,
      openOutside: (address) => void electron.shell.openExternal(address),
    }),
  );
  await app.whenReady();
  await openOver(electron, places, around, { settings, lock: claim.lock, pageSession, ownWindowOptions, giveUp });
}

async function openOver(
  electron: ElectronParts,
  places: Places,
  around: Surroundings,
  opened: {
    readonly settings: Settings;
    readonly lock: FolderLock;
    readonly pageSession: () => Electron.Session;
    readonly ownWindowOptions: () => Electron.BrowserWindowConstructorOptions;
    readonly giveUp: (sentence: string) => void;
  },
): Promise<void> {
  const { app, powerMonitor, BrowserWindow } = electron;
  const { settings, lock } = opened;
  const keyStore = await findKeyStore(electron.safeStorage, around.platform);
  if (keyStore.kind === 'refused') around.print(keyStore.why);
  const secret = await chooseSecret({
    settings,
    lock: await lockOf(settings.dataDirectory),
    passphrase: around.env.OVERREAD_PASSPHRASE,
    ask: around.ask,
    keyStore: keyStore.kind === 'usable' ? keyStore.secret : null,
  });
  if (!secret.ok) {
    lock.release();
    return opened.giveUp(secret.error);
  }
  const { ports, closeLog } = realPorts(settings.dataDirectory, around.print);
  const openWindow = (path: string): Electron.BrowserWindow => {
    const window = new BrowserWindow(opened.ownWindowOptions());
    void window.loadURL(`${ownOrigin}${path}`);
    return window;
  };
  const desktop: DesktopPorts = {
    openWindow: (id) => {
      // The same grammar as the page's own window.open.
      if (/^[A-Za-z0-9-]{1,64}$/.test(id)) openWindow(`/window/${id}`);
    },
    onLock: (listener) => {
      powerMonitor.on('lock-screen', listener);
      powerMonitor.on('suspend', listener);
      return () => {
        powerMonitor.off('lock-screen', listener);
        powerMonitor.off('suspend', listener);
      };
    },
    startProcess: (entry) => engineInUtilityProcess(electron.utilityProcess, entry),
  };
  let host: Host;
  try {
    host = await createHost({
      settings,
      secret: secret.value,
      shell: 'desktop',
      version: places.version,
      pageDirectory: places.pageDirectory,
      origins: () => [ownOrigin],
      ports,
      desktop,
    });
  } catch (reason) {
    closeLog();
    lock.release();
    if (reason instanceof HostStartError) return opened.giveUp(reason.message);
    throw reason;
  }
  for (const notice of host.notices) around.print(notice);
  guardSession(opened.pageSession(), (request) => host.fetch(request));
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(appMenu(around.platform)));
  app.on('browser-window-created', (_event, window) => {
    window.once('ready-to-show', () => window.show());
    const afterCrash = crashWatch();
    window.webContents.on('render-process-gone', (_gone, { reason }) => {
      const verdict = afterCrash(reason, around.monotonic());
      ports.log.error('a window’s page is gone', { reason, verdict });
      if (verdict === 'reload') window.webContents.reload();
      if (verdict === 'give-up')
        electron.dialog.showErrorBox(
          'The page keeps crashing',
          'Every word that was shown as saved is kept. Close this window and start Overread again.',
        );
    });
  });
  app.on('second-instance', () => {
    const [first] = BrowserWindow.getAllWindows();
    if (first?.isMinimized()) first.restore();
    first?.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow('/');
  });
  app.on('window-all-closed', () => {
    if (around.platform !== 'darwin') app.quit();
  });
  let closed: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    if (closed !== null) return;
    event.preventDefault();
    closed = host.close().finally(() => {
      closeLog();
      lock.release();
      app.exit(0);
    });
  });
  const window = openWindow('/');
  window.webContents.once('did-finish-load', () => around.print('Overread ready on the desktop'));
}
