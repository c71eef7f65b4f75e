import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { threadEntries } from './thread-entries.ts';

/** Found by `require` while the program runs (WebAssembly and fonts beside them), so they stay packages. */
export const packagesAtRun = [
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-libjpeg-turbo-8bit',
  '@cornerstonejs/codec-openjpeg',
  '@cornerstonejs/codec-openjph',
  '@fontsource/ibm-plex-sans',
] as const;

/**
 * ssh2 uses what a compiler has made beside it where there is any; nothing is compiled here, and it does the same in JavaScript. A
 * folder of its own, where it would look for PuTTY's agent (which we do not ask) and for WebAssembly (which it holds as text), it has none.
 */
export const ssh2InJavaScript = {
  name: 'ssh2-in-javascript',
  enforce: 'pre' as const,
  resolveId: (source: string, importer: string | undefined): string | null =>
    /[\\/]node_modules[\\/]ssh2[\\/]/.test(importer ?? '') && (source === 'cpu-features' || source.endsWith('.node'))
      ? '\0no-native-part.cjs'
      : null,
  transform: (code: string, id: string): string | null =>
    /[\\/]node_modules[\\/]ssh2[\\/]lib[\\/]/.test(id) && code.includes('__dirname')
      ? code.replaceAll('__dirname', "''")
      : null,
  load: (id: string): string | null => (id === '\0no-native-part.cjs' ? 'module.exports = null;' : null),
};

/** Both shells, the host and its threads into dist/electron: main.js, serve.js, threads/NAME.js and the chunks that they share. */
export async function buildElectron(root: string, outDir = join(root, 'dist', 'electron')): Promise<void> {
  const source = join(root, 'electron');
  const threads = Object.entries(threadEntries(join(source, 'host')));
  const missing = threads.find(([, file]) => !existsSync(file));
  if (missing !== undefined) throw new Error(`The thread ${missing[0]} has no source file.`);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [ssh2InJavaScript],
    ssr: { noExternal: true, external: ['electron', ...packagesAtRun] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: {
          main: join(source, 'main.ts'),
          serve: join(source, 'serve.ts'),
          ...Object.fromEntries(threads.map(([name, file]) => [`threads/${name}`, file])),
        },
        // Shared chunks stay beside the shells: `threadEntry` looks for `./threads/NAME.js` from wherever it is itself.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}
