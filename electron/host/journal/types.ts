import type { Instant } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';

/** What the host has accepted and must not lose. Entries are only ever added. */
export type JournalKind =
  | 'draft'
  | 'signed'
  | 'outbox'
  | 'event'
  | 'command'
  | 'identity-resolution'
  | 'acknowledgement'
  | 'duty'
  | 'claim'
  /** A message of a site as it came, and what became of it. */
  | 'intake'
  | 'intake-step';

export type JournalEntry = {
  readonly kind: JournalKind;
  /** What it is about (a task id, a delivery id); indexed as a keyed hash. */
  readonly key: string;
  /** JSON; bytes travel as base64. */
  readonly body: unknown;
};

export type StoredEntry = JournalEntry & { readonly sequence: number; readonly at: Instant };

export type JournalFailure = { readonly code: 'not-durable' | 'closed' | 'deadline'; readonly message: string };

/** SQLite in a worker thread, WAL with `synchronous=FULL`; every body sealed. A write answers only when it is on disk or has failed. */
export type Journal = {
  /** All entries or none; fails visibly within 3 s (promises F2). */
  append(entries: readonly JournalEntry[]): Promise<Result<readonly StoredEntry[], JournalFailure>>;
  latest(kind: JournalKind, key: string): Promise<StoredEntry | null>;
  /** Oldest first. */
  all(
    kind: JournalKind,
    options?: { readonly key?: string; readonly afterSequence?: number },
  ): Promise<readonly StoredEntry[]>;
  close(): Promise<void>;
};
