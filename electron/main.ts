import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { askOnTerminal } from './launch/ask-hidden.ts';
import { countOutsideMemory } from './launch/outside-memory.ts';
import { placesOf } from './launch/places.ts';
import { runDesktopShell } from './shell/run-desktop-shell.ts';

countOutsideMemory();

// Not awaited: Electron becomes ready only when this module has run.
void runDesktopShell(
  { app, BrowserWindow, dialog, Menu, powerMonitor, protocol, safeStorage, session, shell, utilityProcess },
  placesOf(import.meta.url),
  {
    // A packed program is called with its options; Electron itself with the program's folder before them.
    argv: process.argv.slice(app.isPackaged ? 1 : 2),
    env: process.env,
    platform: process.platform,
    print: (line) => process.stdout.write(`${line}\n`),
    ask: askOnTerminal(),
    monotonic: () => performance.now(),
  },
).catch((reason: unknown) => {
  process.stderr.write(`${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`);
  app.exit(1);
});
