import { join } from 'node:path';
import { auditSpan } from '../../../shared/domain/audit/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { KeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import { type AuditFunctions, type AuditPlace, coalescingKey, type StoredAnchor } from './audit-store.ts';
import type { Access, AuditFailure, AuditLog } from './types.ts';

export type OpenedAuditLog = AuditLog & {
  /** Notes that a head of the chain was told to somebody else (a signed report, the record), so that a cut tail shows. */
  anchor(where: string, sequence: number, hash: string): Promise<void>;
  anchors(): Promise<readonly StoredAnchor[]>;
};

export type AuditOptions = {
  /** The data folder; the log lies in `audit/` under it. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly ports: Ports;
  readonly inMemory?: boolean;
  /** Largest size of the log in bytes; beyond it a record fails as on a full disk. */
  readonly maximumBytes?: number;
};

/** An access is not held longer than this for the log's sake: it is refused, visibly (promises F2). */
const deadlineMilliseconds = 3_000;
/** Entries after which the log anchors its own head beside itself; a clean end does so too. */
const ownAnchorEvery = 100;
const mostEntries = 10_000;

export function auditFiles(directory: string): {
  readonly file: string;
  readonly anchorsFile: string;
  readonly headFile: string;
} {
  return {
    file: join(directory, 'audit', 'audit.sqlite'),
    anchorsFile: join(directory, 'audit', 'anchors.sqlite'),
    // Not in the log's folder: who puts that back from an older copy leaves this behind.
    headFile: join(directory, 'audit-head'),
  };
}

/** Opens the access log of a data folder. Where its last entry does not open, no chain can go on: nothing is shown to anybody. */
export async function openAuditLog(options: AuditOptions): Promise<Result<OpenedAuditLog, AuditFailure>> {
  const { ports } = options;
  const files =
    options.inMemory === true ? { file: null, anchorsFile: null, headFile: null } : auditFiles(options.directory);
  const place: AuditPlace = {
    ...files,
    key: options.keyRing.derive('audit'),
    maximumBytes: options.maximumBytes ?? null,
  };
  const thread = startThread<AuditFunctions>(
    threadEntry(new URL('./audit-thread.ts', import.meta.url), 'audit'),
    place,
  );
  let anchoredAt: number;
  try {
    const head = await thread.head();
    anchoredAt = Math.max(0, ...(await thread.anchors()).map((one) => one.sequence));
    const standing = await thread.settleHead();
    if (anchoredAt > head.sequence || standing === 'disputed') {
      ports.log.error('the end of the access log is missing: run npm run audit:verify', {
        entries: head.sequence,
        anchored: anchoredAt,
      });
    } else if (standing === 'changed') {
      ports.log.error('the file audit-head was changed; it is kept as audit-head.changed: run npm run audit:verify');
    } else if (standing === 'missing') {
      ports.log.warn('there was no file audit-head; a cut end of the access log shows from here on', {
        entries: head.sequence,
      });
    }
  } catch {
    await thread.stop();
    return err({
      code: 'audit-unavailable',
      message:
        'The access log cannot be opened, or its last entry was changed, so no patient data is shown. Run "npm run audit:verify", keep the folder "audit" for whoever looks into it, move it elsewhere and start again.',
    });
  }
  const unavailable = (message: string): Result<void, AuditFailure> =>
    err({ code: 'audit-unavailable', message: `The access could not be logged, so it is refused. ${message}` });

  let closed = false;
  // What is durable already in this span needs no second word with the disk: a series asks once for each of its frames.
  let span: ReturnType<typeof auditSpan> | null = null;
  const durable = new Set<string>();

  const anchor = async (where: string, sequence: number, hash: string): Promise<void> => {
    await thread.anchor({ where, sequence, hash, at: ports.now() });
    anchoredAt = Math.max(anchoredAt, sequence);
  };

  const anchorOwnHead = async (atLeast: number): Promise<void> => {
    const head = await thread.head();
    if (head.sequence - anchoredAt >= atLeast) await anchor('this data folder', head.sequence, head.hash);
  };

  const record = async (accesses: readonly Access[]): Promise<Result<void, AuditFailure>> => {
    if (closed) return unavailable('Overread is closing.');
    const at = ports.now();
    if (auditSpan(at) !== span) {
      durable.clear();
      span = auditSpan(at);
    }
    const keys = accesses.map((access) => coalescingKey(access, at));
    const fresh = accesses.filter((_access, index) => {
      const key = keys[index];
      return typeof key !== 'string' || !durable.has(key);
    });
    if (fresh.length === 0) return ok(undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Result<never, string>>((resolve) => {
      timer = setTimeout(() => resolve(err('The disk did not answer in 3 seconds.')), deadlineMilliseconds);
    });
    try {
      const written = await Promise.race([thread.record(fresh, at), late]);
      if (!written.ok) {
        ports.log.error('an access could not be logged and was refused');
        return unavailable(written.error);
      }
      if (auditSpan(at) === span) for (const key of keys) if (key !== null) durable.add(key);
      if (!written.value.headKept)
        ports.log.warn('the head of the access log could not be kept in the file audit-head');
      // The anchor is a second look at what is durable already; its failure takes nothing from the caller.
      if (written.value.count > 0) {
        anchorOwnHead(ownAnchorEvery).catch(() => ports.log.warn('the access log could not anchor its head'));
      }
      return ok(undefined);
    } catch {
      return unavailable('The access log stopped. Start Overread again.');
    } finally {
      clearTimeout(timer);
    }
  };

  return ok({
    record,
    anchor,
    anchors: () => thread.anchors(),
    head: () => thread.head(),
    entries: (wanted = {}) =>
      thread.entries(wanted.afterSequence ?? 0, Math.max(0, Math.min(wanted.limit ?? mostEntries, mostEntries))),
    close: async () => {
      if (closed) return;
      closed = true;
      await anchorOwnHead(1).catch(() => undefined);
      await thread.close().catch(() => undefined);
      await thread.stop();
    },
  });
}
