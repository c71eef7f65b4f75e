import type { ArchiveRequests } from './archive-requests.ts';
import type { PixelJob, PixelPool } from './pixel-pool.ts';
import type { DecodedFrame, ImagingFailure, SeriesImages } from './types.ts';

export type SeriesStream = {
  readonly series: SeriesImages;
  readonly requests: ArchiveRequests;
  readonly pool: PixelPool;
  readonly signal: AbortSignal;
  onJob(job: PixelJob): void;
  onBytes(bytes: number): void;
  onFrame(instanceUid: string, frame: number, image: DecodedFrame): void;
  onFailed(instanceUid: string, frame: number | null, failure: ImagingFailure): void;
};

/**
 * One request for a whole series, made by a worker, which takes the answer apart as it arrives (six times faster than a request for each
 * frame; the page's own thread never touches the bytes). Returns whether every part came; what did not is the caller's to ask for again.
 */
export async function seriesStream(stream: SeriesStream): Promise<boolean> {
  const { series, requests, pool, signal } = stream;
  const request = requests.wholeSeries(series.studyUid, series.seriesUid);
  if (request === null || signal.aborted) return false;
  const { promise: finished, resolve: finish } = Promise.withResolvers<boolean>();
  const job = pool.open('series', {
    onImage: (message) => stream.onFrame(message.instanceUid, message.frame, message.image),
    onFailed: (message) => {
      // A truncated part is asked for again by the caller; what will not decode now will not decode then.
      if (message.instanceUid !== null && message.failure.code !== 'truncated') {
        stream.onFailed(message.instanceUid, message.frame, message.failure);
      }
    },
    onBytes: stream.onBytes,
    onDone: (message) => finish(message.closed),
  });
  stream.onJob(job);
  const stop = (): void => {
    job.drop();
    finish(false);
  };
  signal.addEventListener('abort', stop, { once: true });
  job.send({ type: 'fetch', job: job.job, studyUid: series.studyUid, request });
  const closed = await finished;
  signal.removeEventListener('abort', stop);
  return closed;
}
