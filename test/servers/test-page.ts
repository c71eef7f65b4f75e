import { cp } from 'node:fs/promises';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { drawingPartsPlugin } from '../../scripts/build/drawing-parts.ts';
import { onceARun } from '../once-a-run.ts';

/** Builds a page of tests as the product is built (no inline script, workers and wasm as files), once a run, and puts it into `outDir`. */
export async function buildTestPage(name: string, root: string, outDir: string): Promise<void> {
  const built = await onceARun(name, async (folder) => {
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [drawingPartsPlugin(), react()],
      worker: { format: 'es' },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        minify: false,
        assetsInlineLimit: 0,
        reportCompressedSize: false,
      },
    });
  });
  await cp(built, outDir, { recursive: true });
}
