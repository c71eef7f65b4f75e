import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every TypeScript file of ours, as paths from the root with `/`. The trees that the test plants breaches in are elsewhere. */
export function sourceFiles(): readonly string[] {
  const folders = ['electron', 'renderer', 'shared', 'scripts', 'test'];
  const inside = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => relative(root, join(one.parentPath, one.name)).split(sep).join('/')),
  );
  const above = readdirSync(root).filter((name) => name.endsWith('.ts'));
  return [...above, ...inside].filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
}
