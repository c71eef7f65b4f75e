import type { CallOutput, WorklistRow } from '../../shared/api/index.ts';
import type { KeptCoverage } from '../../shared/domain/coverage/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import type { Result } from '../../shared/lib/result.ts';

/** Why the store on this machine did not do as asked. `late`: it did not settle in 3 s; whether it was written is not known. */
export type StoreFailure = {
  readonly code: 'late' | 'refused' | 'closed' | 'unreadable';
  readonly message: string;
};

export type Stored<Value> = Promise<Result<Value, StoreFailure>>;

export type WorklistDelta = CallOutput<'worklist'>;

/** Rows as the mirror holds them, with the host's version and the time (host's clock) that they are of. */
export type MirroredWorklist = {
  readonly rows: ReadonlyMap<TaskId, WorklistRow>;
  readonly version: number;
  readonly asOf: number;
};

/** The first rows of the list, most urgent first when they were kept, and how many the whole list had. */
export type MirroredTop = {
  readonly rows: readonly WorklistRow[];
  readonly total: number;
  readonly asOf: number;
};

/** Names one draft: what is written for a task by this user on top of one version. */
export type DraftKey = Pick<Draft, 'taskId' | 'kind' | 'baseVersion'>;

/** A command that the host has not acknowledged yet. Repeats with the same id get the same answer. */
export type QueuedCommand = {
  readonly id: string;
  /** A call of shared/api, such as `sign`. */
  readonly name: string;
  readonly taskId: string;
  /** What the call takes, as JSON. */
  readonly body: unknown;
  readonly queuedAt: number;
};

/** A row that did not open as itself: altered, moved, of another user or rolled back. It is kept as it is, and never shown. */
export type Quarantined = {
  readonly table: 'pages' | 'changes' | 'manifests' | 'drafts' | 'commands';
  readonly key: string;
  readonly at: number;
};

/** What a listener hears; it asks for what it shows. */
export type MirrorChange =
  | { readonly kind: 'worklist' }
  | { readonly kind: 'draft'; readonly taskId: string }
  | { readonly kind: 'commands' }
  | { readonly kind: 'quarantine' };

/**
 * One user's sealed copy on this machine: worklist, drafts, unsent commands. Never the only copy of anything (DESIGN 3, Truth). Every
 * write settles within 3 s or says that it did not.
 */
export type Mirror = {
  applyWorklist(delta: WorklistDelta): Stored<void>;
  /** Null before the first list. */
  readWorklist(): Stored<MirroredWorklist | null>;
  /** Keeps what stands on top of the list beside it, so that a start can show it before all pages are opened. */
  keepTop(rows: readonly WorklistRow[], total: number): Stored<void>;
  /** What was kept, as it stands after all changes since; null where nothing was. */
  readTop(): Stored<MirroredTop | null>;
  /** Refused (`refused`) when the stored one has a higher revision: an older window must not take words back. */
  saveDraft(draft: Draft): Stored<void>;
  readDraft(key: DraftKey): Stored<Draft | null>;
  listDrafts(): Stored<readonly Draft[]>;
  forgetDraft(key: DraftKey): Stored<void>;
  /**
   * Keeps what was on the screen beside the draft, added to what is kept of that case already. It lies here alone: nothing of it is ever
   * sent anywhere.
   */
  saveCoverage(coverage: KeptCoverage): Stored<void>;
  readCoverage(taskId: string): Stored<KeptCoverage | null>;
  listCoverage(): Stored<readonly KeptCoverage[]>;
  forgetCoverage(taskId: string): Stored<void>;
  queueCommand(command: QueuedCommand): Stored<void>;
  /** Oldest first. */
  listCommands(): Stored<readonly QueuedCommand[]>;
  forgetCommand(id: string): Stored<void>;
  quarantined(): Stored<readonly Quarantined[]>;
  /** Hears changes of this window and of the others. */
  subscribe(listener: (change: MirrorChange) => void): () => void;
  /** Folds the log of changes into the pages now instead of when idle. */
  fold(): Stored<void>;
  close(): void;
};
