import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The file for what a reporter of ours adds to the report. */
export const besideOf = (reportFile: string): string => `${reportFile}.beside`;

function written(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended before it could write one; its exit code says so.
    return null;
  }
}

/** Runs a test runner with its words shown as they come, and answers its JSON report, what else it wrote beside it (null when it wrote none) and its exit code. */
export async function runRunner(options: {
  readonly script: string;
  readonly parameters: (reportFile: string) => readonly string[];
  readonly env: (reportFile: string) => NodeJS.ProcessEnv;
}): Promise<{ readonly report: string | null; readonly beside: string | null; readonly exitCode: number | null }> {
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
    return { report: written(reportFile), beside: written(besideOf(reportFile)), exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
