import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the trimmed definitions: up from the running file, in the sources as in the build. (Apart, so that the host's thread loads no schemas.) */
export function findDefinitions(): string {
  for (let up = './', depth = 0; depth < 6; up += '../', depth += 1) {
    const folder = new URL(`${up}resources/fhir/`, import.meta.url);
    if (existsSync(new URL('structures.json', folder))) return fileURLToPath(folder);
  }
  throw new Error('resources/fhir is missing: run scripts/trim-fhir-definitions.ts');
}
