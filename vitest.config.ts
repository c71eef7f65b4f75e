import { defineConfig } from 'vitest/config';
import { FileErrors, fileErrorsVariable } from './scripts/test/file-errors.ts';

/** Unit tests sit beside the code; `test/` holds what spans rooms. End-to-end tests run by Playwright (`playwright.config.ts`). */
export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,scripts,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/e2e/**', ...(process.env.SCALE === undefined ? ['**/*.long.test.ts'] : [])],
    globalSetup: ['./test/run-folder.ts'],
    setupFiles: process.env.SEED === undefined ? [] : ['./test/fast-check-seed.ts'],
    // The whole run reads them; on the command line a reporter of ours would need a default export.
    ...(process.env[fileErrorsVariable] === undefined ? {} : { reporters: ['default', 'json', new FileErrors()] }),
    environment: 'node',
    // Generous, since they are for what hangs: how long a test takes is the machine's affair.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // The usual second is soon over where two browsers and a host share two processors.
    expect: { poll: { timeout: 20_000 } },
    // One more than the two processors of CI: much of what is tested waits for others.
    maxWorkers: 3,
    isolate: true,
  },
});
