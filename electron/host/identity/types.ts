import type {
  Entitlement,
  EntitlementSet,
  Reader,
  ReaderId,
  ReadingFrom,
  Role,
} from '../../../shared/domain/reader/index.ts';
import type { Instant, Millis } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';

export type NewAccount = {
  readonly userName: string;
  readonly name: string;
  readonly role: Role;
  readonly npi: string | null;
  readonly states: readonly string[] | 'all';
  readonly password: string;
  /** The site whose desk this is; only for the role `site`, and then required. */
  readonly site?: string | undefined;
};

export type AccountFailure = {
  readonly code: 'taken' | 'weak-password' | 'bad-name' | 'bad-npi' | 'bad-state' | 'bad-site' | 'not-saved';
  readonly message: string;
};

/** A signing key of one person: private half sealed in the data folder, public half published on the Practitioner in the record. */
export type SigningKey = {
  readonly keyId: string;
  readonly publicJwk: { readonly [name: string]: string };
  sign(payload: string): Promise<string>;
};

/** An account whole, as the hosts of a group hand it to each other (sealed). */
export type AccountCopy = {
  readonly id: string;
  readonly userName: string;
  /** JSON, as it is kept: reader and password hash; the signing key. */
  readonly account: string;
  readonly signingKey: string;
  readonly acknowledged: number | null;
};

/** What a program of a site may do with a token, without being a person. */
export type AccessToken = {
  readonly name: string;
  readonly scope: 'intake';
  /** The site that it writes for; null writes for any. */
  readonly site: string | null;
};

/** Local accounts. Passwords by scrypt; a check takes the same time whether or not the name exists. */
export type Accounts = {
  isEmpty(): Promise<boolean>;
  /** `demo` lets the short passwords of the demo through; it is no part of `NewAccount`, so that no request can ask for it. */
  add(account: NewAccount, rule?: 'at-least-8' | 'demo'): Promise<Result<Reader, AccountFailure>>;
  checkPassword(userName: string, password: string): Promise<Result<Reader, 'wrong-password'>>;
  find(id: ReaderId): Promise<Reader | null>;
  list(): Promise<readonly Reader[]>;
  /** Sets what a person is held to; the host publishes it in the record. Null: there is no such account. */
  setCredentials(userName: string, entitlement: Entitlement, at: Instant): Promise<Reader | null>;
  /** What was set here, by account. */
  credentials(): Promise<ReadonlyMap<ReaderId, EntitlementSet>>;
  /** Where the person said that she reads from, last time; null when never. */
  readingFrom(id: ReaderId): Promise<ReadingFrom | null>;
  rememberReadingFrom(id: ReaderId, from: ReadingFrom): Promise<void>;
  /** JWS signing key (ES256) of that person, made with the account. `sign` answers a compact JWS with `kid`. */
  signingKey(id: ReaderId): Promise<SigningKey>;
  /** The first-run acknowledgement that Overread is not a cleared device, once for each user. */
  acknowledge(id: ReaderId, at: Instant): Promise<void>;
  hasAcknowledged(id: ReaderId): Promise<boolean>;
  copies(): Promise<readonly AccountCopy[]>;
  /** Puts another host's account in the place of one of the same id or user name. */
  take(copy: AccountCopy): Promise<Result<void, AccountFailure>>;
  /** Makes a token of 256 random bits; it is answered once and kept as a keyed hash alone. `taken`: the name has one. */
  addToken(token: AccessToken): Promise<Result<string, AccountFailure>>;
  findToken(token: string): Promise<AccessToken | null>;
  tokens(): Promise<readonly AccessToken[]>;
  /** Ends the token of that name; false where there is none. */
  removeToken(name: string): Promise<boolean>;
  close(): Promise<void>;
};

export type LiveSession = {
  readonly token: string;
  readonly reader: Reader;
  readonly window: string;
  /** Where the person sits, as she said when she signed in; null when she did not. */
  readonly readingFrom: ReadingFrom | null;
  readonly startedAt: Instant;
  readonly lastActivityAt: Instant;
  readonly locked: boolean;
  /** When the password was last given for a signature; null before the first and after a lock. */
  readonly passwordGivenAt: Instant | null;
};

/** How hosts of a group understand each other's sessions. */
export type PortableTokens = {
  seal(text: string): string;
  /** Null for what none of them sealed. */
  open(token: string): string | null;
  readerOf(id: string): Reader | null;
};

export type SessionFailure = 'not-signed-in' | 'locked' | 'wrong-window';

/** Sessions live in memory only: a restart signs everybody out. Times come from the ports' clock. */
export type Sessions = {
  start(reader: Reader, window: string, readingFrom?: ReadingFrom | null): LiveSession;
  /**
   * Locks by itself when idle too long; `whileLocked` lets the few calls through that a locked session may make. Where `window` is
   * given it must be the one that the session was started in. A check is no activity: polling keeps nobody signed in.
   */
  check(
    token: string | null,
    options?: { readonly whileLocked?: boolean; readonly window?: string },
  ): Result<LiveSession, SessionFailure>;
  touch(token: string): void;
  lock(token: string): void;
  /** The computer itself was locked or goes to sleep. */
  lockAll(): void;
  unlock(token: string): void;
  end(token: string): void;
  /** Every session that was begun in such a window. */
  endWhere(isOver: (window: string) => boolean): void;
  /** True for the first signature of the session, after a lock and every 4 h. */
  passwordNeeded(token: string): boolean;
  passwordGiven(token: string): void;
  /** Readers at an unlocked screen who did something there within that time. */
  present(within: Millis): ReadonlySet<ReaderId>;
  /** Told of each lock and end, so that the event stream can tell the page. */
  onChange(listener: (token: string, change: 'locked' | 'ended') => void): () => void;
  close(): void;
};
