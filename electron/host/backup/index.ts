export { type BackupMade, makeBackup } from './make-backup.ts';
export type { ReadBack } from './read-back.ts';
export { restoreBackup } from './restore.ts';
export { keptGenerations } from './target.ts';
export { BackupTrouble, keyStoreNoBackup } from './trouble.ts';
