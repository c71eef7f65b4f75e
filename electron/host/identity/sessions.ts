import { parseReadingFrom, type ReaderId } from '../../../shared/domain/reader/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { LiveSession, PortableTokens, Sessions } from './types.ts';

/** A password given for a signature holds for 4 h (issue 2, point 6). */
const passwordHours = 4;
/** The window by which a desktop of the group signs in. */
const deskWindow = 'desk-';
/** How long a desktop's session is understood by hosts that did not begin it, in milliseconds. */
const portableFor = 16 * 3_600_000;
const longestSkew = 10 * 60_000;
/** How often idle sessions are looked for, in milliseconds; a check looks at its own at once. */
const sweepEvery = 5_000;

/** Sessions in memory. `idleLockMinutes` and `idleEndMinutes` count from the last `touch`; an end that comes before the lock wins. */
export function createSessions(options: {
  readonly ports: Pick<Ports, 'now' | 'randomBytes'>;
  readonly idleLockMinutes: number;
  readonly idleEndMinutes: number;
  /** Of a group of hosts: sessions of desktops go from one to the other. */
  readonly portable?: PortableTokens;
  /** Windows in which nobody is signed in any more: those of a device that was revoked. */
  readonly isBarred?: (window: string) => boolean;
}): Sessions {
  const { ports } = options;
  const lockAfter = options.idleLockMinutes * 60_000;
  const endAfter = options.idleEndMinutes * 60_000;
  const live = new Map<string, LiveSession>();
  const listeners = new Set<(token: string, change: 'locked' | 'ended') => void>();
  const tell = (token: string, change: 'locked' | 'ended'): void => {
    for (const listener of [...listeners]) listener(token, change);
  };

  const change = (session: LiveSession, changes: Partial<LiveSession>): LiveSession => {
    const changed = { ...session, ...changes };
    live.set(session.token, changed);
    return changed;
  };

  const lockNow = (session: LiveSession): LiveSession => {
    if (session.locked) return session;
    // After a lock somebody else may sit here: the next signature asks for the password again.
    const locked = change(session, { locked: true, passwordGivenAt: null });
    tell(session.token, 'locked');
    return locked;
  };

  /** Tokens of desktops that have ended here; they would open again by themselves otherwise. */
  const ended = new Set<string>();
  const adopt = (token: string, now: Instant): LiveSession | undefined => {
    const text = ended.has(token) ? null : (options.portable?.open(token) ?? null);
    if (text === null || options.portable === undefined) return undefined;
    const [id, window, startedAt, from] = JSON.parse(text) as [string, string, Instant, string | null | undefined];
    const reader = options.portable.readerOf(id);
    if (reader === null || now - startedAt > portableFor || startedAt - now > longestSkew) return undefined;
    if (options.isBarred?.(window) === true) return undefined;
    const session: LiveSession = {
      token,
      reader,
      window,
      readingFrom: parseReadingFrom(from ?? ''),
      startedAt,
      lastActivityAt: now,
      locked: false,
      passwordGivenAt: null,
    };
    live.set(token, session);
    return session;
  };

  const endNow = (token: string): void => {
    if (options.portable !== undefined) ended.add(token);
    if (live.delete(token)) tell(token, 'ended');
  };

  /** The session as it is at `now`, after idle time has done its work; null when it is over. */
  const current = (token: string | null, now: Instant): LiveSession | null => {
    const found = token === null ? undefined : (live.get(token) ?? adopt(token, now));
    if (found === undefined) return null;
    // A clock set back must not make a session that never ends: idle time is counted from the new time on.
    const session = now < found.lastActivityAt ? change(found, { lastActivityAt: now }) : found;
    const idle = now - session.lastActivityAt;
    if (idle >= endAfter) {
      endNow(session.token);
      return null;
    }
    return idle >= lockAfter ? lockNow(session) : session;
  };

  const sweep = setInterval(() => {
    const now = ports.now();
    for (const token of [...live.keys()]) current(token, now);
  }, sweepEvery);
  sweep.unref();

  return {
    start: (reader, window, readingFrom = null) => {
      const now = ports.now();
      const token =
        options.portable !== undefined && window.startsWith(deskWindow)
          ? options.portable.seal(JSON.stringify([reader.id, window, now, readingFrom]))
          : Buffer.from(ports.randomBytes(32)).toString('base64url');
      const session: LiveSession = {
        token,
        reader,
        window,
        readingFrom,
        startedAt: now,
        lastActivityAt: now,
        locked: false,
        passwordGivenAt: null,
      };
      live.set(token, session);
      return session;
    },
    check: (token, wanted = {}) => {
      const session = current(token, ports.now());
      if (session === null) return err('not-signed-in');
      if (wanted.window !== undefined && wanted.window !== session.window) return err('wrong-window');
      if (session.locked && wanted.whileLocked !== true) return err('locked');
      return ok(session);
    },
    touch: (token) => {
      const now = ports.now();
      const session = current(token, now);
      // Moving the mouse over a locked screen is not the reader's return; only her password is.
      if (session !== null && !session.locked) change(session, { lastActivityAt: now });
    },
    lock: (token) => {
      const session = current(token, ports.now());
      if (session !== null) lockNow(session);
    },
    lockAll: () => {
      for (const session of [...live.values()]) lockNow(session);
    },
    unlock: (token) => {
      const now = ports.now();
      const session = current(token, now);
      if (session !== null) change(session, { locked: false, lastActivityAt: now });
    },
    end: endNow,
    endWhere: (isOver) => {
      for (const session of [...live.values()]) if (isOver(session.window)) endNow(session.token);
    },
    passwordNeeded: (token) => {
      const now = ports.now();
      const given = current(token, now)?.passwordGivenAt ?? null;
      if (given === null) return true;
      // A negative age (the clock was set back) proves nothing.
      return now < given || now - given >= passwordHours * 3_600_000;
    },
    passwordGiven: (token) => {
      const now = ports.now();
      const session = current(token, now);
      if (session !== null && !session.locked) change(session, { passwordGivenAt: now });
    },
    present: (within) => {
      const now = ports.now();
      const here = new Set<ReaderId>();
      for (const token of [...live.keys()]) {
        const session = current(token, now);
        if (session !== null && !session.locked && now - session.lastActivityAt <= within) here.add(session.reader.id);
      }
      return here;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => {
      clearInterval(sweep);
      live.clear();
      listeners.clear();
    },
  };
}
