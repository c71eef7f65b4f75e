import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { paced } from '../paces.ts';
import type { Ports } from '../ports.ts';
import { type Kept, keptOf } from './kept.ts';
import type { ChangeCursor, RecordClient, RecordFailure, Versioned } from './types.ts';

/** What came in one cycle for one type: new or newer resources, and ids that the record no longer has. */
export type SyncChange = {
  readonly type: ResourceType;
  readonly items: readonly Versioned[];
  readonly gone: readonly string[];
};

/** The open list of one type: how the record is asked for it, and which of our own copies belong to it. */
export type OpenList = {
  readonly type: ResourceType;
  readonly parameters: Readonly<Record<string, string>>;
  isOpen(resource: Versioned['resource']): boolean;
};

/** Where resources of one type go that are not kept here: there may be millions of them. */
export type StreamedType = {
  readonly type: ResourceType;
  /** From where to read; null for everything. Asked at each cycle, so that who has lost what it was given gets it again. */
  cursor(): ChangeCursor | null;
  /** False where they could not be taken: the cycle ends there, and the next begins at the last cursor. */
  take(items: readonly Versioned[], safe: ChangeCursor | null): Promise<boolean>;
  /** True while what was taken is lost and not all of it is back. */
  lost(): boolean;
  /** Everything up to here has been taken. */
  reached(cursor: ChangeCursor | null): void;
};

export type RecordSyncOptions = {
  readonly ports: Ports;
  /** Types that are handed on page by page instead of being kept. */
  readonly streamed?: readonly StreamedType[];
  /** Between two cycles; 4 s unless told. */
  readonly intervalMs?: number;
  /** Between two cycles for a while after `nudge`; 500 ms unless told. */
  readonly nudgedMs?: number;
  /** Compared in full once a day (and at the first cycle after a start of a day), in case a change was never shown. */
  readonly openLists?: readonly OpenList[];
  /** Once per change of state: a failure when trouble begins or turns into another, null when it is over. */
  readonly onTrouble?: (trouble: RecordFailure | null) => void;
};

export type RecordSync = {
  /** Begins polling; the first cycle runs at once. */
  start(): void;
  /** Ends polling and waits for a cycle under way. */
  stop(): Promise<void>;
  /** One round over all types now; cycles never overlap, a second caller gets the one under way. */
  cycle(): Promise<Result<{ readonly changed: number }, RecordFailure>>;
  /** Never to be changed; of types with one for every study each call answers another object. */
  get<Type extends ResourceType>(type: Type, id: string): Versioned<ExtractResource<Type>> | null;
  /** Only of types of which there are few: each resource of a type with one for every study is read from its text. */
  all<Type extends ResourceType>(type: Type): Versioned<ExtractResource<Type>>[];
  ids(type: ResourceType): readonly string[];
  /** Listeners must not throw; they hear of whole batches, oldest change first. */
  onChange(listener: (change: SyncChange) => void): () => void;
  /** Folds in what our own write or read brought, without waiting for the next cycle. */
  learn(item: Versioned): void;
  /** Our own write happened: look again soon. */
  nudge(): void;
  /** Compares the open lists with the record now. */
  reconcile(): Promise<Result<{ readonly changed: number }, RecordFailure>>;
  readonly trouble: RecordFailure | null;
  /** True once every type was read through. */
  readonly complete: boolean;
};

const oneDay = 86_400_000;
/** How many quick cycles follow a nudge: servers show a write late. */
const quickCycles = 6;
/** Resources read from their text before the host's thread does something else. */
const inOneGo = 1_000;

