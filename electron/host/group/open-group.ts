import { createHash } from 'node:crypto';
import type { Accounts, PortableTokens } from '../identity/types.ts';
import { deriveKey, sealerFromKey } from '../keys/sealer.ts';
import type { Ports } from '../ports.ts';
import { firstOf, startLoop } from '../reading/loop.ts';
import type { RecordClient } from '../record/types.ts';
import type { Settings } from '../settings/types.ts';
import { createSharedAccounts, type SharedAccounts } from './shared-accounts.ts';
import { createSharedItems, type SharedItems } from './shared-items.ts';

/** What the hosts of one group have in common over one record. */
export type Group = {
  readonly items: SharedItems;
  readonly people: SharedAccounts;
  /** Sessions of desktops: a token that one host gave is understood by the others, so that any of them may die. */
  readonly tokens: PortableTokens;
  /** From which the hosts make the pair that opens what their readers' desktops sealed for them. */
  readonly envelopeSeed: Uint8Array;
  stop(): Promise<void>;
};

/** Milliseconds between two looks at the group's accounts, and how long the start waits for the first. */
const accountsEvery = 10_000;
const accountsWait = 5_000;

/** Null for a host that stands alone over its record. */
export async function openGroup(parts: {
  readonly settings: Settings;
  readonly record: RecordClient;
  readonly accounts: Accounts;
  readonly ports: Ports;
}): Promise<Group | null> {
  const { settings, ports } = parts;
  const groupKey = settings.record.kind === 'remote' ? (settings.listen?.groupKey ?? null) : null;
  if (groupKey === null) return null;
  const key = new Uint8Array(createHash('sha256').update(`overread group|${groupKey}`, 'utf8').digest());
  const items = createSharedItems(parts.record, sealerFromKey(deriveKey(key, 'items')), ports);
  const people = createSharedAccounts(items, parts.accounts, ports);
  await firstOf(people.cycle(), accountsWait);
  const loop = startLoop(
    'accounts',
    () => accountsEvery,
    async () => {
      await people.cycle();
    },
    ports,
  );
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
    envelopeSeed: deriveKey(key, 'device envelopes'),
    stop: loop.stop,
  };
}
