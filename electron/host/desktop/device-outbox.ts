import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportVersion } from '../../../shared/domain/report/index.ts';
import { envelopeOf } from '../devices/envelope.ts';
import type { KeyPair } from '../keys/device-keys.ts';
import { writeWhole } from '../keys/sealed-text-file.ts';

/**
 * Signed reports that wait, each once more in an envelope that the group alone can open. They are made when the report is signed, need no
 * key of this computer afterwards, and are let go only when the group has the report: so no end of the keys loses one.
 */
export type DeviceOutbox = {
  waiting(): Promise<readonly { readonly commandId: string; readonly envelope: string }[]>;
  has(commandId: string): Promise<boolean>;
  remove(commandId: string): Promise<void>;
};

const folderOf = (directory: string): string => join(directory, 'device', 'for-the-group');
const namePattern = /^([0-9a-f-]{36})\.envelope$/;

export function deviceOutboxIn(directory: string): DeviceOutbox {
  const folder = folderOf(directory);
  const ids = async (): Promise<readonly string[]> =>
    (await readdir(folder).catch(() => [])).flatMap((name) => namePattern.exec(name)?.[1] ?? []);
  return {
    waiting: async () =>
      Promise.all(
        (await ids()).map(async (commandId) => ({
          commandId,
          envelope: await readFile(join(folder, `${commandId}.envelope`), 'utf8'),
        })),
      ),
    has: async (commandId) => (await ids()).includes(commandId),
    remove: (commandId) => rm(join(folder, `${commandId}.envelope`), { force: true }),
  };
}

/** On disk when it answers; throws where the disk does not take it. */
export function keepInOutbox(
  directory: string,
  from: {
    readonly deviceId: string;
    readonly deviceKeys: KeyPair;
    readonly envelopeKey: string;
    readonly commandId: string;
    readonly version: ReportVersion;
  },
): Promise<void> {
  return writeWhole(join(folderOf(directory), `${from.commandId}.envelope`), envelopeOf(from));
}
