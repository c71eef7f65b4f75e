import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Who has a data folder open. A desktop has no port, and a group host none on loopback. */
export type Holder = {
  readonly pid: number;
  readonly port: number | null;
  readonly instance: string;
  readonly shell: 'desktop' | 'browser';
};

export type FolderLock = {
  /** Tells a second start where this host answers. */
  announce(holder: Holder): void;
  release(): void;
};

export type Claim =
  | { readonly kind: 'ours'; readonly lock: FolderLock }
  /** `holder` is null while the other one has not yet said who it is. */
  | { readonly kind: 'held'; readonly holder: Holder | null }
  | { readonly kind: 'unusable'; readonly reason: string };

const holderSchema = z.strictObject({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535).nullable(),
  instance: z.string().regex(/^[0-9a-f-]{36}$/),
  shell: z.enum(['desktop', 'browser']),
});

const sqliteBusy = 5;

function isBusy(reason: unknown): boolean {
  return reason instanceof Error && 'errcode' in reason && Number(reason.errcode) % 256 === sqliteBusy;
}

function readHolder(file: string): Holder | null {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * One host for each data folder. The lock is the operating system's, held through SQLite for as long as the process lives, so that a
 * killed host leaves none behind and two starts at the same moment cannot both have it; `host.json` beside it says who holds it.
 */
export function claimFolder(directory: string): Claim {
  const file = join(directory, 'host.json');
  let database: DatabaseSync;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(join(directory, 'host.lock'));
  } catch (reason) {
    return { kind: 'unusable', reason: reason instanceof Error ? reason.message : String(reason) };
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (reason) {
    database.close();
    return isBusy(reason)
      ? { kind: 'held', holder: readHolder(file) }
      : { kind: 'unusable', reason: reason instanceof Error ? reason.message : String(reason) };
  }
  // Left over from a host that was killed.
  rmSync(file, { force: true });
  return {
    kind: 'ours',
    lock: {
      announce: (holder) => {
        const whole = `${file}.new`;
        writeFileSync(whole, JSON.stringify(holder), { mode: 0o600 });
        renameSync(whole, file);
      },
      release: () => {
        rmSync(file, { force: true });
        database.close();
      },
    },
  };
}
