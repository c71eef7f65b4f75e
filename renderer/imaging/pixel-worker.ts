import { hasNoGraphics } from './has-no-graphics.ts';
import { type FetchSeries, pixelJobs } from './pixel-job.ts';
import type { FromPixelWorker, ToPixelWorker } from './pixel-messages.ts';

type WorkerScope = {
  postMessage(message: FromPixelWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToPixelWorker>) => void) | null;
};
/** As the page asks (`HostClient.dicomwebFetch`): its own origin's archives and nothing else. */
const fetchSeries: FetchSeries = ({ path, headers }, signal) => {
  const { origin } = globalThis.location;
  const address = new URL(path, origin);
  if (address.origin !== origin || !address.pathname.startsWith('/dicomweb/'))
    return Promise.reject(new Error('Only addresses under /dicomweb/ are fetched for images.'));
  return fetch(address, { headers, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
};

// The page's types describe `self` as a window; here it is a worker.
const scope = globalThis as unknown as WorkerScope;
const take = pixelJobs((message, transfer) => scope.postMessage(message, transfer), fetchSeries);
function graphics(): boolean | null {
  try {
    return hasNoGraphics(new OffscreenCanvas(1, 1));
  } catch {
    return null;
  }
}
scope.onmessage = ({ data }) => {
  if (data.type === 'graphics') scope.postMessage({ type: 'graphics', none: graphics() }, []);
  else void take(data);
};
