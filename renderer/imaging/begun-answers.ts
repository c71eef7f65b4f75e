import { caseHeaders } from '../../shared/api/index.ts';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { type ArchiveFetch, archiveRequests } from './archive-requests.ts';
import { uid } from './dicom-json.ts';

/** Answers of the archive that were asked for before the program that reads them was loaded. */
export type BegunAnswers = {
  /** As the one it was made from; an answer that was begun for the same address in the same opening of a case is given once. */
  readonly fetch: ArchiveFetch;
  /**
   * Asks for the series of a study and their metadata (PS3.18 10.6, 10.4.1.1.2). `signal` ends with the case. Resolves when all is asked
   * for or cannot be; never rejects.
   */
  begin(context: CaseContext, archive: string, studyUid: string, signal: AbortSignal): Promise<void>;
};

/** Metadata of so many series is asked for at once; the rest is asked for by who reads it. */
const mostSeries = 4;

export function begunAnswers(fetchArchive: ArchiveFetch, windowId: string): BegunAnswers {
  const begun = new Map<string, Promise<Response>>();
  const keyOf = (path: string, headers: Readonly<Record<string, string>>): string =>
    `${headers[caseHeaders.epoch] ?? ''} ${path}`;

  function keep(key: string, answer: Promise<Response>, signal: AbortSignal): void {
    begun.set(key, answer);
    answer.catch(() => begun.delete(key));
    signal.addEventListener('abort', () => begun.delete(key), { once: true });
  }
  /** The answer is read here and there. */
  const shared: ArchiveFetch = async (path, headers, signal) => {
    const both = fetchArchive(path, headers, signal).then((answer) => [answer, answer.clone()] as const);
    keep(
      keyOf(path, headers),
      both.then(([, copy]) => copy),
      signal,
    );
    return (await both)[0];
  };
  /** The answer is not read here. */
  const held: ArchiveFetch = (path, headers, signal) => {
    keep(keyOf(path, headers), fetchArchive(path, headers, signal), signal);
    return Promise.reject(new Error('kept for who asks next'));
  };

  return {
    fetch: (path, headers, signal) => {
      const key = keyOf(path, headers);
      const answer = begun.get(key);
      begun.delete(key);
      return answer ?? fetchArchive(path, headers, signal);
    },
    async begin(context, archive, studyUid, signal) {
      const list = archiveRequests(shared, context, archive, windowId);
      const each = archiveRequests(held, context, archive, windowId);
      const listed = await list.series(studyUid, signal);
      if (!listed.ok || signal.aborted) return;
      const series = listed.value.flatMap((row) => uid(row, '0020000E') ?? []);
      for (const seriesUid of series.slice(0, mostSeries)) void each.metadata(studyUid, seriesUid, signal);
    },
  };
}
