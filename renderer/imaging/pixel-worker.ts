import { pixelJobs } from './pixel-job.ts';
import type { FromPixelWorker, ToPixelWorker } from './pixel-messages.ts';

type WorkerScope = {
  postMessage(message: FromPixelWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToPixelWorker>) => void) | null;
};
// The page's types describe `self` as a window; here it is a worker.
const scope = globalThis as unknown as WorkerScope;
const take = pixelJobs((message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = (event) => void take(event.data);
