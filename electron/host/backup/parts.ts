import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How a file of the data folder is copied. `database`: through SQLite, as of one moment, while a host writes. `as-is`: sealed or wrapped
 * already. `sealed`: plain in the data folder (settings with passwords, tables), so it is sealed in the backup.
 */
export type PartKind = 'database' | 'as-is' | 'sealed';
export type Part = { readonly path: string; readonly kind: PartKind };

/**
 * The order of copying, which makes parts of different moments fit together. What is told later may refer to what was told before, never
 * the other way: the journal says "delivered" only after the record has it, so the record is copied after the journal; the record names
 * studies, so the archive comes after it; each of them may name a head of the access log, so that comes last, behind its own head and
 * anchors, which may lag behind it and never run ahead.
 */
const order: readonly RegExp[] = [
  /^keys\//,
  /^journal\//,
  /^identity\//,
  /^record\.sqlite$/,
  /^archive\/index\.sealed$/,
  /^(?!audit)/,
  /^audit-head/,
  /^audit\/anchors\.sqlite$/,
  /^audit\//,
];

/** What the next start makes again, or can be downloaded again, or what belongs to a running process. The archive's objects are copied apart. */
const left: readonly RegExp[] = [
  /^logs\//,
  /^frame-cache\//,
  /^speech-models\//,
  /^events\//,
  /^host\.(?:lock|json)/,
  /^archive\/objects\//,
  /^archive\/index\.sealed\.damaged-/,
  /^\.restoring-/,
  /-(?:wal|shm|journal)$/,
  /\.(?:new|part)$/,
];

function kindOf(path: string): PartKind {
  if (path.endsWith('.sqlite')) return 'database';
  return path.startsWith('keys/') || path === 'audit-head' || path === 'archive/index.sealed' ? 'as-is' : 'sealed';
}

const rank = (path: string): number => order.findIndex((one) => one.test(path));

/** Every part of a data folder, in the order of copying. What nobody has named here is copied too: better too much than too little. */
export async function partsOf(directory: string): Promise<readonly Part[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const one of await readdir(join(directory, below), { withFileTypes: true })) {
      const path = below === '' ? one.name : `${below}/${one.name}`;
      if (left.some((rule) => rule.test(one.isDirectory() ? `${path}/` : path))) continue;
      if (one.isDirectory()) await walk(path);
      else if (one.isFile()) found.push(path);
    }
  };
  await walk('');
  return found
    .map((path) => ({ path, kind: kindOf(path) }))
    .sort((one, other) => rank(one.path) - rank(other.path) || (one.path < other.path ? -1 : 1));
}

/** Bytes that a first copy of these parts takes. */
export async function sizeOf(directory: string, parts: readonly Part[]): Promise<number> {
  let bytes = 0;
  for (const { path } of parts)
    bytes += await stat(join(directory, path)).then(
      ({ size }) => size,
      () => 0,
    );
  return bytes;
}
