import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of language model and dictionary: up from the running file, in the sources as in the build. */
export function vocabularyFolder(): string {
  for (let up = './', depth = 0; depth < 6; up += '../', depth += 1) {
    const folder = new URL(`${up}resources/vocabulary/`, import.meta.url);
    // An engine opens its files by itself and cannot read inside the packed program: there they lie beside it.
    if (existsSync(new URL('radiology.arpa', folder)))
      return fileURLToPath(folder).replace(/\bapp\.asar\b/, 'app.asar.unpacked');
  }
  return 'resources/vocabulary';
}
