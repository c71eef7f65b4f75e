import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a test runner with its words shown as they come, and answers its JSON report (null when it wrote none) and exit code. */
export async function runRunner(options: {
  readonly script: string;
  readonly parameters: (reportFile: string) => readonly string[];
  readonly env: (reportFile: string) => NodeJS.ProcessEnv;
}): Promise<{ readonly report: string | null; readonly exitCode: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'overread-report-'));
  const reportFile = join(folder, 'report.json');
  try {
    const child = spawn(process.execPath, [options.script, ...options.parameters(reportFile)], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...options.env(reportFile) },
    });
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(1));
      child.once('close', resolve);
    });
    let report: string | null = null;
    try {
      report = readFileSync(reportFile, 'utf8');
    } catch {
      // It ended before it could write one; its exit code says so.
    }
    return { report, exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
