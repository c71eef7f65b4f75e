import { openAuditLog } from './audit/index.ts';
import type { HostConfig } from './config.ts';
import { setDemoCredentials } from './demo/demo-readers.ts';
import { demoNotice } from './demo/notice.ts';
import { addDemoAccounts, openAccounts } from './identity/index.ts';
import { openJournal } from './journal/index.ts';
import { openKeyRing } from './keys/index.ts';
import { HostStartError } from './start-error.ts';

/** What the data folder holds, opened under its keys: journal, access log, accounts. Throws `HostStartError` when one cannot be opened. */
export async function openStores(config: HostConfig) {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  const keys = await openKeyRing({ directory, secret: config.secret });
  if (!keys.ok) throw new HostStartError(keys.error.message);
  const keyRing = keys.value;
  const journal = await openJournal({
    directory,
    keyRing,
    ports,
    ...(config.journalThread === undefined ? {} : { thread: config.journalThread }),
  });
  if (!journal.ok) throw new HostStartError(journal.error.message);
  const audit = await openAuditLog({ directory, keyRing, ports });
  if (!audit.ok) throw new HostStartError(audit.error.message);
  const accounts = await openAccounts({ directory, keyRing, ports });
  const notices: string[] = [];
  if (keyRing.kind === 'key-file')
    notices.push(
      'The key lies in a file beside the data: it protects against accident alone, not against somebody who has the disk.',
    );
  if (settings.demo) {
    await addDemoAccounts(accounts);
    await setDemoCredentials(accounts, ports.now());
    notices.push(demoNotice);
  }
  return { keyRing, journal: journal.value, audit: audit.value, accounts, notices };
}
