import type { AuditEntry, AuditPurpose } from '../../../shared/domain/audit/index.ts';
import type { Result } from '../../../shared/lib/result.ts';

export type Access = {
  readonly user: string;
  readonly purpose: AuditPurpose;
  readonly patient: string | null;
  readonly studyUid: string | null;
  readonly detail?: string;
};

export type AuditFailure = { readonly code: 'audit-unavailable'; readonly message: string };

/**
 * Hash-chained access log, durable before the data leaves the host. One entry for each patient, study, purpose and 15-minute
 * span; `export`, `print` and `search` always write one. A failure means: refuse the access.
 */
export type AuditLog = {
  record(accesses: readonly Access[]): Promise<Result<void, AuditFailure>>;
  /** Hash of the last entry; 64 zeros for an empty chain. */
  head(): Promise<{ readonly sequence: number; readonly hash: string }>;
  entries(options?: { readonly afterSequence?: number; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  close(): Promise<void>;
};
