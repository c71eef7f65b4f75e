import { fileURLToPath } from 'node:url';
import { buildElectron } from './build/build-electron.ts';
import { buildPage } from './build/build-page.ts';

/** `npm run build`: everything that the packed program consists of, into dist. */
const root = fileURLToPath(new URL('..', import.meta.url));
const started = performance.now();
console.log('Building the page…');
await buildPage(root);
console.log('Building host, threads and both shells…');
await buildElectron(root);
console.log(`Built into dist in ${Math.round((performance.now() - started) / 1000)} s.`);
