import { isUid } from '../../../shared/domain/study/index.ts';
import { cleanDicomJson, text } from '../../../shared/interop/dicom-json/index.ts';
import { dicomJsonType, parseJson } from './ask-json.ts';
import type { ArchiveClient } from './types.ts';

/**
 * The series of a study and their metadata (PS3.18 10.6, 10.4.1.1.2), asked for while its case is being opened: the page that asks for
 * them a moment later finds them under way.
 */
export type BegunDescriptions = {
  begin(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string): void;
  /** The answer that was begun for this question, given once; null where none was, or it did not come as it should. */
  take(archive: string, path: string, accept: string): Promise<Response | null>;
};

/** Metadata of so many series is asked for at once; the rest is asked for by the page. */
const mostSeries = 4;
/** Bytes of one answer, and of all that wait; what is larger is left to the page's own question. */
const largest = 16 * 1024 * 1024;
const mostWaiting = 64 * 1024 * 1024;
/** Milliseconds after which nobody asks any more, or what was told is too old. */
const goodFor = 5_000;

type Whole = { readonly contentType: string; readonly bytes: Uint8Array<ArrayBuffer> };
type Begun = { readonly answer: Promise<Whole | null> };

export function begunDescriptions(): BegunDescriptions {
  const begun = new Map<string, Begun>();
  let waiting = 0;
  const keyOf = (archive: string, path: string): string => `${archive}|${path}`;

  function ask(archive: Pick<ArchiveClient, 'name' | 'pass'>, path: string): Promise<Whole | null> {
    const key = keyOf(archive.name, path);
    const aborter = new AbortController();
    const answer = archive
      .pass(path, dicomJsonType, { signal: aborter.signal })
      .then((response) => wholeOf(response, Math.min(largest, mostWaiting - waiting)))
      .catch(() => null);
    const one: Begun = { answer };
    begun.set(key, one);
    let held = 0;
    let isOver = false;
    void answer.then((whole) => {
      held = isOver ? 0 : (whole?.bytes.length ?? 0);
      waiting += held;
    });
    setTimeout(() => {
      isOver = true;
      waiting -= held;
      // Whoever took it waits for it as long as it takes.
      if (begun.get(key) !== one) return;
      begun.delete(key);
      aborter.abort();
    }, goodFor).unref();
    return answer;
  }

  return {
    begin: (archive, studyUid) => {
      if (!isUid(studyUid) || begun.has(keyOf(archive.name, `/studies/${studyUid}/series`))) return;
      void ask(archive, `/studies/${studyUid}/series`).then((list) => {
        for (const uid of list === null ? [] : seriesIn(list.bytes).slice(0, mostSeries))
          void ask(archive, `/studies/${studyUid}/series/${uid}/metadata`);
      });
    },
    take: async (archive, path, accept) => {
      const key = keyOf(archive, path);
      const one = accept === dicomJsonType ? begun.get(key) : undefined;
      if (one === undefined) return null;
      begun.delete(key);
      const whole = await one.answer;
      return whole === null ? null : new Response(whole.bytes, { headers: { 'Content-Type': whole.contentType } });
    },
  };
}

function seriesIn(list: Uint8Array): readonly string[] {
  const rows = parseJson(list);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const clean = cleanDicomJson(row);
    const uid = clean.ok ? text(clean.value, '0020000E') : null;
    return uid !== null && isUid(uid) ? [uid] : [];
  });
}

/** Null where the answer is none, or longer than allowed. */
async function wholeOf(response: Response, allowed: number): Promise<Whole | null> {
  const contentType = response.headers.get('Content-Type');
  if (response.status !== 200 || response.body === null || contentType === null) {
    await response.body?.cancel();
    return null;
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body) {
    size += piece.length;
    // Leaving the loop ends the request.
    if (size > allowed) return null;
    pieces.push(piece);
  }
  return { contentType, bytes: Uint8Array.from(Buffer.concat(pieces)) };
}
