import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The OHIF that is measured: as its makers published it. What npm packs must have this digest (Subresource Integrity, SHA-512). */
const published = {
  name: '@ohif/app@3.13.2',
  integrity: 'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
} as const;

/** `BENCH_OHIF`: `none`, a folder with the unpacked package or the packed file of it; absent: it is packed by npm now. */
export async function ohifDist(into: string, given: string | undefined): Promise<string | null> {
  if (given === 'none') return null;
  if (given !== undefined && existsSync(join(given, 'dist', 'index.html'))) return join(given, 'dist');
  const packed = given ?? (await pack(into));
  const digest = createHash('sha512')
    .update(await readFile(packed))
    .digest('base64');
  if (`sha512-${digest}` !== published.integrity)
    throw new Error(`${packed} is not ${published.name} as published: its digest is sha512-${digest}`);
  await run('tar', ['-xzf', packed, '-C', into]);
  return join(into, 'package', 'dist');
}

async function pack(into: string): Promise<string> {
  console.log(`packing ${published.name} (some 60 MB)`);
  const { stdout } = await run('npm', ['pack', published.name, '--pack-destination', into, '--silent'], {
    maxBuffer: 16_000_000,
  });
  return join(into, stdout.trim().split('\n').at(-1) ?? '');
}
