import { createHash } from 'node:crypto';
import { isUid } from '../../../shared/domain/study/index.ts';
import { cleanDicomJson, numberedQuery, stacksToLookAt, text } from '../../../shared/interop/dicom-json/index.ts';
import { dicomJsonType, parseJson } from './ask-json.ts';
import { acceptFrames } from './pass.ts';
import type { ArchiveClient } from './types.ts';

/**
 * The series of a study and their metadata (PS3.18 10.6, 10.4.1.1.2), asked for while its case is being opened: the page that asks for
 * them a moment later finds them under way. Of a study that takes longer to describe, also the images by which it is looked at first.
 */
export type BegunDescriptions = {
  begin(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string): void;
  /**
   * The same, of all its series; resolves with what stands for every byte of these answers (SHA-256, hexadecimal). Null where one did not
   * come as it should, or the study has more series than `mostPrinted`. Never rejects.
   */
  print(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string): Promise<string | null>;
  /**
   * Whether this print is what `print` would answer now. Then nobody takes what was begun for it, and it is let go. False where that is not
   * known in `longestPrint`, and at once where it was not the last time: what was begun is what the page asks for itself.
   */
  stands(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string, print: string): Promise<boolean>;
  /** The answer that was begun for this question, given once; null where none was, or it did not come as it should. */
  take(archive: string, path: string, accept: string): Promise<Response | null>;
};

/** Metadata of so many series is asked for at once; the rest is asked for by the page. */
const mostSeries = 4;
/** Of a study of more series than this no print is made: its page asks for them as they come. */
const mostPrinted = 12;
/** Milliseconds that an opening waits to hear whether a print stands. */
const longestPrint = 250;
/** Studies of which it is remembered what series they had. */
const mostRemembered = 100;
/** Milliseconds in which what is kept here is described: what takes longer is looked at by one image meanwhile. */
const keptWithin = 20;
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
  const keyOf = (archive: string, path: string, accept = dicomJsonType): string => `${archive}|${path}|${accept}`;
  const isOf = (key: string, archive: string, studyUid: string): boolean =>
    key.startsWith(`${archive}|${listOf(studyUid)}`);

  function ask(
    archive: Pick<ArchiveClient, 'name' | 'pass'>,
    path: string,
    accept = dicomJsonType,
  ): Promise<Whole | null> {
    const key = keyOf(archive.name, path, accept);
    const aborter = new AbortController();
    const answer = archive
      .pass(path, accept, { signal: aborter.signal })
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

  /** As the archive listed them last: they are asked for beside the list, and it decides which of them count. */
  const remembered = new Map<string, readonly string[]>();
  const listOf = (studyUid: string): string => `/studies/${studyUid}/series`;
  const metadataOf = (studyUid: string, seriesUid: string): string => `${listOf(studyUid)}/${seriesUid}/metadata`;

  function asked(archive: Pick<ArchiveClient, 'name' | 'pass'>, path: string): Promise<Whole | null> {
    return begun.get(keyOf(archive.name, path))?.answer ?? ask(archive, path);
  }

  async function printOf(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string): Promise<string | null> {
    if (!isUid(studyUid)) return null;
    const name = keyOf(archive.name, studyUid);
    const listed = asked(archive, listOf(studyUid));
    const before = new Map(
      (remembered.get(name) ?? []).map((uid) => [uid, asked(archive, metadataOf(studyUid, uid))] as const),
    );
    const list = await listed;
    const series = list === null ? [] : seriesIn(list.bytes);
    remembered.delete(name);
    if (list === null || series.length === 0 || series.length > mostPrinted) return null;
    remembered.set(name, series);
    for (const [oldest] of remembered) if (remembered.size > mostRemembered) remembered.delete(oldest);
    const each = await Promise.all(series.map((uid) => before.get(uid) ?? asked(archive, metadataOf(studyUid, uid))));
    const print = createHash('sha256');
    for (const one of [list, ...each]) {
      if (one === null) return null;
      // Its length goes before it, so that no two answers are taken for two others.
      print.update(`${one.bytes.length}|`).update(one.bytes);
    }
    return print.digest('hex');
  }

  /** Asks for the images by which a study is looked at before it is described. */
  function lookAt(archive: Pick<ArchiveClient, 'name' | 'pass'>, studyUid: string, list: Whole): void {
    const rows = parseJson(list.bytes);
    const stacks = Array.isArray(rows) ? (stacksToLookAt(rows) ?? []) : [];
    for (const { seriesUid, instanceNumber } of stacks) {
      if (!isUid(seriesUid)) continue;
      const instances = `${listOf(studyUid)}/${seriesUid}/instances`;
      void asked(archive, `${instances}${numberedQuery(instanceNumber)}`).then((found) => {
        const [instanceUid, another] = found === null ? [] : uidsIn(found.bytes, '00080018');
        if (instanceUid === undefined || another !== undefined) return;
        void asked(archive, `${instances}/${instanceUid}/metadata`);
        // Which of several hangs first is the page's to know.
        if (stacks.length === 1) void ask(archive, `${instances}/${instanceUid}/frames/1`, acceptFrames);
      });
    }
  }
  /** How long the last print took, in milliseconds. */
  let printTook = 0;

  return {
    begin: (archive, studyUid) => {
      if (!isUid(studyUid) || begun.has(keyOf(archive.name, listOf(studyUid)))) return;
      void ask(archive, listOf(studyUid)).then(async (list) => {
        if (list === null) return;
        const described = Promise.all(
          seriesIn(list.bytes)
            .slice(0, mostSeries)
            .map((uid) => asked(archive, metadataOf(studyUid, uid))),
        );
        const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), keptWithin).unref());
        if ((await Promise.race([described, late])) === null) lookAt(archive, studyUid, list);
      });
    },
    print: printOf,
    stands: async (archive, studyUid, print) => {
      const began = performance.now();
      const told = printOf(archive, studyUid).then((now) => {
        printTook = performance.now() - began;
        return now;
      });
      if (printTook > longestPrint) return false;
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), longestPrint).unref());
      if ((await Promise.race([told, late])) !== print) return false;
      for (const key of [...begun.keys()]) if (isOf(key, archive.name, studyUid)) begun.delete(key);
      return true;
    },
    take: async (archive, path, accept) => {
      const key = keyOf(archive, path, accept);
      const one = begun.get(key);
      if (one === undefined) return null;
      begun.delete(key);
      const whole = await one.answer;
      return whole === null ? null : new Response(whole.bytes, { headers: { 'Content-Type': whole.contentType } });
    },
  };
}

const seriesIn = (list: Uint8Array): readonly string[] => uidsIn(list, '0020000E');

function uidsIn(list: Uint8Array, tag: string): readonly string[] {
  const rows = parseJson(list);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const clean = cleanDicomJson(row);
    const uid = clean.ok ? text(clean.value, tag) : null;
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
