import type { Brand } from '../../lib/brand.ts';

/** Logical id of the Practitioner in the record; also the account's id. */
export type ReaderId = Brand<string, 'ReaderId'>;

/** What an account may do. A site's desk comes in a later issue; its accounts can be made already. */
export type Role = 'radiologist' | 'lead' | 'qa' | 'site';

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

/** What a person may ask of the program about a case. */
export type Action =
  | 'list'
  | 'look'
  | 'read'
  | 'draft'
  | 'sign'
  | 'release-claim'
  | 'see-timeline'
  | 'see-delivery'
  | 'manage-accounts';
