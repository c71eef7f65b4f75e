import type { WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { type Manifest, openRow, readManifest, sealManifest, sealRow, type Vault } from './manifest.ts';
import type { MirroredTop, MirroredWorklist, WorklistDelta } from './types.ts';

/** Rows to a page: a blob for each row costs fifty times as much (DESIGN 2.4). */
const rowsPerPage = 256;
/** Changes that may lie in the log before they are folded into the pages although nobody is idle. */
export const longestLog = 64;

/** What a page holds: by task id, so that folding is a lookup. */
type Page = { readonly [taskId: string]: WorklistRow };
/** Rows of the top of the list beside the pages that hold them too; its key in `pages` and in the manifest. */
type Top = { readonly rows: readonly WorklistRow[]; readonly total: number };
const topKey = 'top';
type Change = { readonly rows: readonly WorklistRow[]; readonly removed: readonly TaskId[] };

type WorklistManifest = Manifest<{
  /** Form of the rows inside; another form is not read but asked for again. */
  readonly format: 1;
  readonly pageCount: number;
  /** Keys of the log, oldest first. */
  readonly log: readonly string[];
  readonly hostVersion: number;
  readonly asOf: number;
}>;

export type SealedWorklist = {
  apply(delta: WorklistDelta): Promise<{ readonly foldSoon: boolean }>;
  read(): Promise<MirroredWorklist | null>;
  keepTop(top: Top): Promise<void>;
  readTop(): Promise<MirroredTop | null>;
  fold(): Promise<void>;
};

/** The top after some changes: what was withdrawn is gone, what changed is as it is now; nothing is added. */
function topAfter(top: Top, changes: readonly Change[]): Top {
  if (changes.length === 0) return top;
  const rows = new Map(top.rows.map((row) => [row.taskId, row]));
  for (const change of changes) {
    for (const taskId of change.removed) rows.delete(taskId);
    for (const row of change.rows) if (rows.has(row.taskId)) rows.set(row.taskId, row);
  }
  return { ...top, rows: [...rows.values()] };
}

/** FNV-1a: the page of a task is the same for ever, whatever else the list holds. */
function pageOf(taskId: string, pageCount: number): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < taskId.length; index += 1) hash = Math.imul(hash ^ taskId.charCodeAt(index), 0x01000193);
  return `p${(hash >>> 0) % pageCount}`;
}

