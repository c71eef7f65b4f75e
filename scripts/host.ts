import { fileURLToPath } from 'node:url';
import { readSettings } from '../electron/host/settings/index.ts';
import { readTextFile } from '../electron/launch/read-text-file.ts';
import { pageIsStale } from './build/freshness.ts';

/** `npm run host`: the always-on host of a group. It opens no browser and serves the page to its readers. */
const root = fileURLToPath(new URL('..', import.meta.url));
const settings = readSettings({ argv: process.argv.slice(2), env: process.env, readFile: readTextFile });
if (!settings.ok || settings.value.listen === undefined) {
  console.error(
    settings.ok
      ? 'Say where the group host listens: npm run host -- --listen ADDRESS:PORT --tls CERT,KEY'
      : settings.error.message,
  );
  process.exit(1);
}
if (pageIsStale(root)) await (await import('./build/build-page.ts')).buildPage(root);
await import('../electron/serve.ts');
