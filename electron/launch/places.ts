import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Where the program's own files lie, from the sources and from the build alike. */
export type Places = { readonly pageDirectory: string; readonly version: string };

const manifest = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+/) });

/** `caller` is the `import.meta.url` of electron/NAME.ts, or of dist/electron/NAME.js in the build. */
export function placesOf(caller: string): Places {
  const built = !caller.endsWith('.ts');
  const file = fileURLToPath(new URL(built ? '../../package.json' : '../package.json', caller));
  return {
    pageDirectory: fileURLToPath(new URL(built ? '../page' : '../dist/page', caller)),
    version: manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version,
  };
}
