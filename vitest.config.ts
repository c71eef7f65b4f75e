import { defineConfig } from 'vitest/config';

/** Unit tests sit beside the code; `test/` holds what spans rooms. End-to-end tests run by Playwright (`playwright.config.ts`). */
export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,scripts,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/e2e/**', ...(process.env.SCALE === undefined ? ['**/*.long.test.ts'] : [])],
    setupFiles: process.env.SEED === undefined ? [] : ['./test/fast-check-seed.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
    isolate: true,
  },
});
