import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goldenFiles } from './golden-files.ts';

/** `npm run golden`: writes what each channel gets of each kind of version. Look at the difference before it is committed. */
for (const [path, text] of await goldenFiles()) {
  const file = fileURLToPath(new URL(`./files/${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
