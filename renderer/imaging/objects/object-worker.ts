import type { Result } from '../../../shared/lib/result.ts';
import type { ImagingFailure } from '../types.ts';
import { type ObjectAsked, type ObjectRead, readObject } from './read-object.ts';

export type ToObjectWorker = { readonly bytes: Uint8Array; readonly contentType: string; readonly asked: ObjectAsked };

type WorkerScope = {
  postMessage(message: Result<ObjectRead, ImagingFailure>): void;
  onmessage: ((event: MessageEvent<ToObjectWorker>) => void) | null;
};
// The page's types describe `self` as a window; here it is a worker.
const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => {
  void readObject(data.bytes, data.contentType, data.asked).then((read) => scope.postMessage(read));
};
