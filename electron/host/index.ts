import type { Host, HostConfig } from './config.ts';
import { createDeskHost } from './desktop/desk-host.ts';
import { createRouter } from './routes/router.ts';
import { createServices } from './services.ts';

export type { DesktopPorts, Host, HostConfig } from './config.ts';
export type { EngineChild } from './dictation/index.ts';
export { lockOf, type SecretSource } from './keys/index.ts';
export { createLog, openLogFile } from './log/index.ts';
export type { Log, Ports } from './ports.ts';
export { readSettings, type Settings, type SettingsFailure } from './settings/index.ts';
export { HostStartError } from './start-error.ts';

/**
 * The whole program outside the page as one fetch handler (DESIGN 2.1). Throws `HostStartError` when the data folder cannot be opened;
 * a record or an archive that does not answer is no reason: the rest goes on working, and the page says what is missing.
 */
export async function createHost(config: HostConfig): Promise<Host> {
  if (config.settings.group !== undefined) return createDeskHost(config);
  const services = await createServices(config);
  const router = createRouter(config, services);
  return {
    fetch: router.fetch,
    ...(services.physicianPage === null ? {} : { physicianPage: services.physicianPage.door }),
    notices: services.notices,
    close: async () => {
      router.close();
      await services.close();
    },
  };
}
