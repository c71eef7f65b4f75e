import { fileURLToPath } from 'node:url';
import { buildTestPage } from '../servers/test-page.ts';

/** For a real host to serve under its own policy. */
export const buildReportPage = (outDir: string): Promise<void> =>
  buildTestPage('report-page', fileURLToPath(new URL('.', import.meta.url)), outDir);
