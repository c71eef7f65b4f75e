import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pageIsStale } from './build/freshness.ts';
import { fileErrorsVariable } from './test/file-errors.ts';
import { besideOf, runRunner } from './test/run-runner.ts';
import { provideSystemPackages, thisSystem } from './test/system-packages.ts';
import { countLine, exitCodeOf, sum, type Tally, tallyPlaywright, tallyVitest } from './test/tally.ts';

/**
 * `npm test`: provides what the tests need, runs all of them, and ends with the line `N passed, N failed`. `--long` (`npm run
 * test:long`) is the same code with `SCALE` (10 unless set) and a new `SEED`, which is printed so that a failure can be run again.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } });
const print = (line: string): void => console.log(line);
const started = performance.now();

function setUpFailure(sentence: string): never {
  console.error(sentence);
  print(countLine({ passed: 0, failed: 1, skipped: 0, failures: [] }));
  process.exit(1);
}

const missing = provideSystemPackages(thisSystem(print));
if (missing !== null) setUpFailure(missing);
if (!existsSync(join(root, 'resources', 'fhir', 'structures.json')))
  setUpFailure('resources/fhir is incomplete. It comes with the sources: check the files out again.');
if (pageIsStale(root)) {
  print('Building the page…');
  try {
    await (await import('./build/build-page.ts')).buildPage(root);
  } catch (reason) {
    setUpFailure(`The page could not be built: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}

const scale: NodeJS.ProcessEnv = {};
if (values.long) {
  scale.SCALE = process.env.SCALE ?? '10';
  scale.SEED = process.env.SEED ?? String(crypto.getRandomValues(new Uint32Array(1))[0]);
  print(`SCALE=${scale.SCALE} SEED=${scale.SEED} (give both to npm run test:long to have the same run again)`);
}

const tallies: Tally[] = [];
print('Unit, contract, fault and architecture tests (Vitest)…');
const unit = await runRunner({
  script: join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  parameters: (reportFile) => ['run', `--outputFile.json=${reportFile}`],
  env: (reportFile) => ({ ...scale, [fileErrorsVariable]: besideOf(reportFile) }),
});
tallies.push(tallyVitest(unit.report, unit.exitCode, unit.beside));
print('End-to-end tests in Chromium (Playwright)…');
const endToEnd = await runRunner({
  script: join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
  parameters: () => ['test', '--reporter=list,json'],
  env: (reportFile) => ({ ...scale, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }),
});
tallies.push(tallyPlaywright(endToEnd.report, endToEnd.exitCode));

const total = sum(tallies);
if (total.failures.length > 0) {
  print('\nFailed:');
  for (const one of total.failures) print(`  ${one.replaceAll(root, '')}`);
}
print(`\nAll of it took ${Math.round((performance.now() - started) / 1000)} s.`);
print(countLine(total));
process.exit(exitCodeOf(total));
