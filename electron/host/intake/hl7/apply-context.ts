import type { Instant } from '../../../../shared/lib/instant.ts';
import type { RecordClient, Versioned } from '../../record/types.ts';
import type { Change } from './applied.ts';

/** What applying a message needs of the host. */
export type ApplyContext = {
  readonly record: RecordClient;
  /** The record's id of the sending site: the scope of every number in the message. */
  readonly siteId: string;
  readonly siteName: string;
  readonly zone: string;
  /** "ADT^A08 1002122": the message, for people. */
  readonly message: string;
  /** Sender and MSH-10, hashed: the same for a repeat, to whichever host it comes. */
  readonly messageKey: string;
  /** MSH-7; null where it is no time. */
  readonly sentAt: Instant | null;
  /** True where a report of this order is signed or released: nothing moves it without a person. */
  reported(orderId: string): boolean;
  /** True where what is released of this order is our preliminary and the final is still to come. */
  preliminaryOnly(orderId: string): boolean;
  /** Notes what is about to change for people, on disk; false where that failed, and then nothing is written. */
  intend(changes: readonly Change[]): Promise<boolean>;
  /** Told of every write, so that the list does not wait for the next look at the record. */
  onWritten(written: Versioned): void;
};
