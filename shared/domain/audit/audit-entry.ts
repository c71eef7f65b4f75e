import type { Instant } from '../../lib/instant.ts';

/** Why patient data left the host. */
export type AuditPurpose =
  | 'list'
  | 'look'
  | 'read'
  | 'prior'
  | 'sign'
  | 'deliver'
  | 'export'
  | 'print'
  | 'search'
  | 'sign-in'
  /** Images into the sealed cache of a host, before anybody has asked for them. */
  | 'prefetch'
  /** A site's interface wrote into the record. */
  | 'intake'
  /** What only the host held was let go after its time. */
  | 'let-go'
  /** A reader's computer was revoked, said that its keys are gone, or handed over what had been signed on it. */
  | 'device'
  /** Where a site's reports go was set. */
  | 'settings';

/** One entry for each patient, study, purpose and 15-minute span; one for each export, print and search. */
export type AuditEntry = {
  /** 1-based, without gaps. */
  readonly sequence: number;
  readonly at: Instant;
  readonly user: string;
  readonly purpose: AuditPurpose;
  readonly patient: string | null;
  readonly studyUid: string | null;
  readonly detail: string;
  /** SHA-256 hex of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
};
