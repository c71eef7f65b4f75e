import { z } from 'zod';
import { type Failure, failureSchema, type Session, sessionSchema } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { hashPassword, isPassword, type PasswordHash } from '../identity/password.ts';
import type { Ports } from '../ports.ts';
import { failure } from '../routes/mount.ts';
import { createPasswordTries, tooManyTries } from '../routes/password-tries.ts';
import type { GroupLink } from './group-link.ts';

/** What this desktop knows of somebody whom the group host has signed in. */
export type GroupSession = {
  readonly reader: Reader;
  readonly groupToken: string;
  /** The window name under which the group host knows this desktop. */
  readonly groupWindow: string;
  readonly acknowledged: boolean;
  /** As the group host keeps them: where she reads from, and what of her credentials ends soon. */
  readonly readingFrom: Session['readingFrom'];
  readonly reminders: Session['reminders'];
};

/** Sign-in at the group host. Nothing of it is kept on disk: the token of the group is the only thing that opens its doors. */
export type DeskSessions = {
  signIn(userName: string, password: string, readingFrom?: string): Promise<Result<GroupSession, Failure>>;
  /** Whether it is her password, without the group host: for an unlock or a signature while no line stands. */
  checkHere(userName: string, password: string): Promise<Result<void, Failure>>;
  /** Ties it to a session of the page; a later one of the same page takes its place. */
  tie(token: string, session: GroupSession): void;
  of(token: string): GroupSession | null;
  /** Any live one of that reader. */
  ofReader(readerId: string): GroupSession | null;
  forget(token: string): GroupSession | null;
  tokens(): readonly string[];
};

const answerSchema = z.union([sessionSchema, failureSchema]);

export const noGroupHost =
  'No group host answers. What is open stays open; drafts and signing go on here, and a signed report is handed over when it answers again. Phone what cannot wait.';

export function createDeskSessions(link: GroupLink, ports: Ports, newWindow: () => string): DeskSessions {
  const ties = new Map<string, GroupSession>();
  const verifiers = new Map<string, { readonly reader: Reader; readonly hash: PasswordHash }>();
  const tries = createPasswordTries(
    {
      checkPassword: async (userName, password) => {
        const known = verifiers.get(userName.trim().toLowerCase());
        return (await isPassword(password, known?.hash ?? null)) && known !== undefined
          ? ok(known.reader)
          : err('wrong-password');
      },
    },
    ports,
  );
  return {
    signIn: async (userName, password, readingFrom) => {
      const groupWindow = newWindow();
      const answer = await link.ask({
        method: 'POST',
        path: '/api/session',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ userName, password, window: groupWindow, readingFrom }),
      });
      if (answer === null)
        return failure('upstream-unreachable', 'No group host answers, so nobody can sign in here now.');
      const parsed = answerSchema.safeParse(await answer.json().catch(() => null));
      if (!parsed.success)
        return failure('upstream-refused', 'What answers at the address of the group host is no Overread.');
      if ('code' in parsed.data) return err(parsed.data);
      const { reader, token, acknowledged, readingFrom: from, reminders }: Session = parsed.data;
      verifiers.set(userName.trim().toLowerCase(), { reader, hash: await hashPassword(password) });
      return ok({ reader, groupToken: token, groupWindow, acknowledged, readingFrom: from, reminders });
    },
    checkHere: async (userName, password) => {
      const found = await tries.check(userName, password);
      if (found.ok) return ok(undefined);
      return failure('wrong-password', found.error === 'wait' ? tooManyTries : 'That is not your password.');
    },
    tie: (token, session) => {
      ties.set(token, session);
    },
    of: (token) => ties.get(token) ?? null,
    ofReader: (readerId) => [...ties.values()].findLast((one) => one.reader.id === readerId) ?? null,
    forget: (token) => {
      const known = ties.get(token) ?? null;
      ties.delete(token);
      return known;
    },
    tokens: () => [...ties.keys()],
  };
}
