import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { drawingPartsPlugin } from './scripts/build/drawing-parts.ts';
import { earlyScriptPlugin } from './scripts/build/early-script.ts';
import { imagesProgramPlugin } from './scripts/build/images-program.ts';
import { noticesPlugin } from './scripts/build/third-party-notices.ts';

/**
 * The page: one bundle for both shells. Nothing inline (the host's CSP allows none): no data: fonts, no preload script. Sign-in and list
 * stand in the first chunk; Cornerstone comes with the reading screen, which is loaded when a case is opened.
 */
export default defineConfig({
  root: fileURLToPath(new URL('./renderer', import.meta.url)),
  base: '/',
  publicDir: false,
  plugins: [
    drawingPartsPlugin(),
    react(),
    earlyScriptPlugin(),
    imagesProgramPlugin(),
    noticesPlugin(fileURLToPath(new URL('.', import.meta.url))),
  ],
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('./dist/page', import.meta.url)),
    emptyOutDir: true,
    // The site's desk is a page of its own: it loads neither images nor a mirror.
    rollupOptions: {
      input: {
        early: fileURLToPath(new URL('./renderer/app/early.ts', import.meta.url)),
        main: fileURLToPath(new URL('./renderer/index.html', import.meta.url)),
        site: fileURLToPath(new URL('./renderer/site.html', import.meta.url)),
      },
    },
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 6000,
  },
});
