import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const call = /threadEntry\(\s*new URL\('([^']+)', import\.meta\.url\),\s*'([^']+)',?\s*\)/g;

/** Every worker thread that the host starts: the name under which the build must emit it, and its source file. Tests start their own. */
export function threadEntries(folder: string): { readonly [name: string]: string } {
  const found: { [name: string]: string } = {};
  for (const one of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!one.isFile() || !one.name.endsWith('.ts') || /\.(?:test|fixture)\.ts$/.test(one.name)) continue;
    const file = join(one.parentPath, one.name);
    for (const [, path, name] of readFileSync(file, 'utf8').matchAll(call)) {
      if (path === undefined || name === undefined) continue;
      if (found[name] !== undefined)
        throw new Error(`Two threads are called ${name}: the build would write one over the other.`);
      found[name] = join(dirname(file), path);
    }
  }
  return found;
}
