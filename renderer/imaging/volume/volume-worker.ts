import { volumeJob } from './volume-job.ts';
import type { FromVolumeWorker, ToVolumeWorker } from './volume-messages.ts';

type WorkerScope = {
  postMessage(message: FromVolumeWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToVolumeWorker>) => void) | null;
};
// The page's types describe `self` as a window; here it is a worker.
const scope = globalThis as unknown as WorkerScope;
const take = volumeJob((message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = (event) => take(event.data);