export function createSealedWorklist(vault: Vault): SealedWorklist {
  const { database } = vault;
  const name = 'worklist';

  async function manifestNow(): Promise<WorklistManifest | null> {
    const manifest = await readManifest<Omit<WorklistManifest, 'version' | 'rows'>>(vault, name);
    return manifest?.format === 1 ? manifest : null;
  }

  async function replace(delta: WorklistDelta): Promise<void> {
    const before = await database.manifests.get(name);
    const version = (before?.version ?? 0) + 1;
    let pageCount = 1;
    while (pageCount * rowsPerPage < delta.rows.length) pageCount *= 2;
    const pages = new Map<string, { [taskId: string]: WorklistRow }>();
    for (const row of delta.rows) {
      const key = pageOf(row.taskId, pageCount);
      const page = pages.get(key) ?? {};
      page[row.taskId] = row;
      pages.set(key, page);
    }
    const sealed = await Promise.all([...pages].map(([key, page]) => sealRow(vault, 'pages', key, version, page)));
    const manifest: WorklistManifest = {
      format: 1,
      version,
      rows: Object.fromEntries([...pages.keys()].map((key) => [key, version])),
      pageCount,
      log: [],
      hostVersion: delta.version,
      asOf: delta.asOf,
    };
    const row = await sealManifest(vault, name, manifest);
    await database.transaction('rw', database.pages, database.changes, database.manifests, async () => {
      await database.pages.clear();
      await database.changes.clear();
      await database.pages.bulkPut(sealed);
      await database.manifests.put(row);
    });
  }

  async function append(delta: WorklistDelta, manifest: WorklistManifest): Promise<WorklistManifest> {
    const version = manifest.version + 1;
    const key = `c${version}`;
    const change: Change = { rows: delta.rows, removed: delta.removed };
    const next: WorklistManifest = {
      ...manifest,
      version,
      rows: { ...manifest.rows, [key]: version },
      log: [...manifest.log, key],
      hostVersion: delta.version,
      asOf: delta.asOf,
    };
    const row = await sealRow(vault, 'changes', key, version, change);
    const sealed = await sealManifest(vault, name, next);
    await database.transaction('rw', database.changes, database.manifests, async () => {
      await database.changes.put(row);
      await database.manifests.put(sealed);
    });
    return next;
  }

  async function changesOf(manifest: WorklistManifest): Promise<readonly Change[]> {
    const stored = await database.changes.bulkGet([...manifest.log]);
    const changes: Change[] = [];
    for (const [index, key] of manifest.log.entries()) {
      const opened = await openRow(vault, 'changes', key, stored[index], manifest.rows[key]);
      if (opened !== null) changes.push(opened as Change);
    }
    return changes;
  }

  async function topOf(manifest: WorklistManifest): Promise<Top | null> {
    const expected = manifest.rows[topKey];
    if (expected === undefined) return null;
    return (await openRow(vault, 'pages', topKey, await database.pages.get(topKey), expected)) as Top | null;
  }

  async function fold(): Promise<void> {
    const manifest = await manifestNow();
    if (manifest === null || manifest.log.length === 0) return;
    const touched = new Map<string, { [taskId: string]: WorklistRow }>();
    const pageFor = async (taskId: string): Promise<{ [taskId: string]: WorklistRow }> => {
      const key = pageOf(taskId, manifest.pageCount);
      const known = touched.get(key);
      if (known !== undefined) return known;
      const opened = await openRow(vault, 'pages', key, await database.pages.get(key), manifest.rows[key]);
      const page = { ...((opened ?? {}) as Page) };
      touched.set(key, page);
      return page;
    };
    const changes = await changesOf(manifest);
    for (const change of changes) {
      for (const taskId of change.removed) delete (await pageFor(taskId))[taskId];
      for (const row of change.rows) (await pageFor(row.taskId))[row.taskId] = row;
    }
    const top = await topOf(manifest);
    const version = manifest.version + 1;
    const contents: (readonly [string, Page | Top])[] = [...touched];
    if (top !== null) contents.push([topKey, topAfter(top, changes)]);
    const sealed = await Promise.all(contents.map(([key, content]) => sealRow(vault, 'pages', key, version, content)));
    const rows: { [key: string]: number } = { ...manifest.rows };
    for (const key of manifest.log) delete rows[key];
    for (const [key] of contents) rows[key] = version;
    const sealedManifest = await sealManifest(vault, name, { ...manifest, version, rows, log: [] } as WorklistManifest);
    await database.transaction('rw', database.pages, database.changes, database.manifests, async () => {
      const current = await database.manifests.get(name);
      // Something was appended meanwhile: this fold is given up, the next one takes all.
      if (current?.version !== manifest.version) return;
      await database.pages.bulkPut(sealed);
      await database.changes.bulkDelete([...manifest.log]);
      await database.manifests.put(sealedManifest);
    });
  }

  return {
    fold,
    keepTop: async (top) => {
      const manifest = await manifestNow();
      // Beside no list there is no top of it.
      if (manifest === null) return;
      const version = manifest.version + 1;
      const row = await sealRow(vault, 'pages', topKey, version, top);
      const next = { ...manifest, version, rows: { ...manifest.rows, [topKey]: version } };
      const sealed = await sealManifest(vault, name, next);
      await database.transaction('rw', database.pages, database.manifests, async () => {
        const current = await database.manifests.get(name);
        if (current?.version !== manifest.version) return;
        await database.pages.put(row);
        await database.manifests.put(sealed);
      });
    },
    readTop: async () => {
      const manifest = await manifestNow();
      const top = manifest === null ? null : await topOf(manifest);
      if (manifest === null || top === null) return null;
      return { ...topAfter(top, await changesOf(manifest)), asOf: manifest.asOf };
    },
    apply: async (delta) => {
      if (delta.full) {
        await replace(delta);
        return { foldSoon: false };
      }
      const manifest = await manifestNow();
      // Without a base the change means nothing; the host will be asked for the whole list at the next start.
      if (manifest === null || (delta.rows.length === 0 && delta.removed.length === 0)) return { foldSoon: false };
      const next = await append(delta, manifest);
      // What was withdrawn must not lie in a page for long, sealed or not.
      return { foldSoon: delta.removed.length > 0 || next.log.length >= longestLog };
    },
    read: async () => {
      const manifest = await manifestNow();
      if (manifest === null) return null;
      const rows = new Map<TaskId, WorklistRow>();
      const keys = Object.keys(manifest.rows).filter((key) => key.startsWith('p'));
      const stored = await database.pages.bulkGet(keys);
      const opened = await Promise.all(
        keys.map((key, index) => openRow(vault, 'pages', key, stored[index], manifest.rows[key])),
      );
      for (const page of opened) for (const row of Object.values((page ?? {}) as Page)) rows.set(row.taskId, row);
      for (const change of await changesOf(manifest)) {
        for (const taskId of change.removed) rows.delete(taskId);
        for (const row of change.rows) rows.set(row.taskId, row);
      }
      return { rows, version: manifest.hostVersion, asOf: manifest.asOf };
    },
  };
}
