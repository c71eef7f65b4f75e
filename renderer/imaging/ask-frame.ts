import type { ArchiveRequests } from './archive-requests.ts';
import type { PixelJob, PixelPool } from './pixel-pool.ts';
import type { DecodedFrame, FrameReference, ImagingFailure, SeriesImages } from './types.ts';

export type FrameRequest = {
  readonly series: SeriesImages;
  readonly reference: FrameReference;
  readonly requests: ArchiveRequests;
  readonly pool: PixelPool;
  readonly signal: AbortSignal;
  /** True when the case is closed or the frame came another way. */
  isNeedless(): boolean;
  onJob(job: PixelJob): void;
  onJobDone(job: PixelJob): void;
  onLoaded(frame: DecodedFrame): void;
  onFailed(failure: ImagingFailure): void;
};

/** Asks for one frame; the whole instance where the frame alone cannot be decoded or is refused. */
export async function askFrame(request: FrameRequest, whole = false): Promise<void> {
  const { reference, requests, signal } = request;
  const { studyUid, seriesUid } = request.series;
  const { instanceUid, frame } = reference;
  const useInstance = whole || reference.needsInstance;
  const answer = useInstance
    ? await requests.instance(studyUid, seriesUid, instanceUid, signal)
    : await requests.frame(studyUid, seriesUid, instanceUid, frame, signal);
  if (request.isNeedless()) {
    if (answer.ok) await answer.value.body?.cancel().catch(() => undefined);
    return;
  }
  if (!answer.ok) {
    // Some archives cannot cut frames out of some transfer syntaxes (Orthanc 1.10 and HTJ2K) but give the whole object.
    if (!useInstance && answer.error.code === 'refused') return askFrame(request, true);
    return request.onFailed(answer.error);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await answer.value.arrayBuffer());
  } catch {
    return request.onFailed({ code: 'truncated', words: 'The answer for this image was cut short.' });
  }
  if (signal.aborted) return;
  const failure = await decode(request, bytes, answer.value.headers.get('Content-Type') ?? '');
  if (request.isNeedless()) return;
  if (!useInstance) return askFrame(request, true);
  request.onFailed(failure ?? { code: 'undecodable', words: 'The archive did not send this image.' });
}

function decode(request: FrameRequest, bytes: Uint8Array, contentType: string): Promise<ImagingFailure | null> {
  const { instanceUid, frame, description } = request.reference;
  const { studyUid } = request.series;
  return new Promise((resolve) => {
    let bad: ImagingFailure | null = null;
    const job = request.pool.open('single', {
      onImage: (message) => {
        if (message.instanceUid === instanceUid && message.frame === frame) request.onLoaded(message.image);
      },
      onFailed: (message) => {
        bad = message.failure;
      },
      onDone: () => {
        request.onJobDone(job);
        resolve(bad);
      },
    });
    request.onJob(job);
    job.send({ type: 'frame', job: job.job, studyUid, contentType, bytes, instanceUid, frame, description }, [
      bytes.buffer as ArrayBuffer,
    ]);
  });
}
