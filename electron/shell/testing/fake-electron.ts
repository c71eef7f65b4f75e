import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import type { ElectronParts } from '../run-desktop-shell.ts';

/** What was done to Electron, in order. */
export type FakeElectron = ReturnType<typeof fakeElectron>;

type Handlers = {
  permissionRequest?: Parameters<Electron.Session['setPermissionRequestHandler']>[0];
  permissionCheck?: Parameters<Electron.Session['setPermissionCheckHandler']>[0];
  device?: Parameters<Electron.Session['setDevicePermissionHandler']>[0];
  displayMedia?: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0];
  bluetooth?: Parameters<Electron.Session['setBluetoothPairingHandler']>[0];
  beforeRequest?: (details: { url: string }, answer: (verdict: { cancel?: boolean }) => void) => void;
  protocol?: (request: Request) => Response | Promise<Response>;
};

/** An event as Electron hands it to listeners. */
export function happening(details: object = {}) {
  const event = {
    ...details,
    prevented: false,
    preventDefault: () => {
      event.prevented = true;
    },
  };
  return event;
}

export class FakeContents extends EventEmitter {
  reloads = 0;
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

/** Electron as far as the shell uses it, on which every call leaves a trace. It starts nothing and is ready when `becomeReady` says so. */
export function fakeElectron(
  changes: { backend?: string; packaged?: boolean; single?: boolean; keyStore?: boolean } = {},
) {
  const calls: string[] = [];
  const handlers: Handlers = {};
  const schemes: Electron.CustomScheme[] = [];
  const partitions: { name: string; cache: boolean | undefined }[] = [];
  const windows: { options: Electron.BrowserWindowConstructorOptions; urls: string[]; contents: FakeContents }[] = [];
  const opened: string[] = [];
  const errors: string[] = [];
  let becomeReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  let ended: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => {
    ended = resolve;
  });

  const app = Object.assign(new EventEmitter(), {
    isPackaged: changes.packaged ?? false,
    enableSandbox: () => calls.push('enableSandbox'),
    disableDomainBlockingFor3DAPIs: () => calls.push('disableDomainBlockingFor3DAPIs'),
    requestSingleInstanceLock: () => {
      calls.push('requestSingleInstanceLock');
      return changes.single ?? true;
    },
    setPath: (name: string, path: string) => calls.push(`setPath ${name} ${path}`),
    whenReady: () => {
      calls.push('whenReady');
      return ready;
    },
    exit: (code: number) => ended(code),
    quit: () => calls.push('quit'),
  });
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: Handlers['permissionRequest']) => {
      handlers.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler: Handlers['permissionCheck']) => {
      handlers.permissionCheck = handler;
    },
    setDevicePermissionHandler: (handler: Handlers['device']) => {
      handlers.device = handler;
    },
    setDisplayMediaRequestHandler: (handler: Handlers['displayMedia']) => {
      handlers.displayMedia = handler;
    },
    setBluetoothPairingHandler: (handler: Handlers['bluetooth']) => {
      handlers.bluetooth = handler;
    },
    setSpellCheckerEnabled: (on: boolean) => calls.push(`spellchecker ${on}`),
    webRequest: {
      onBeforeRequest: (handler: Handlers['beforeRequest']) => {
        handlers.beforeRequest = handler;
      },
    },
    protocol: {
      handle: (scheme: string, handler: Handlers['protocol']) => {
        calls.push(`handle ${scheme}`);
        handlers.protocol = handler;
      },
    },
  });

  class FakeWindow extends EventEmitter {
    readonly webContents = new FakeContents();
    readonly #urls: string[] = [];
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super();
      windows.push({ options, urls: this.#urls, contents: this.webContents });
      app.emit('web-contents-created', happening(), this.webContents);
      app.emit('browser-window-created', happening(), this);
    }
    static getAllWindows(): readonly FakeWindow[] {
      return [];
    }
    show(): void {
      calls.push('show');
    }
    async loadURL(url: string): Promise<void> {
      this.#urls.push(url);
    }
  }

  const sealed = (text: string): string => [...text].reverse().join('');
  const parts = {
    app,
    session: {
      fromPartition: (name: string, options?: { cache?: boolean }) => {
        partitions.push({ name, cache: options?.cache });
        return session;
      },
    },
    protocol: {
      registerSchemesAsPrivileged: (list: Electron.CustomScheme[]) => {
        calls.push('registerSchemesAsPrivileged');
        schemes.push(...list);
      },
    },
    BrowserWindow: FakeWindow,
    shell: {
      openExternal: async (address: string) => {
        opened.push(address);
      },
    },
    powerMonitor: new EventEmitter(),
    safeStorage: {
      getSelectedStorageBackend: () => changes.backend ?? 'gnome_libsecret',
      isAsyncEncryptionAvailable: async () => changes.keyStore ?? true,
      encryptStringAsync: async (text: string) => Buffer.from(sealed(text)),
      decryptStringAsync: async (bytes: Buffer) => ({ result: sealed(bytes.toString()), shouldReEncrypt: false }),
    },
    dialog: { showErrorBox: (title: string, text: string) => errors.push(`${title}: ${text}`) },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => calls.push('menu') },
  };
  return {
    electron: parts as unknown as ElectronParts,
    calls,
    handlers,
    schemes,
    partitions,
    windows,
    opened,
    errors,
    exit,
    app,
    session: session as unknown as Electron.Session & EventEmitter,
    powerMonitor: parts.powerMonitor,
    becomeReady: () => becomeReady(),
  };
}
