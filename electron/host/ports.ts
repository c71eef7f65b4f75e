import type { Instant, Millis } from '../../shared/lib/instant.ts';

/** A fetch handler: the host itself, an embedded server and a remote one all look like this. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Lines for the operator. Never patient data: `fields` may hold ids, counts, states and addresses without credentials. */
export type Log = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};
export type LogFields = { readonly [name: string]: string | number | boolean | null };

/** What the host takes from the outside world, so that tests can hold the clock and the dice. */
export type Ports = {
  now(): Instant;
  /** Cryptographic randomness. */
  randomBytes(count: number): Uint8Array;
  /** A new UUID (version 4). */
  newId(): string;
  readonly log: Log;
  /** Since the computer was started, sleep included; nobody can set it. Absent: as the system says. */
  uptime?(): Millis;
  /** Told before and after each durable step of signing and delivery; the kill tests stop the process there. Absent otherwise. */
  step?(name: string): void;
  /**
   * Milliseconds that pass before the named work looks again, of those that it would wait by itself. Asked each time that it has looked,
   * so that a test that waits for things to be looked at has them looked at sooner, and knows when they were. Absent otherwise.
   */
  pace?(work: string, usual: number): number;
};
