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

type Way = 'frame' | 'instance';

/**
 * Asks for one frame, in the next way where the first is refused or brings nothing that can be decoded: some archives cannot cut frames
 * out of some transfer syntaxes (Orthanc 1.10 and HTJ2K) but give the whole object. An object of one image is asked for whole, as it is
 * kept on this machine with its series; it is hardly longer than its frame.
 */
export function askFrame(request: FrameRequest): Promise<void> {
  const { needsInstance, description } = request.reference;
  if (needsInstance) return askBy(request, ['instance']);
  return askBy(request, description.frames === 1 ? ['instance', 'frame'] : ['frame', 'instance']);
}

/** `before`: why what came in an earlier way could not be shown, which says more than that there is no other way. */
async function askBy(
  request: FrameRequest,
  [way, ...others]: readonly Way[],
  before: ImagingFailure | null = null,
): Promise<void> {
  const { reference, requests, signal } = request;
  const { studyUid, seriesUid } = request.series;
  const { instanceUid, frame } = reference;
  const answer =
    way === 'instance'
      ? await requests.instance(studyUid, seriesUid, instanceUid, signal)
      : await requests.frame(studyUid, seriesUid, instanceUid, frame, signal);
  if (request.isNeedless()) {
    if (answer.ok) await answer.value.body?.cancel().catch(() => undefined);
    return;
  }
  if (!answer.ok) {
    if (others.length > 0 && answer.error.code === 'refused') return askBy(request, others, before);
    return request.onFailed(before ?? answer.error);
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
  if (others.length > 0) return askBy(request, others, failure ?? before);
  request.onFailed(failure ?? before ?? { code: 'undecodable', words: 'The archive did not send this image.' });
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
