import { draftSchema, keptCoverageSchema } from '../../shared/api/index.ts';
import { type KeptCoverage, mergeCoverage } from '../../shared/domain/coverage/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { isOfNewerProgram, openDatabase } from './database.ts';
import { Refusal, settled } from './deadline.ts';
import type { Vault } from './manifest.ts';
import { createSealedRows } from './sealed-rows.ts';
import { createSealedWorklist } from './sealed-worklist.ts';
import { createSealer } from './sealing.ts';
import type { DraftKey, Mirror, MirrorChange, QueuedCommand, Stored } from './types.ts';
import { holdWriter } from './writer-lock.ts';

/** Reading may take longer than writing: a big list is opened page by page. */
const readDeadline = 10_000;
const idleBeforeFold = 2_000;

function whenIdle(work: () => void): () => void {
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: 5_000 });
    else work();
  }, idleBeforeFold);
  return () => clearTimeout(timer);
}

function isCommand(value: unknown): value is QueuedCommand {
  return typeof value === 'object' && value !== null && 'id' in value && 'queuedAt' in value && 'name' in value;
}

/**
 * Opens one user's sealed mirror. `key` is `session.mirrorKey` (base64 of 32 bytes). The database's name is a keyed hash, so that a
 * folder of the browser does not say who reads here. Rejects where the store cannot be opened, or is a newer program's. Tests give their
 * own IndexedDB.
 */
