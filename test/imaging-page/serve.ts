import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { securityHeaders } from '../../electron/host/routes/headers.ts';
import { servePage } from '../../electron/host/routes/page.ts';
import type { StaticDicomweb } from '../servers/static-dicomweb/index.ts';
import { buildTestPage } from '../servers/test-page.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

export const buildImagingPage = (outDir: string): Promise<void> => buildTestPage('imaging-page', folder, outDir);

export type ImagingPage = {
  readonly origin: string;
  /** Milliseconds that an answer waits; 0 by default. */
  delay: (path: string) => number;
  /** Headers of the DICOMweb requests, as they came. */
  readonly asked: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  close(): Promise<void>;
};

/** The built page under the production policy, with each archive as DICOMweb beside it. `isolated: false` leaves COOP and COEP out. */
export async function serveImagingPage(
  outDir: string,
  archives: Readonly<Record<string, StaticDicomweb>>,
  isolated = true,
): Promise<ImagingPage> {
  const page: { delay: ImagingPage['delay']; asked: ImagingPage['asked'] } = { delay: () => 0, asked: [] };
  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      let response: Response;
      const [, name = '', path = ''] = /^\/dicomweb\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
      if (name !== '') {
        page.asked.push({ path, headers: { ...incoming.headers } });
        const wait = page.delay(path);
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        response =
          (await archives[decodeURIComponent(name)]?.answer(path)) ?? new Response('not found', { status: 404 });
      } else response = (await servePage(outDir, new Request(url))).response;
      for (const [name, value] of response.headers) outgoing.setHeader(name, value);
      for (const [name, value] of Object.entries(securityHeaders)) {
        if (isolated || !name.startsWith('Cross-Origin')) outgoing.setHeader(name, value);
      }
      outgoing.statusCode = response.status;
      const body = Buffer.from(await response.arrayBuffer());
      // In pieces, so that parts are cut anywhere.
      for (let at = 0; at < body.length; at += 60_001) outgoing.write(body.subarray(at, at + 60_001));
      outgoing.end();
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(page, {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
