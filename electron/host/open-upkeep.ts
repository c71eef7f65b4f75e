import type { OpenedAuditLog } from './audit/index.ts';
import { type NightlyBackup, startNightlyBackup } from './backup/nightly.ts';
import { keyStoreNoBackup } from './backup/trouble.ts';
import type { HostConfig } from './config.ts';
import { createDowntimePages, type DowntimePages } from './downtime/downtime-pages.ts';
import { type PageFiles, startPageFiles } from './downtime/page-files.ts';
import type { Accounts } from './identity/index.ts';
import type { OpenedJournal } from './journal/index.ts';
import type { KeyRing } from './keys/index.ts';
import type { RecordSync } from './record/index.ts';
import { startRetention } from './retention/retention.ts';

export type Upkeep = {
  /** Null where none is set. */
  readonly backup: NightlyBackup | null;
  readonly pages: DowntimePages;
  /** Null where no folder is named for them. */
  readonly files: PageFiles | null;
  /** Of this computer: the host's own times are told in it. */
  readonly zone: string;
  close(): Promise<void>;
};

/** What the host does for the day on which it is gone. */
export async function openUpkeep(
  parts: {
    readonly config: HostConfig;
    readonly keyRing: KeyRing;
    readonly journal: OpenedJournal;
    readonly audit: OpenedAuditLog;
    readonly accounts: Accounts;
    readonly sync: RecordSync;
    readonly notices: string[];
  } & Omit<Parameters<typeof createDowntimePages>[0], 'demo'> &
    Omit<Parameters<typeof startRetention>[0], 'isCurrent' | 'ports'>,
): Promise<Upkeep> {
  const { config, keyRing, journal, audit, sync, notices } = parts;
  const { settings, ports } = config;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const pages = createDowntimePages({ ...parts, demo: settings.demo });
  const isCurrent = (): boolean => sync.complete && sync.trouble === null;
  const retention = startRetention({ ...parts, isCurrent, ports });
  const folder = settings.upkeep?.downtimeFolder ?? null;
  const files = folder === null ? null : startPageFiles({ folder, pages, isCurrent, audit, ports });
  if (files !== null)
    notices.push(
      'Downtime pages with patients on them are kept, plain, in the folder that was named for them: give it rights.',
    );
  const wanted = settings.upkeep?.backup ?? null;
  // Under a desktop's key store a copy would open on no other computer: it would be no backup.
  const impossible = wanted !== null && keyRing.kind === 'os-key-store';
  if (impossible) notices.push(`No nightly backup is made: ${keyStoreNoBackup}`);
  const backup =
    wanted === null || impossible
      ? null
      : await startNightlyBackup({
          ...wanted,
          directory: settings.dataDirectory,
          zone,
          program: config.version,
          keyRing,
          journal,
          ports,
        });
  return {
    backup,
    pages,
    files,
    zone,
    close: async () => {
      await Promise.all([backup?.stop(), files?.stop(), retention.stop()]);
    },
  };
}
