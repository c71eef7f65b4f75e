import { join } from 'node:path';
import { build, createLogger } from 'vite';

/** The page into dist/page, as vite.config.ts has it. */
export async function buildPage(root: string): Promise<void> {
  const logger = createLogger('warn');
  const { warn } = logger;
  // The codecs' loaders ask for Node's files only when they run in Node.
  logger.warn = (message, options) => {
    if (!message.includes('has been externalized for browser compatibility')) warn(message, options);
  };
  await build({ configFile: join(root, 'vite.config.ts'), customLogger: logger, logLevel: 'warn' });
}
