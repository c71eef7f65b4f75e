import type { Instant } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';

/** What the host has accepted and must not lose. Entries are only ever added; what may be let go after its time is a `Passing`. */
export type JournalKind =
  | 'draft'
  /** A report template or macro that somebody has begun to write. */
  | 'template-work'
  | 'signed'
  | 'outbox'
  | 'event'
  | 'command'
  | 'identity-resolution'
  | 'acknowledgement'
  | 'duty'
  | 'hand-over'
  /** Readers' computers, at a host that has no record in common with others. */
  | 'device'
  | 'claim'
  /** Measurements and key images of a signed version on their way into the archive. */
  | 'marks'
  /** A message of a site as it came, and what became of it. */
  | 'intake'
  | 'intake-step';

/** Kinds that a site's own time may end (retention). Signed versions, events and the rest never are. */
export type Passing = Extract<JournalKind, 'draft' | 'template-work' | 'intake' | 'intake-step'>;

export type JournalEntry = {
  readonly kind: JournalKind;
  /** What it is about (a task id, a delivery id); indexed as a keyed hash. */
  readonly key: string;
  /** JSON; bytes travel as base64. */
  readonly body: unknown;
};

export type StoredEntry = JournalEntry & { readonly sequence: number; readonly at: Instant };

/** Nothing of it is in the journal, now or later. */
export type NotKept = { readonly code: 'not-durable' | 'closed' | 'deadline'; readonly message: string };

/**
 * How an append ended that nobody could tell of in time. `never-known`: the journal stopped or its disk failed within the write; what is
 * there shows at the next start.
 */
export type Settlement =
  | { readonly kind: 'kept'; readonly entries: readonly StoredEntry[] }
  | { readonly kind: 'not-kept'; readonly failure: NotKept }
  | { readonly kind: 'never-known' };

/** The disk had the write in its hands when the time was up: it may be kept. Whoever is told must not be told that it is not. */
export type NotKnown = { readonly code: 'not-known'; readonly message: string; readonly settled: Promise<Settlement> };

export type JournalFailure = NotKept | NotKnown;

/** SQLite in a worker thread, WAL with `synchronous=FULL`; every body sealed. A write answers only when it is on disk or has failed. */
export type Journal = {
  /** All entries or none; answers within 3 s (promises F2), if only that it is not known yet. */
  append(entries: readonly JournalEntry[]): Promise<Result<readonly StoredEntry[], JournalFailure>>;
  latest(kind: JournalKind, key: string): Promise<StoredEntry | null>;
  /** Oldest first. */
  all(
    kind: JournalKind,
    options?: { readonly key?: string; readonly afterSequence?: number },
  ): Promise<readonly StoredEntry[]>;
  close(): Promise<void>;
};
