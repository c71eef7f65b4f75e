import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run check`: types of the four rings, style, import rules, and code that nobody uses. All are run; any complaint fails. */
const root = fileURLToPath(new URL('..', import.meta.url));
const checks = [
  ['Types of shared', 'tsc', '-p', 'shared'],
  ['Types of electron', 'tsc', '-p', 'electron'],
  ['Types of renderer', 'tsc', '-p', 'renderer'],
  ['Types of test', 'tsc', '-p', 'test'],
  ['Style (Biome)', 'biome', 'check'],
  [
    'Who may import whom (dependency-cruiser)',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'electron',
    'renderer',
    'shared',
    'scripts',
  ],
  ['Code that nobody uses (knip)', 'knip'],
] as const;

const failed: string[] = [];
for (const [title, program, ...parameters] of checks) {
  console.log(`${title}…`);
  const run = spawnSync(join(root, 'node_modules', '.bin', program), parameters, {
    cwd: root,
    stdio: 'inherit',
    // Windows has them as .cmd files.
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) failed.push(title);
}
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join('; ')}`);
process.exit(failed.length === 0 ? 0 : 1);
