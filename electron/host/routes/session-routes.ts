import type { Hono } from 'hono';
import type { Failure, Session } from '../../../shared/api/index.ts';
import { type DeviceId, deviceOfWindow } from '../../../shared/domain/devices/index.ts';
import { parseReadingFrom } from '../../../shared/domain/reader/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Accounts, LiveSession, Sessions } from '../identity/types.ts';
import type { KeyRing } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { revokedWords } from './device-routes.ts';
import { failure, mount } from './mount.ts';
import { type PasswordTries, tooManyTries } from './password-tries.ts';

type SessionRoutes = {
  readonly app: Hono;
  readonly accounts: Accounts;
  readonly passwords: PasswordTries;
  readonly sessions: Sessions;
  readonly keyRing: KeyRing;
  readonly audit: AuditLog;
  readonly ports: Ports;
  readonly idleLockMinutes: number;
  readonly demo: boolean;
  /** What of that person's credentials ends soon. */
  readonly reminders: (reader: LiveSession['reader']) => Session['reminders'];
  /** A reader's desktop that was revoked. */
  readonly isBarred: (device: DeviceId) => boolean;
  /** Serves a group: accounts are made on its own machine alone, never by whoever reaches it first. */
  readonly group: boolean;
  /** Publishes that person's keys in the record, so that others can verify her signatures. */
  readonly onAccount: (readerId: LiveSession['reader']['id']) => void;
};

/** Sign-in, lock, idle, acknowledgement and the first account. */
export function mountSessionRoutes(routes: SessionRoutes): void {
  const { app, accounts, sessions, keyRing, audit, ports } = routes;

  const checked = async (userName: string, password: string): Promise<Result<LiveSession['reader'], Failure>> => {
    const found = await routes.passwords.check(userName, password);
    if (found.ok) return found;
    return failure(
      'wrong-password',
      found.error === 'wait' ? tooManyTries : 'That user name and password do not go together.',
    );
  };

  const answerOf = async (session: LiveSession): Promise<Session> => ({
    token: session.token,
    reader: session.reader,
    readingFrom: session.readingFrom,
    reminders: routes.reminders(session.reader),
    mirrorKey: Buffer.from(keyRing.derive(`mirror|${session.reader.id}`)).toString('base64'),
    idleLockMinutes: routes.idleLockMinutes,
    acknowledged: await accounts.hasAcknowledged(session.reader.id),
  });

  mount(app, sessions, ports, 'signIn', async ({ input }) => {
    const found = await checked(input.userName, input.password);
    if (!found.ok) return found;
    const device = deviceOfWindow(input.window);
    if (device !== null && routes.isBarred(device)) return failure('forbidden', revokedWords);
    const said = input.readingFrom === undefined ? null : parseReadingFrom(input.readingFrom);
    if (input.readingFrom !== undefined && said === null)
      return failure('bad-request', 'Say where you read from: a US state or another country.');
    const from = said ?? (await accounts.readingFrom(found.value.id));
    const detail = from === null ? {} : { detail: `reading from ${from}` };
    const noted = await audit.record([
      { user: found.value.userName, purpose: 'sign-in', patient: null, studyUid: null, ...detail },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    // A choice that could not be kept is asked for again next time; it is no reason to keep her out.
    if (said !== null)
      await accounts
        .rememberReadingFrom(found.value.id, said)
        .catch(() => ports.log.warn('where somebody reads from could not be kept', {}));
    routes.onAccount(found.value.id);
    return ok(await answerOf(sessions.start(found.value, input.window, from)));
  });

  mount(app, sessions, ports, 'firstAccount', async ({ input }) => {
    // The first account is made by whoever starts the program; after it, `npm run accounts` on the host's own machine.
    if (routes.group || !(await accounts.isEmpty()))
      return failure(
        'forbidden',
        routes.group
          ? 'On a group host accounts are made with `npm run accounts` on its own machine.'
          : 'There are accounts already. A new one is made with `npm run accounts`.',
      );
    const added = await accounts.add({ ...input, role: 'lead', states: 'all' });
    if (!added.ok) return failure(added.error.code === 'not-saved' ? 'not-saved' : 'bad-request', added.error.message);
    routes.onAccount(added.value.id);
    return added;
  });

  mount(app, sessions, ports, 'currentSession', async ({ session }) => {
    const { token: _token, ...rest } = await answerOf(session);
    return ok(rest);
  });

  mount(app, sessions, ports, 'signOut', async ({ session }) => {
    sessions.end(session.token);
    return ok({});
  });

  mount(app, sessions, ports, 'touchSession', async ({ session }) => {
    sessions.touch(session.token);
    return ok({});
  });

  mount(app, sessions, ports, 'lockSession', async ({ session }) => {
    sessions.lock(session.token);
    return ok({});
  });

  mount(app, sessions, ports, 'unlockSession', async ({ session, input }) => {
    const found = await checked(session.reader.userName, input.password);
    if (!found.ok) return found;
    sessions.unlock(session.token);
    const { token: _token, ...rest } = await answerOf(session);
    return ok(rest);
  });

  mount(app, sessions, ports, 'acknowledge', async ({ session }) => {
    await accounts.acknowledge(session.reader.id, ports.now());
    return ok({});
  });
}
