import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../electron/host/settings/index.ts';
import { readTextFile } from '../electron/launch/read-text-file.ts';
import { electronIsStale, pageIsStale } from './build/freshness.ts';
import { downloadElectron } from './start/download-electron.ts';
import { findElectron } from './start/electron-binary.ts';
import { cacheFolder, rememberedFailure } from './start/remembered-failure.ts';
import { runDesktop } from './start/run-desktop.ts';
import { startOverread } from './start/start-overread.ts';

/** `npm start`. The options are those of the program (`--browser`, `--data DIR` …), checked before anything is built. */
const root = fileURLToPath(new URL('..', import.meta.url));
const argv = process.argv.slice(2);
const settings = readSettings({ argv, env: process.env, readFile: readTextFile });
if (!settings.ok) {
  console.error(settings.error.message);
  process.exit(1);
}

const code = await startOverread(
  {
    platform: process.platform,
    env: process.env,
    now: () => Date.now(),
    isRoot: () => process.getuid?.() === 0,
    print: (line) => console.log(line),
    pageIsStale: () => pageIsStale(root),
    buildPage: async () => (await import('./build/build-page.ts')).buildPage(root),
    desktopIsStale: () => electronIsStale(root),
    buildDesktop: async () => (await import('./build/build-electron.ts')).buildElectron(root),
    findElectron: () => findElectron(root),
    downloadElectron: () =>
      downloadElectron({
        installer: join(root, 'node_modules', 'electron', 'install.js'),
        limit: 60_000,
        progress: (seconds) => console.log(`… ${seconds} s`),
      }),
    failure: rememberedFailure(cacheFolder(process.env, process.platform)),
    runDesktop: (program) => runDesktop(program, [root, ...argv], (line) => console.log(line)),
    runBrowserShell: async () => {
      await import('../electron/serve.ts');
      return null;
    },
  },
  settings.value.shell,
);
if (code !== null) process.exit(code);