export async function openMirror(options: {
  readonly user: string;
  readonly key: string;
  readonly now?: () => number;
  readonly indexedDb?: { readonly indexedDB: IDBFactory; readonly IDBKeyRange: typeof IDBKeyRange };
}): Promise<Mirror> {
  const now = options.now ?? (() => Date.now());
  const sealer = await createSealer(options.user, options.key);
  const name = `overread-${await sealer.nameOf('database')}`;
  if (await isOfNewerProgram(name, options.indexedDb?.indexedDB ?? indexedDB)) {
    throw new DOMException('A newer Overread has written this store; it is left as it is.', 'VersionError');
  }
  const database = openDatabase(name, options.indexedDb);
  await database.open();
  const listeners = new Set<(change: MirrorChange) => void>();
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : null;
  const tell = (change: MirrorChange): void => {
    for (const listener of [...listeners]) listener(change);
    channel?.postMessage(change);
  };
  if (channel !== null) {
    channel.onmessage = (event: MessageEvent<MirrorChange>) => {
      for (const listener of [...listeners]) listener(event.data);
    };
  }

  const vault: Vault = {
    database,
    sealer,
    now,
    quarantine: async (table, key, row) => {
      await database.transaction('rw', database[table], database.quarantine, async () => {
        // A row that is gone because it lies in quarantine already is not reported once more with every reading.
        if (
          row === null &&
          (await database.quarantine.filter((one) => one.table === table && one.key === key).count()) > 0
        ) {
          return;
        }
        await database.quarantine.add({ table, key, at: now(), row });
        await database[table].delete(key);
      });
      tell({ kind: 'quarantine' });
    },
  };
  const drafts = createSealedRows(vault, 'drafts');
  const commands = createSealedRows(vault, 'commands');
  const worklist = createSealedWorklist(vault);
  let stopFold: (() => void) | null = null;

  const write = <Value>(what: string, work: () => Promise<Value>): Stored<Value> =>
    settled(what, async (signal) => {
      const held = await holdWriter(`${name}|write`, work, { signal });
      if (!held.held) throw new Refusal({ code: 'refused', message: 'Another window holds this machine’s store.' });
      return held.value;
    });
  const read = <Value>(what: string, work: () => Promise<Value>): Stored<Value> => settled(what, work, readDeadline);
  const keyOfDraft = (key: DraftKey): Promise<string> =>
    sealer.nameOf('draft', key.taskId, key.kind, String(key.baseVersion));
  const asDraft = (content: unknown): Draft | null => {
    if (content === null) return null;
    const parsed = draftSchema.safeParse(content);
    return parsed.success ? parsed.data : null;
  };
  const asCoverage = (content: unknown): KeptCoverage | null => {
    const parsed = keptCoverageSchema.safeParse(content);
    return parsed.success ? parsed.data : null;
  };
  // In the table of drafts under a name of its own: it is kept and let go as they are, and an older program passes it over.
  const keyOfCoverage = (taskId: string): Promise<string> => sealer.nameOf('coverage', taskId);
  const fold = (): Stored<void> => write('fold the list', worklist.fold);

  return {
    applyWorklist: async (delta) => {
      const applied = await write('keep the list', () => worklist.apply(delta));
      if (!applied.ok) return applied;
      if (applied.value.foldSoon && stopFold === null) {
        stopFold = whenIdle(() => {
          stopFold = null;
          void fold();
        });
      }
      tell({ kind: 'worklist' });
      return { ok: true, value: undefined };
    },
    readWorklist: () => read('read the list', worklist.read),
    keepTop: (rows, total) => write('keep the top of the list', () => worklist.keepTop({ rows, total })),
    readTop: () => read('read the top of the list', worklist.readTop),
    saveDraft: async (draft) => {
      const saved = await write('keep the draft', async () => {
        await drafts.write(await keyOfDraft(draft), (before) => {
          const stored = asDraft(before);
          if (stored !== null && stored.revision > draft.revision) {
            throw new Refusal({ code: 'refused', message: 'Another window has newer words of this draft.' });
          }
          return draft;
        });
      });
      if (saved.ok) tell({ kind: 'draft', taskId: draft.taskId });
      return saved;
    },
    readDraft: (key) => read('read the draft', async () => asDraft(await drafts.read(await keyOfDraft(key)))),
    listDrafts: () =>
      read('read the drafts', async () => (await drafts.list()).map(asDraft).filter((draft) => draft !== null)),
    forgetDraft: async (key) => {
      const gone = await write('forget the draft', async () => drafts.write(await keyOfDraft(key), () => null));
      if (gone.ok) tell({ kind: 'draft', taskId: key.taskId });
      return gone;
    },
    saveCoverage: (coverage) =>
      write('keep what was shown', async () =>
        drafts.write(await keyOfCoverage(coverage.taskId), (before) => {
          const kept = asCoverage(before);
          return kept === null ? coverage : { ...coverage, series: mergeCoverage(coverage.series, kept.series) };
        }),
      ),
    readCoverage: (taskId) =>
      read('read what was shown', async () => asCoverage(await drafts.read(await keyOfCoverage(taskId)))),
    listCoverage: () =>
      read('read what was shown', async () =>
        (await drafts.list()).map(asCoverage).filter((coverage) => coverage !== null),
      ),
    forgetCoverage: (taskId) =>
      write('forget what was shown', async () => drafts.write(await keyOfCoverage(taskId), () => null)),
    queueCommand: async (command) => {
      const queued = await write('keep the command', async () =>
        commands.write(await sealer.nameOf('command', command.id), () => command),
      );
      if (queued.ok) tell({ kind: 'commands' });
      return queued;
    },
    listCommands: () =>
      read('read the commands', async () =>
        (await commands.list()).filter(isCommand).sort((left, right) => left.queuedAt - right.queuedAt),
      ),
    forgetCommand: async (id) => {
      const gone = await write('forget the command', async () =>
        commands.write(await sealer.nameOf('command', id), () => null),
      );
      if (gone.ok) tell({ kind: 'commands' });
      return gone;
    },
    quarantined: () =>
      read('read the quarantine', async () =>
        (await database.quarantine.toArray()).map(({ table, key, at }) => ({ table, key, at })),
      ),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    fold,
    close: () => {
      stopFold?.();
      channel?.close();
      listeners.clear();
      database.close();
    },
  };
}
