import type { WorklistRow } from '../../../shared/api/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { after, type Instant } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { Priors } from '../reading/priors.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { OpenCases } from '../routes/open-cases.ts';
import type { Settings } from '../settings/types.ts';
import { aheadPace, aheadStanding, aheadTerms, type PrefetchStanding } from './ahead-terms.ts';
import { createDesktopDoor, type DesktopDoor } from './desktop-door.ts';
import { createPixelKeeper } from './pixel-keeper.ts';
import { createPrefetcher, type Wanted } from './prefetcher.ts';
import { createSeriesLists } from './series-lists.ts';
import { wantedBy } from './wanted.ts';

/** Images of the next studies of whoever is signed in here, fetched ahead and let go again. */
export type PrefetchRoom = {
  standing(session: LiveSession): PrefetchStanding;
  setPaused(paused: boolean): void;
  /** For desktops of readers, which fetch ahead by themselves. */
  readonly door: DesktopDoor;
  stop(): Promise<void>;
};

const { every, believedFor, roundFor, presentFor, purgeEvery } = aheadPace;

export function openPrefetch(parts: {
  readonly settings: Settings;
  readonly archive: ArchiveClient;
  readonly cache: FrameCache | null;
  readonly rows: () => readonly Omit<WorklistRow, 'mayRead'>[];
  readonly book: CaseBook;
  readonly priors: Priors;
  readonly rights: ReadingRights;
  readonly openCases: OpenCases;
  readonly sessions: Sessions;
  readonly rejected: (study: StudyUid) => Promise<ReadonlyMap<string, unknown>>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly recordNow: () => Instant;
  readonly ports: Ports;
}): PrefetchRoom {
  const { archive, cache, book, openCases, sessions, ports, settings } = parts;
  const { budget, grace, diskFree } = aheadTerms(settings);
  const present = new Map<string, { readonly session: LiveSession; readonly at: number }>();
  const queues = new Map<string, { readonly at: number; readonly wanted: readonly Wanted[] }>();

  const queueOf = async (session: LiveSession): Promise<readonly Wanted[]> => {
    const before = queues.get(session.token);
    if (before !== undefined && ports.now() - before.at < believedFor) return before.wanted;
    const wanted = await wantedBy(parts, session);
    queues.set(session.token, { at: ports.now(), wanted });
    for (const { taskId, studyUid, role } of wanted) if (role === 'prior') keeper?.prior(taskId, studyUid);
    return wanted;
  };
  const notePresent = (session: LiveSession): void => {
    present.set(session.token, { session, at: ports.now() });
    keeper?.here(session.reader.id, session.token);
  };
  const byId = new Map<string, LiveSession['reader']>();
  const onScreen = (): ReadonlySet<string> => {
    const shown = openCases.shown();
    for (const [taskId, studies] of shown)
      for (const studyUid of studies)
        if (book.facts(taskId)?.task.studyUid !== studyUid) keeper?.prior(taskId, studyUid);
    return new Set([...shown.values()].flat());
  };
  const studyUids = function* (): Iterable<string> {
    for (const row of parts.rows()) if (row.studyUid !== null) yield row.studyUid;
  };
  const keeper =
    cache === null
      ? null
      : createPixelKeeper({
          cache,
          archive,
          book,
          studyUids,
          onScreen,
          isOffShift: (id) => {
            const reader = byId.get(id);
            return reader !== undefined && parts.rights.shift(reader).kind === 'off';
          },
          grace,
          ports,
        });
  const lists = createSeriesLists(parts);
  const door = createDesktopDoor({ ...parts, lists, wanted: queueOf });
  const prefetcher =
    cache === null || budget.bytes === 0
      ? null
      : createPrefetcher({
          ...parts,
          cache,
          lists,
          budget,
          streaming: openCases.streaming,
          diskFree,
        });
  const stopListening = sessions.onChange((token, change) => {
    if (change !== 'ended') return;
    present.delete(token);
    queues.delete(token);
    keeper?.gone(token);
  });

  let purgedAt = Number.NEGATIVE_INFINITY;
  let working = false;
  const loop = startLoop(
    'prefetch',
    () => (working ? every.working : every.idle),
    async () => {
      working = false;
      const now = ports.now();
      if (now - purgedAt >= purgeEvery) {
        purgedAt = now;
        await keeper?.round();
      }
      if (prefetcher === null || prefetcher.paused()) return;
      const wanted: (Wanted & { user: string })[] = [];
      for (const [token, { session, at }] of present) {
        if (now - at > presentFor) present.delete(token);
        else for (const one of await queueOf(session)) wanted.push({ ...one, user: session.reader.userName });
      }
      if (wanted.length === 0) return;
      working = true;
      await prefetcher.round(wanted, after(ports.now(), roundFor));
    },
    ports,
  );

  return {
    standing: (session) => {
      byId.set(session.reader.id, session.reader);
      const isNew = !present.has(session.token);
      notePresent(session);
      if (isNew) loop.nudge();
      const none = { bandwidth: null, slow: false, held: cache?.size() ?? 0, budget: budget.bytes, studies: [] };
      if (cache === null) return { ...none, state: 'local' };
      if (prefetcher === null) return { ...none, state: 'off' };
      const wanted = queues.get(session.token)?.wanted ?? null;
      const studies = prefetcher.progress(wanted ?? []);
      const bandwidth = prefetcher.bandwidth();
      // Before her queue was looked through, or what a study consists of is known, nothing is "here".
      const isUnknown = wanted === null || !wanted.every((one) => prefetcher.isListed(one.studyUid));
      return {
        ...none,
        ...aheadStanding({ paused: prefetcher.paused(), isUnknown, studies, bandwidth, budget }),
      };
    },
    setPaused: (paused) => {
      prefetcher?.setPaused(paused);
      if (!paused) loop.nudge();
    },
    door: {
      ...door,
      studies: (session, held) => {
        // What passes through here for her stays as long as what is fetched here does.
        keeper?.here(session.reader.id, session.token);
        return door.studies(session, held);
      },
    },
    stop: async () => {
      stopListening();
      door.stop();
      prefetcher?.close();
      await loop.stop();
    },
  };
}
