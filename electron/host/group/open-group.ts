import { createHash } from 'node:crypto';
import type { Accounts, PortableTokens } from '../identity/types.ts';
import { deriveKey, sealerFromKey } from '../keys/sealer.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';
import { createSharedAccounts, type SharedAccounts } from './shared-accounts.ts';
import { createSharedItems, type SharedItems } from './shared-items.ts';

/** What the hosts of one group have in common over one record. */
export type Group = {
  readonly items: SharedItems;
  readonly people: SharedAccounts;
  /** Sessions of desktops: a token that one host gave is understood by the others, so that any of them may die. */
  readonly tokens: PortableTokens;
};

export function openGroup(parts: {
  readonly groupKey: string;
  readonly record: RecordClient;
  readonly accounts: Accounts;
  readonly ports: Ports;
}): Group {
  const key = new Uint8Array(createHash('sha256').update(`overread group|${parts.groupKey}`, 'utf8').digest());
  const items = createSharedItems(parts.record, sealerFromKey(deriveKey(key, 'items')), parts.ports);
  const people = createSharedAccounts(items, parts.accounts, parts.ports);
  const sealer = sealerFromKey(deriveKey(key, 'sessions'));
  return {
    items,
    people,
    tokens: {
      seal: (text) => Buffer.from(sealer.sealText(text, 'session')).toString('base64url'),
      open: (token) => {
        const opened = sealer.openText(new Uint8Array(Buffer.from(token, 'base64url')), 'session');
        return opened.ok ? opened.value : null;
      },
      readerOf: people.readerOf,
    },
  };
}
