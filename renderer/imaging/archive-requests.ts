import { caseHeaders, purposeHeader } from '../../shared/api/index.ts';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { numberedQuery } from '../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type DataSet, isDataSet } from './dicom-json.ts';
import type { SeriesRequest } from './pixel-messages.ts';
import type { ImagingFailure } from './types.ts';

/** Adds the session's Authorization and asks the page's own origin. Given by whoever owns the session. */
export type ArchiveFetch = (
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Response>;

export type ArchiveRequests = {
  series(studyUid: string, signal: AbortSignal): Promise<Result<readonly DataSet[], ImagingFailure>>;
  metadata(
    studyUid: string,
    seriesUid: string,
    signal: AbortSignal,
  ): Promise<Result<readonly DataSet[], ImagingFailure>>;
  /** Instances of a series with this Instance Number (0020,0013), two at most (PS3.18 10.6.1.2). */
  numbered(
    studyUid: string,
    seriesUid: string,
    instanceNumber: number,
    signal: AbortSignal,
  ): Promise<Result<readonly DataSet[], ImagingFailure>>;
  instanceMetadata(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    signal: AbortSignal,
  ): Promise<Result<readonly DataSet[], ImagingFailure>>;
  /**
   * How a whole series is asked for, as Part 10 objects in whatever transfer syntax the archive holds (PS3.18 10.4): for a worker that
   * asks by itself. Null for what is named by no UID.
   */
  wholeSeries(studyUid: string, seriesUid: string): SeriesRequest | null;
  instance(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    signal: AbortSignal,
  ): Promise<Result<Response, ImagingFailure>>;
  frame(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    frame: number,
    signal: AbortSignal,
  ): Promise<Result<Response, ImagingFailure>>;
};

const acceptObjects = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const acceptFrames = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
/** Bad gateway, service unavailable, gateway timeout (RFC 9110 15.6). */
const silent: ReadonlySet<number> = new Set([502, 503, 504]);
/** Of single images any refusal is one: they are then asked for in another way. */
const none: ReadonlySet<number> = new Set();
const uidPattern = /^[0-9]+(\.[0-9]+)*$/;

/** What a request is made for: an opening of a case, or the memory of a window before its reader opens it. */
export type AskedFor = Pick<CaseContext, 'taskId' | 'epoch'> | { readonly taskId: string; readonly epoch: 'remember' };

/** DICOMweb on the page's own origin for one case: every request carries the case, its epoch and the window. */
export function archiveRequests(
  fetchArchive: ArchiveFetch,
  context: AskedFor,
  archive: string,
  windowId: string,
  /** What names the session, for a worker that asks by itself; asked anew for each request. */
  sessionHeaders: () => Readonly<Record<string, string>> = () => ({}),
): ArchiveRequests {
  const base = `/dicomweb/${encodeURIComponent(archive)}`;
  const own = {
    [caseHeaders.task]: context.taskId,
    ...(context.epoch === 'remember'
      ? { [purposeHeader]: 'remember' }
      : { [caseHeaders.epoch]: String(context.epoch) }),
    [caseHeaders.window]: windowId,
  };

  async function ask(
    path: string,
    accept: string,
    signal: AbortSignal,
    told: ReadonlySet<number> = none,
  ): Promise<Result<Response, ImagingFailure>> {
    try {
      const response = await fetchArchive(`${base}${path}`, { ...own, Accept: accept }, signal);
      if (response.ok) return ok(response);
      const said = saidBy(await response.text().catch(() => ''));
      // A gateway on the way says that the archive is silent, not that it will not: asked again later it may answer.
      if (told.has(response.status))
        return err({
          code: 'unreachable',
          words: `The archive does not answer now for ${shortPath(path)}${said === '' ? '' : ` (${said})`}.`,
        });
      return err({
        code: 'refused',
        words: `The archive did not give ${shortPath(path)}: it answered ${response.status}${said === '' ? '' : ` (${said})`}.`,
      });
    } catch {
      return signal.aborted
        ? err({ code: 'cancelled', words: 'The case was closed.' })
        : err({ code: 'unreachable', words: `The archive could not be reached for ${shortPath(path)}.` });
    }
  }

  async function askJson(path: string, signal: AbortSignal): Promise<Result<readonly DataSet[], ImagingFailure>> {
    const answer = await ask(path, 'application/dicom+json', signal, silent);
    if (!answer.ok) return answer;
    if (answer.value.status === 204) return ok([]);
    try {
      const body: unknown = await answer.value.json();
      if (Array.isArray(body) && body.every(isDataSet)) return ok(body);
    } catch {
      if (signal.aborted) return err({ code: 'cancelled', words: 'The case was closed.' });
    }
    return err({ code: 'not-dicomweb', words: `The answer for ${shortPath(path)} is not DICOM JSON.` });
  }

  function checked(...uids: readonly string[]): boolean {
    return uids.every((uid) => uidPattern.test(uid) && uid.length <= 64);
  }
  const badUid = err({
    code: 'not-dicomweb' as const,
    words: 'The archive named an object by something that is not a UID.',
  });

  return {
    series: async (study, signal) => (checked(study) ? askJson(`/studies/${study}/series`, signal) : badUid),
    metadata: async (study, series, signal) =>
      checked(study, series) ? askJson(`/studies/${study}/series/${series}/metadata`, signal) : badUid,
    numbered: async (study, series, instanceNumber, signal) =>
      checked(study, series)
        ? askJson(`/studies/${study}/series/${series}/instances${numberedQuery(instanceNumber)}`, signal)
        : badUid,
    instanceMetadata: async (study, series, instance, signal) =>
      checked(study, series, instance)
        ? askJson(`/studies/${study}/series/${series}/instances/${instance}/metadata`, signal)
        : badUid,
    wholeSeries: (study, series) =>
      checked(study, series)
        ? {
            path: `${base}/studies/${study}/series/${series}`,
            headers: { ...own, Accept: acceptObjects, ...sessionHeaders() },
          }
        : null,
    instance: async (study, series, instance, signal) =>
      checked(study, series, instance)
        ? ask(`/studies/${study}/series/${series}/instances/${instance}`, acceptObjects, signal)
        : badUid,
    frame: async (study, series, instance, frame, signal) =>
      checked(study, series, instance)
        ? ask(`/studies/${study}/series/${series}/instances/${instance}/frames/${frame}`, acceptFrames, signal)
        : badUid,
  };
}

/** What a refusal says to people: the sentence of our own host's answer, or as much of another's as a line holds. */
function saidBy(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === 'string') return message.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200);
  } catch {
    // No answer of our host's.
  }
  return body.replace(/\s+/g, ' ').slice(0, 200);
}

/** What was asked, without UIDs that nobody reads. */
function shortPath(path: string): string {
  if (path.includes('/frames/')) return 'an image';
  if (path.includes('/instances/')) return 'an object';
  if (path.endsWith('/metadata')) return 'the description of a series';
  return path.endsWith('/series') ? 'the list of series' : 'a series';
}
