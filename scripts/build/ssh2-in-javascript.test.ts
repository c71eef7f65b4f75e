import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { ssh2InJavaScript } from './build-electron.ts';

it('ssh2 runs from the bundle of a packed program, with nothing compiled beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'overread-ssh2-'));
  const input = join(folder, 'entry.ts');
  await writeFile(
    input,
    "import ssh2 from 'ssh2'; console.log(typeof ssh2.Client, ssh2.utils.parseKey('no key') instanceof Error);",
  );
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      ssh2InJavaScript,
      // The entry lies outside, where no node_modules is above it.
      {
        name: 'from-here',
        resolveId: (name) => (name === 'ssh2' ? fileURLToPath(import.meta.resolve('ssh2')) : null),
      },
    ],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(folder, 'out'),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: { input: { entry: input }, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  });
  expect(execFileSync(process.execPath, [join(folder, 'out', 'entry.mjs')]).toString()).toBe('function true\n');
  await rm(folder, { recursive: true });
});