/** Keeps the newest version of every resource of the given types in memory, by polling what changed (DESIGN 2.2). */
export function createRecordSync(
  client: RecordClient,
  types: readonly ResourceType[],
  options: RecordSyncOptions,
): RecordSync {
  const { ports } = options;
  const folds = new Map<ResourceType, Kept>(types.map((type) => [type, keptOf(type)]));
  const cursors = new Map<ResourceType, ChangeCursor | null>();
  const listeners = new Set<(change: SyncChange) => void>();
  let running: Promise<Result<{ readonly changed: number }, RecordFailure>> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let started = false;
  let quick = 0;
  let trouble: RecordFailure | null = null;
  let reconciledAt: number | null = null;
  /** Streamed types that were read to their end. */
  const whole = new Set<ResourceType>();
  let stopping = false;

  const tell = (change: SyncChange): void => {
    if (change.items.length === 0 && change.gone.length === 0) return;
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (reason) {
        ports.log.error('a listener of the record failed', {
          reason: reason instanceof Error ? reason.message.slice(0, 200) : 'unknown',
        });
      }
    }
  };

  /** True where the item is news; a version that we know, or an older one shown late, is none. */
  const fold = (item: Versioned): boolean => {
    const known = folds.get(item.resource.resourceType);
    const id = item.resource.id;
    if (known === undefined || id === undefined) return false;
    const before = known.stamp(id);
    if (before !== null) {
      if (before.version === item.version) return false;
      if ((item.lastUpdated ?? 0) < (before.lastUpdated ?? 0)) return false;
    }
    known.set(id, item);
    return true;
  };

  const settle = (failure: RecordFailure | null): void => {
    if (failure?.code === trouble?.code) return;
    trouble = failure;
    // The server's own words may echo a patient; the log gets the status alone.
    if (failure === null) ports.log.info('the record answers again', { record: client.name });
    else
      ports.log.warn('the record is in trouble', {
        record: client.name,
        code: failure.code,
        status: failure.cameBack.split(',')[0] ?? '',
      });
    options.onTrouble?.(failure);
  };

  const reconcileLists = async (): Promise<Result<number, RecordFailure>> => {
    let changed = 0;
    for (const list of options.openLists ?? []) {
      const found = await client.search(list.type, list.parameters);
      if (!found.ok) return found;
      const items: Versioned[] = found.value.filter(fold);
      const listed = new Set(found.value.map((item) => item.resource.id));
      const gone: string[] = [];
      let looked = 0;
      for (const id of [...(folds.get(list.type)?.ids() ?? [])]) {
        if (listed.has(id)) continue;
        looked += 1;
        if (looked % inOneGo === 0) await new Promise((resolve) => setImmediate(resolve));
        const ours = folds.get(list.type)?.get(id) ?? null;
        if (ours === null || !list.isOpen(ours.resource)) continue;
        const now = await client.read(list.type, id);
        if (now.ok) {
          if (fold(now.value)) items.push(now.value);
        } else if (now.error.code === 'not-found') {
          folds.get(list.type)?.delete(id);
          gone.push(id);
        } else return now;
      }
      changed += items.length + gone.length;
      tell({ type: list.type, items, gone });
    }
    reconciledAt = ports.now();
    return ok(changed);
  };

  const stream = async (streamed: StreamedType): Promise<Result<number, RecordFailure>> => {
    let taken = 0;
    const news = await client.changesByPage(streamed.type, streamed.cursor(), async (items, safe) => {
      if (stopping || !(await streamed.take(items as readonly Versioned[], safe))) return false;
      taken += items.length;
      return true;
    });
    if (!news.ok) return news;
    if (news.value.whole) {
      streamed.reached(news.value.cursor);
      whole.add(streamed.type);
    }
    return ok(taken);
  };

  const round = async (reconcileNow: boolean): Promise<Result<{ readonly changed: number }, RecordFailure>> => {
    let changed = 0;
    for (const type of types) {
      const streamed = options.streamed?.find((one) => one.type === type);
      if (streamed !== undefined) {
        const taken = await stream(streamed);
        if (!taken.ok) {
          settle(taken.error);
          return taken;
        }
        changed += taken.value;
        continue;
      }
      const news = await client.changes(type, cursors.get(type) ?? null);
      if (!news.ok) {
        settle(news.error);
        return err(news.error);
      }
      const items = (news.value.items as readonly Versioned[]).filter(fold);
      cursors.set(type, news.value.cursor);
      changed += items.length;
      tell({ type, items, gone: [] });
    }
    // The very first round has just read everything.
    reconciledAt ??= ports.now();
    if (reconcileNow || ports.now() - reconciledAt >= oneDay) {
      const reconciled = await reconcileLists();
      if (!reconciled.ok) {
        settle(reconciled.error);
        return reconciled;
      }
      changed += reconciled.value;
    }
    settle(null);
    return ok({ changed });
  };

  const runRound = (reconcileNow: boolean): Promise<Result<{ readonly changed: number }, RecordFailure>> => {
    const made = round(reconcileNow).finally(() => {
      running = null;
    });
    running = made;
    return made;
  };
  const cycle = (): Promise<Result<{ readonly changed: number }, RecordFailure>> => running ?? runRound(false);

  const schedule = (delay: number): void => {
    if (!started) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      if (quick > 0) quick -= 1;
      // A throw here is a bug; it must be seen, and must not end the polling.
      cycle()
        .catch((reason: unknown) => ports.log.error('sync failed', { reason: String(reason).slice(0, 200) }))
        .finally(() =>
          schedule(paced(ports, 'sync', quick > 0 ? (options.nudgedMs ?? 500) : (options.intervalMs ?? 4000))),
        );
    }, delay);
    timer.unref();
  };

  return {
    start: () => {
      if (started) return;
      started = true;
      stopping = false;
      schedule(0);
    },
    stop: async () => {
      started = false;
      // A first reading of millions is not waited for: the next start goes on where it stands.
      stopping = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await running;
    },
    cycle,
    get: <Type extends ResourceType>(type: Type, id: string) =>
      (folds.get(type)?.get(id) ?? null) as Versioned<ExtractResource<Type>> | null,
    all: <Type extends ResourceType>(type: Type) => {
      const kept = folds.get(type);
      return [...(kept?.ids() ?? [])].flatMap((id) => kept?.get(id) ?? []) as unknown as Versioned<
        ExtractResource<Type>
      >[];
    },
    ids: (type) => [...(folds.get(type)?.ids() ?? [])],
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    learn: (item) => {
      if (fold(item)) tell({ type: item.resource.resourceType, items: [item], gone: [] });
    },
    nudge: () => {
      quick = quickCycles;
      schedule(options.nudgedMs ?? 500);
    },
    reconcile: async () => {
      if (running !== null) await running;
      return running ?? runRound(true);
    },
    get trouble() {
      return trouble;
    },
    get complete() {
      return types.every((type) => {
        const streamed = options.streamed?.find((one) => one.type === type);
        return streamed === undefined ? cursors.has(type) : whole.has(type) && !streamed.lost();
      });
    },
  };
}
