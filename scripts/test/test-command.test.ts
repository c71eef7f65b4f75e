import { describe, expect, it } from 'vitest';
import { type PackageSystem, provideSystemPackages, systemPackages } from './system-packages.ts';
import { countLine, exitCodeOf, sum, tallyPlaywright, tallyVitest } from './tally.ts';

const file = (changes: object) => ({
  name: '/a.test.ts',
  status: 'passed',
  message: '',
  assertionResults: [],
  ...changes,
});
const vitest = (changes: object) =>
  JSON.stringify({
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [file({})],
    ...changes,
  });
const playwright = (stats: object, more: object = {}) =>
  JSON.stringify({
    suites: [],
    errors: [],
    stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
    ...more,
  });

describe('the count at the end of npm test', () => {
  it('sums both runners into the last line', () => {
    const total = sum([tallyVitest(vitest({}), 0), tallyPlaywright(playwright({ expected: 3, skipped: 1 }), 0)]);
    expect(countLine(total)).toBe('5 passed, 0 failed, 2 skipped');
    expect(exitCodeOf(total)).toBe(0);
    expect(countLine({ ...total, skipped: 0 })).toBe('5 passed, 0 failed');
  });

  it('names what failed', () => {
    const failed = { fullName: 'a clock stops', status: 'failed', failureMessages: ['expected 1 to be 2\n at x'] };
    const tally = tallyVitest(
      vitest({ numFailedTests: 1, testResults: [file({ status: 'failed', assertionResults: [failed] })] }),
      1,
    );
    expect(tally).toMatchObject({ failed: 1, failures: ['/a.test.ts: a clock stops: expected 1 to be 2'] });
    expect(exitCodeOf(tally)).toBe(1);
  });

  it('counts a file that could not be loaded', () => {
    const tally = tallyVitest(vitest({ testResults: [file({ status: 'failed', message: 'Cannot find module' })] }), 1);
    expect(tally).toMatchObject({ failed: 1, failures: ['/a.test.ts: Cannot find module'] });
  });

  it('says what went wrong before or after the tests of a file, on which the report is silent', () => {
    const beside = JSON.stringify([
      { file: '/a.test.ts', message: 'Hook timed out\n at x' },
      { file: 'outside any test', message: 'a worker died' },
    ]);
    expect(tallyVitest(vitest({ testResults: [file({ status: 'failed' })] }), 1, beside)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      failures: ['/a.test.ts: Hook timed out', 'outside any test: a worker died'],
    });
  });

  it('counts a runner that crashed, wrote no report or a broken one, even with exit code 0', () => {
    for (const report of [null, '', '{}']) {
      expect(tallyVitest(report, 0).failed).toBe(1);
      expect(tallyPlaywright(report, 0).failed).toBe(1);
    }
    expect(tallyVitest(vitest({}), 1)).toMatchObject({ passed: 2, failed: 1 });
    expect(tallyVitest(vitest({}), null).failed).toBe(1);
  });

  it('counts a test that passed only at the second try as failed', () => {
    const result = {
      title: 't',
      file: 'a.e2e.ts',
      tests: [{ status: 'flaky', results: [{ error: { message: 'late' } }] }],
    };
    const suites = [{ title: 'outer', specs: [], suites: [{ title: 'inner', specs: [result] }] }];
    expect(tallyPlaywright(playwright({ expected: 1, flaky: 1 }, { suites }), 0)).toMatchObject({
      failed: 1,
      failures: ['a.e2e.ts: t: late'],
    });
  });

  it('fails when nothing was tested', () => {
    expect(exitCodeOf(sum([]))).toBe(1);
  });
});

describe('the Debian packages that the tests need', () => {
  function debian(changes: Partial<PackageSystem> = {}) {
    const installed: string[] = [];
    const there = new Set<string>(['/usr/bin/chromium']);
    const system: PackageSystem = {
      exists: (path) => there.has(path),
      install: (names) => {
        installed.push(...names);
        for (const one of systemPackages) there.add(one.file);
        return true;
      },
      isRoot: () => true,
      print: () => undefined,
      ...changes,
    };
    return { system, installed };
  }

  it('are installed by root, only those that lack', () => {
    const { system, installed } = debian();
    expect(provideSystemPackages(system)).toBeNull();
    expect(installed).toEqual([
      'orthanc',
      'orthanc-dicomweb',
      'dcmtk',
      'dicom3tools',
      'libgdcm-tools',
      'grokj2k-tools',
      'libpocketsphinx3',
      'pocketsphinx-en-us',
      'openssh-server',
      'flite',
    ]);
  });

  it('are named for others, with the command', () => {
    const { system, installed } = debian({ isRoot: () => false });
    expect(provideSystemPackages(system)).toMatch(
      /sudo apt-get install .*orthanc orthanc-dicomweb dcmtk dicom3tools libgdcm-tools grokj2k-tools libpocketsphinx3 pocketsphinx-en-us openssh-server flite$/,
    );
    expect(installed).toEqual([]);
    expect(provideSystemPackages(debian({ install: null }).system)).toMatch(/orthanc orthanc-dicomweb/);
  });

  it('fail clearly when apt fails, or says that it worked and did not', () => {
    expect(provideSystemPackages(debian({ install: () => false }).system)).toMatch(/could not install/);
    expect(provideSystemPackages(debian({ install: () => true }).system)).toMatch(/still lack their files/);
  });
});
