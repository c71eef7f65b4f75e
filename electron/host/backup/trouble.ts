import { describeWriteFailure } from '../threads/database.ts';

/** Why a backup or a restore ended without one: a sentence for the person who asked, with the next step. */
export class BackupTrouble extends Error {}

const codeOf = (reason: unknown): string =>
  reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
const resultCode = (reason: unknown): number =>
  reason instanceof Error && 'errcode' in reason ? Number(reason.errcode) & 0xff : 0;

/**
 * What a failed read or write means, in words; `place` ("The disk of the backup’s target") is where was written to. What is no failure of
 * a disk is answered as it came: a refusal of the key has its own words, and a bug is to be seen.
 */
export function asTrouble(reason: unknown, place: string): unknown {
  if (reason instanceof BackupTrouble) return reason;
  const code = codeOf(reason);
  // SQLITE_FULL, sqlite.org/rescode.html
  if (code === 'ENOSPC' || code === 'EDQUOT' || resultCode(reason) === 13)
    return new BackupTrouble(`${place} is full. Free some space there and try again; the last good backup stays.`);
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code) || [8, 14].includes(resultCode(reason)))
    return new BackupTrouble(`${place} cannot be written to. Check that it is there and its rights.`);
  if (code === 'ENOENT')
    return new BackupTrouble('A file vanished while it was copied. Try again; the last good backup stays.');
  if (code === 'ERR_SQLITE_ERROR') return new BackupTrouble(describeWriteFailure(reason));
  if (/^E[A-Z0-9]+$/.test(code)) return new BackupTrouble(`${place} failed (${code}). The last good backup stays.`);
  return reason;
}

/** Why a data folder under a desktop's key store is not backed up, and what to do to have one that is. */
export const keyStoreNoBackup =
  'this data folder is locked with this computer’s key store, and a copy would open on no other computer. To work in one that can be backed up, start Overread with OVERREAD_PASSPHRASE set and a new, empty --data folder; what was signed and not released yet, and drafts, stay in the old one until they are finished there. In a group, back up the group host: a reader’s desktop keeps nothing but drafts and what waits to be handed over.';
