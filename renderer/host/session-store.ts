import type { Session } from '../../shared/api/index.ts';

/** The two calls of sessionStorage that we use; a browser may refuse both (private mode, storage blocked). */
export type TextStore = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/**
 * The session of this window. Only the token is kept in sessionStorage (it survives a reload of this window and no more); the mirror's
 * key and the reader stay in memory and come again from `currentSession`.
 */
export type SessionStore = {
  /** Carried by every request, so that the host can bind the token to a window. */
  readonly windowId: string;
  token(): string | null;
  keep(session: Pick<Session, 'token'>): void;
  forget(): void;
};

const tokenKey = 'overread.token';
const windowKey = 'overread.window';

/** The id in the address of a window that the desktop opened, `/window/{id}`; null for the main window. */
function windowIdOfPath(path: string): string | null {
  return /^\/window\/([A-Za-z0-9-]{1,64})$/.exec(path)?.[1] ?? null;
}

export function createSessionStore(options: {
  readonly storage: TextStore;
  readonly path: string;
  readonly newId: () => string;
}): SessionStore {
  const { storage } = options;
  let held: string | null = null;
  const read = (key: string): string | null => {
    try {
      return storage.getItem(key);
    } catch {
      return null;
    }
  };
  const write = (key: string, value: string): void => {
    try {
      storage.setItem(key, value);
    } catch {
      // Storage refused: the session then lasts until the page is reloaded, which sign-in mends.
    }
  };
  const windowId = windowIdOfPath(options.path) ?? read(windowKey) ?? options.newId();
  write(windowKey, windowId);
  held = read(tokenKey);
  return {
    windowId,
    token: () => held,
    keep: (session) => {
      held = session.token;
      write(tokenKey, session.token);
    },
    forget: () => {
      held = null;
      try {
        storage.removeItem(tokenKey);
      } catch {
        // Nothing was stored, then.
      }
    },
  };
}
