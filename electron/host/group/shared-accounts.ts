import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { AccountCopy, Accounts } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { SharedItems } from './shared-items.ts';

/** One set of accounts for all hosts of a group: what is added on one signs in on the others, with the same id and the same signing key. */
export type SharedAccounts = {
  /** Compares this host's accounts with the record's; false when the record did not answer. */
  cycle(): Promise<boolean>;
  /** Of a session that another host began. */
  readerOf(id: string): Reader | null;
};

const kind = 'account';

export function createSharedAccounts(items: SharedItems, accounts: Accounts, ports: Ports): SharedAccounts {
  /** What the record was last seen to hold: a difference from it is a change made here. */
  const seen = new Map<string, string>();
  let readers = new Map<string, Reader>();
  const idOf = (userName: string): string =>
    `overread-account-${items.nameOf(`account|${userName.toLowerCase()}`)}`.slice(0, 64);
  const written = (copy: AccountCopy, ifMatch: string | null) =>
    items.put(
      { id: idOf(copy.userName), kind, names: [items.nameOf(`account|${copy.userName.toLowerCase()}`)], body: copy },
      ifMatch,
    );

  return {
    readerOf: (id) => readers.get(id) ?? null,
    cycle: async () => {
      const found = await items.ofKind(kind);
      if (found.ok) {
        const mine = new Map((await accounts.copies()).map((copy) => [copy.id, copy]));
        const names = new Set<string>();
        for (const item of found.value) {
          const theirs = item.body as AccountCopy;
          names.add(theirs.userName.toLowerCase());
          const text = JSON.stringify(theirs);
          const own = mine.get(theirs.id);
          if (own !== undefined && JSON.stringify(own) === text) seen.set(item.id, text);
          else if (own !== undefined && seen.get(item.id) === text) {
            if ((await written(own, item.version)).ok) seen.set(item.id, JSON.stringify(own));
          } else {
            // Who was first in the record is that person for the whole group.
            const taken = await accounts.take({
              ...theirs,
              acknowledged: theirs.acknowledged ?? own?.acknowledged ?? null,
            });
            if (taken.ok) seen.set(item.id, text);
            else ports.log.error('an account of the group could not be kept', { why: taken.error.code });
          }
        }
        for (const copy of mine.values()) if (!names.has(copy.userName.toLowerCase())) await written(copy, null);
      }
      readers = new Map((await accounts.list()).map((reader) => [reader.id, reader]));
      return found.ok;
    },
  };
}
