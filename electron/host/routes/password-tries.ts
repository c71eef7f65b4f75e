import type { Result } from '../../../shared/lib/result.ts';
import { err } from '../../../shared/lib/result.ts';
import type { Accounts, LiveSession } from '../identity/types.ts';
import type { Ports } from '../ports.ts';

/** Checks passwords and slows guessing down: for one user name, at sign-in, unlock and signature together. */
export type PasswordTries = {
  check(userName: string, password: string): Promise<Result<LiveSession['reader'], 'wrong-password' | 'wait'>>;
};

export const tooManyTries = 'Too many wrong passwords. Wait half a minute and try again.';

/** Wrong passwords in a row that one user name may give before it must wait, milliseconds. */
const freeTries = 8;
const waitAfterTries = 30_000;
/** Names that are remembered: an attacker who invents names must not fill the memory. */
const mostNames = 10_000;

export function createPasswordTries(
  accounts: Pick<Accounts, 'checkPassword'>,
  ports: Pick<Ports, 'now'>,
): PasswordTries {
  const tries = new Map<string, { readonly count: number; readonly until: number }>();
  return {
    check: async (userName, password) => {
      const key = userName.toLowerCase();
      const before = tries.get(key);
      const now = ports.now();
      if (before !== undefined && before.count >= freeTries && now < before.until) return err('wait');
      // Counted before it is checked: a hundred guesses sent at once are a hundred guesses. Re-inserted, so that the oldest name goes first.
      tries.delete(key);
      tries.set(key, { count: (before?.count ?? 0) + 1, until: now + waitAfterTries });
      const [oldest] = tries.keys();
      if (tries.size > mostNames && oldest !== undefined) tries.delete(oldest);
      const found = await accounts.checkPassword(userName, password);
      if (found.ok) tries.delete(key);
      return found;
    },
  };
}
