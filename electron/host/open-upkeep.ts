import { type NightlyBackup, startNightlyBackup } from './backup/nightly.ts';
import type { HostConfig } from './config.ts';
import type { OpenedJournal } from './journal/index.ts';
import type { KeyRing } from './keys/index.ts';

export type Upkeep = {
  /** Null where none is set. */
  readonly backup: NightlyBackup | null;
  /** Of this computer: the host's own times are told in it. */
  readonly zone: string;
  close(): Promise<void>;
};

/** What the host does for the day on which it is gone. */
export async function openUpkeep(parts: {
  readonly config: HostConfig;
  readonly keyRing: KeyRing;
  readonly journal: OpenedJournal;
  readonly notices: string[];
}): Promise<Upkeep> {
  const { config, keyRing, journal, notices } = parts;
  const { settings, ports } = config;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wanted = settings.upkeep?.backup ?? null;
  // Under a desktop's key store a copy would open on no other computer: it would be no backup.
  const impossible = wanted !== null && keyRing.kind === 'os-key-store';
  if (impossible)
    notices.push(
      'No nightly backup is made: this data folder is locked with this computer’s key store, and a copy would open nowhere else.',
    );
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
  return { backup, zone, close: async () => backup?.stop() };
}
