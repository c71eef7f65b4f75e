import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium; elsewhere name one: `OVERREAD_CHROMIUM`. */
const chromium = process.env.OVERREAD_CHROMIUM ?? '/usr/bin/chromium';

/** End-to-end tests in a real Chromium, two files at a time: each has its own browser, host, free port and data folder. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: /\.(?:e2e|spec|test)\.ts$/,
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1600, height: 1000 },
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      // For the test browser only; the product never passes --no-sandbox.
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--enable-unsafe-swiftshader',
      ],
    },
  },
});
