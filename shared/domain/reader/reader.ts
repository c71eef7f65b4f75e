import type { Brand } from '../../lib/brand.ts';

/** Logical id of the Practitioner in the record; also the account's id. */
export type ReaderId = Brand<string, 'ReaderId'>;

/** What an account is for; `may` says what it may do. */
export const roles = ['radiologist', 'lead', 'qa', 'site'] as const;
export type Role = (typeof roles)[number];

/** Somebody with an account. */
export type Reader = {
  readonly id: ReaderId;
  /** What is typed at sign-in. */
  readonly userName: string;
  /** Shown to people: "Dr M. Tandewright". */
  readonly name: string;
  readonly role: Role;
  /** National Provider Identifier; null when not given. */
  readonly npi: string | null;
  /** Logical id of the Organization whose desk this is, for the role `site`; absent for everybody else. */
  readonly site?: string | undefined;
  /** US postal codes of the states of licence; 'all' is recorded as unrestricted, and said so. */
  readonly states: readonly string[] | 'all';
};
