import { z } from 'zod';

/** What a run of tests came to. `failures` are the names of the failed, with their first line of complaint. */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
};

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

const besideReport = z.array(z.object({ file: z.string(), message: z.string() }));

// Escape sequences of coloured terminals: ESC [ … m.
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const firstLine = (text: string | undefined): string =>
  (text ?? '').replace(colour, '').split('\n', 1)[0]?.slice(0, 300) ?? '';

/** A runner that ended badly without naming a failed test (a crash, an unhandled error, no report) counts as one failure. */
function withExit(tally: Tally, runner: string, exitCode: number | null): Tally {
  if (exitCode === 0 || tally.failed > 0) return tally;
  return {
    ...tally,
    failed: 1,
    failures: [`${runner} itself failed (exit code ${exitCode ?? 'none: it was killed'}); its own words are above.`],
  };
}

const nothing: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

function parsed<Value>(schema: z.ZodType<Value>, report: string | null): Value | null {
  if (report === null) return null;
  try {
    const found = schema.safeParse(JSON.parse(report));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

/** Sums Vitest's JSON report. A file that could not be loaded, or failed before or after its tests, is one failure; `beside` says why. */
export function tallyVitest(report: string | null, exitCode: number | null, beside: string | null = null): Tally {
  const read = parsed(vitestReport, report);
  if (read === null) return withExit(nothing, 'Vitest', exitCode === 0 ? 1 : exitCode);
  const outside = parsed(besideReport, beside) ?? [];
  const failures: string[] = [];
  let broken = 0;
  for (const file of read.testResults) {
    const failed = file.assertionResults.filter((one) => one.status === 'failed');
    for (const one of failed) failures.push(`${file.name}: ${one.fullName}: ${firstLine(one.failureMessages?.[0])}`);
    if (file.status === 'failed' && failed.length === 0) {
      broken += 1;
      const cut = file.assertionResults.find((one) => one.status === 'pending');
      const hook = outside.find((one) => one.file === file.name)?.message;
      const where = cut === undefined ? '' : `; its process may have died in: ${cut.fullName}`;
      failures.push(
        `${file.name}: ${firstLine(file.message) || firstLine(hook) || `the file could not be run to its end${where}`}`,
      );
    }
  }
  for (const one of outside)
    if (read.testResults.every((file) => file.name !== one.file))
      failures.push(`${one.file}: ${firstLine(one.message)}`);
  const tally: Tally = {
    passed: read.numPassedTests,
    failed: read.numFailedTests + broken,
    skipped: read.numPendingTests + read.numTodoTests,
    failures,
  };
  return withExit(tally, 'Vitest', exitCode);
}

type Suite = {
  readonly title: string;
  readonly specs: readonly Spec[];
  readonly suites?: readonly Suite[] | undefined;
};
type Spec = z.output<typeof spec>;
const spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
    }),
  ),
});
const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({ title: z.string(), specs: z.array(spec), suites: z.array(suite).optional() }),
);
const playwrightReport = z.object({
  suites: z.array(suite),
  errors: z.array(z.object({ message: z.string().optional() })),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

function specsOf(one: Suite): readonly Spec[] {
  return [...one.specs, ...(one.suites ?? []).flatMap(specsOf)];
}

/** Sums Playwright's JSON report. A test that passed only at a second try failed. */
export function tallyPlaywright(report: string | null, exitCode: number | null): Tally {
  const read = parsed(playwrightReport, report);
  if (read === null) return withExit(nothing, 'Playwright', exitCode === 0 ? 1 : exitCode);
  const failures = read.suites
    .flatMap(specsOf)
    .flatMap((one) =>
      one.tests
        .filter((test) => test.status === 'unexpected' || test.status === 'flaky')
        .map(
          (test) =>
            `${one.file}: ${one.title}: ${firstLine(test.results.find((result) => result.error)?.error?.message)}`,
        ),
    );
  for (const error of read.errors) failures.push(firstLine(error.message));
  const { expected, unexpected, flaky, skipped } = read.stats;
  return withExit(
    { passed: expected, failed: unexpected + flaky + read.errors.length, skipped, failures },
    'Playwright',
    exitCode,
  );
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
      failures: [...total.failures, ...one.failures],
    }),
    nothing,
  );
}

/** The last line of a run. */
export function countLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`;
}

/** Zero for a run in which something was tested and nothing failed. */
export function exitCodeOf(tally: Tally): 0 | 1 {
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}
