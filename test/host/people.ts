import { openAccounts } from '../../electron/host/identity/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import type { Role } from '../../shared/domain/reader/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/** Every test account's password. */
export const testPassword = 'long enough 1';

/** Puts accounts into a data folder before a host opens it, as `npm run accounts` does. */
export async function addPeople(directory: string, people: Readonly<Record<string, Role>>): Promise<void> {
  const ports = testPorts();
  const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keyRing.ok) throw new Error(keyRing.error.message);
  const accounts = await openAccounts({ directory, keyRing: keyRing.value, ports });
  for (const [userName, role] of Object.entries(people)) {
    const added = await accounts.add({
      userName,
      name: `Dr ${userName}`,
      role,
      npi: null,
      states: 'all',
      ...(role === 'site' ? { site: 'site-larkspur' } : {}),
      password: testPassword,
    });
    if (!added.ok) throw new Error(added.error.message);
  }
  await accounts.close();
}
