import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/**
 * The Electron program that npm brought, or null. Never through `require('electron')`, which downloads when it is missing. A version
 * other than the package's own counts as missing.
 */
export function findElectron(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const named = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const wanted: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
    const present = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const program = resolve(folder, 'dist', named);
    return named !== '' && present === wanted && program.startsWith(join(folder, 'dist') + sep) && existsSync(program)
      ? program
      : null;
  } catch {
    return null;
  }
}
