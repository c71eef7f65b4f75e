import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';

const day = 24 * 60 * 60_000;

/** The user's folder for what may be lost; null when the environment names no home. */
export function cacheFolder(
  env: { readonly [name: string]: string | undefined },
  platform: NodeJS.Platform,
): string | null {
  if (platform === 'win32') return env.LOCALAPPDATA ? win32.join(env.LOCALAPPDATA, 'Overread', 'Cache') : null;
  if (platform === 'darwin') return env.HOME ? join(env.HOME, 'Library', 'Caches', 'Overread') : null;
  // XDG Base Directory Specification: a relative path is invalid and ignored.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'overread');
  return env.HOME ? join(env.HOME, '.cache', 'overread') : null;
}

/** Remembers for a day that Electron could not be downloaded, so that not every start waits for it. `folder` null remembers nothing. */
export function rememberedFailure(folder: string | null) {
  const file = folder === null ? null : join(folder, 'electron-download-failed');
  return {
    isRecent: (now: number): boolean => {
      if (file === null) return false;
      try {
        const at = Number(readFileSync(file, 'utf8'));
        // One from the future is of a clock that was wrong.
        return at <= now && now - at < day;
      } catch {
        return false;
      }
    },
    remember: (now: number): void => {
      if (folder === null || file === null) return;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, String(now));
      } catch {
        // Only the next start is slower for it.
      }
    },
    forget: (): void => {
      if (file !== null) rmSync(file, { force: true });
    },
  };
}
