import type { StudiesAhead } from '../../../shared/api/index.ts';
import { after } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { aheadPace, aheadStanding, aheadTerms } from '../prefetch/ahead-terms.ts';
import type { PrefetchRoom } from '../prefetch/open-prefetch.ts';
import { createPrefetcher, type Prefetcher, type Wanted } from '../prefetch/prefetcher.ts';
import { startLoop } from '../reading/loop.ts';
import type { OpenCases } from '../routes/open-cases.ts';
import type { Settings } from '../settings/types.ts';
import type { AheadFor, DeskImages } from './desk-images.ts';
import { createDeskKeeper } from './desk-keeper.ts';
import type { DeskSessions } from './desk-sessions.ts';
import { forward } from './forward.ts';
import type { GroupLink } from './group-link.ts';

/** Images of the next studies of whoever reads at this desktop, in its own sealed cache before she opens them. */
export type DeskAhead = Pick<PrefetchRoom, 'standing' | 'setPaused' | 'stop'> & {
  /** For whom a study is fetched ahead; null where the group host offers it to nobody who is signed in here. */
  aheadFor(studyUid: string): AheadFor | null;
  /** A case was opened here: what of its images is kept is hers too. */
  opened(session: LiveSession, archive: string, taskId: string, studyUids: Iterable<string>): void;
};

type Offered = StudiesAhead['studies'][number];

const { every, believedFor, roundFor, presentFor, purgeEvery } = aheadPace;

export function createDeskAhead(parts: {
  readonly settings: Settings;
  readonly link: GroupLink;
  readonly desk: DeskSessions;
  readonly sessions: Sessions;
  readonly openCases: OpenCases;
  readonly cache: FrameCache;
  readonly images: () => Pick<DeskImages, 'ahead'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly ports: Ports;
}): DeskAhead {
  const { settings, link, desk, sessions, openCases, cache, ports } = parts;
  const { budget, grace, diskFree } = aheadTerms(settings);
  const present = new Map<string, { readonly session: LiveSession; readonly at: number }>();
  const offers = new Map<string, { readonly at: number; readonly offered: readonly Offered[] }>();
  const prefetchers = new Map<string, Prefetcher>();
  let paused = false;

  const keeper = createDeskKeeper({
    cache,
    onScreen: () => new Set([...openCases.shown().values()].flat()),
    grace,
    ports,
  });
  const seriesOf = (studyUid: string): Offered['series'] => {
    for (const { offered } of offers.values())
      for (const one of offered) if (one.studyUid === studyUid && one.series !== null) return one.series;
    return null;
  };
  const prefetcherOf = (archive: string): Prefetcher => {
    const known = prefetchers.get(archive);
    if (known !== undefined) return known;
    const made = createPrefetcher({
      archive: parts.images().ahead(archive),
      cache,
      // As the group host lists them: it has looked which of them rejection notes name, and refuses those by itself.
      lists: { of: async (studyUid) => seriesOf(studyUid) ?? [], known: seriesOf },
      rejected: async () => new Map(),
      streaming: openCases.streaming,
      answers: () => link.silentSince() === null,
      diskFree,
      budget,
      audit: parts.audit,
      ports,
    });
    made.setPaused(paused);
    prefetchers.set(archive, made);
    return made;
  };

  /** What the group host offers to her now; as last told while it is silent. */
  const offeredTo = async (session: LiveSession): Promise<readonly Offered[]> => {
    const before = offers.get(session.token);
    if (before !== undefined && ports.now() - before.at < believedFor) return before.offered;
    const group = desk.of(session.token);
    if (group === null) return [];
    const { id } = session.reader;
    const held = keeper.heldFor(id);
    const answered = await forward(link, group, 'studiesAhead', { params: {}, query: '', input: { held } });
    // Signed out, or a new session of the group was taken, while it was asked.
    if (!answered.ok || desk.of(session.token) !== group) return before?.offered ?? [];
    const { studies, over, offShift } = answered.value as StudiesAhead;
    keeper.offShift(id, offShift);
    keeper.answered(id, over);
    for (const one of studies) keeper.hers(id, one.archive, one);
    offers.set(session.token, { at: ports.now(), offered: studies });
    return studies;
  };

  const stopListening = sessions.onChange((token, change) => {
    if (change === 'ended') {
      keeper.gone(token);
      offers.delete(token);
    }
    present.delete(token);
    // Locked or gone: what comes for her at this moment is not waited for.
    for (const prefetcher of prefetchers.values()) prefetcher.giveUp();
  });
  const stopLink = link.onChange(() => {
    if (link.silentSince() !== null) return;
    for (const prefetcher of prefetchers.values()) prefetcher.tryAgain();
    loop.nudge();
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
        await keeper.round();
      }
      const wanted = new Map<string, (Wanted & { user: string })[]>();
      for (const [token, { session, at }] of present) {
        if (now - at > presentFor) present.delete(token);
        else
          for (const { archive, ...one } of await offeredTo(session)) {
            const ofArchive = wanted.get(archive) ?? [];
            ofArchive.push({ ...one, user: session.reader.userName });
            wanted.set(archive, ofArchive);
          }
      }
      if (paused || budget.bytes === 0 || link.silentSince() !== null) return;
      for (const [archive, those] of wanted) {
        working = true;
        await prefetcherOf(archive).round(those, after(ports.now(), roundFor));
      }
    },
    ports,
  );

  return {
    opened: (session, archive, taskId, studyUids) => {
      keeper.here(session.reader.id, session.token);
      for (const studyUid of studyUids) keeper.hers(session.reader.id, archive, { taskId, studyUid });
    },
    aheadFor: (studyUid) => {
      for (const token of present.keys())
        for (const { studyUid: offered, taskId } of offers.get(token)?.offered ?? [])
          if (offered === studyUid) return { token, taskId };
      return null;
    },
    standing: (session) => {
      const isNew = !present.has(session.token);
      present.set(session.token, { session, at: ports.now() });
      keeper.here(session.reader.id, session.token);
      if (isNew) loop.nudge();
      const none = { bandwidth: null, slow: false, held: cache.size(), budget: budget.bytes, studies: [] };
      if (budget.bytes === 0) return { ...none, state: 'off' };
      const offered = offers.get(session.token)?.offered ?? null;
      const archives = [...new Set((offered ?? []).map((one) => one.archive))];
      const studies = archives
        .flatMap((archive) => prefetcherOf(archive).progress((offered ?? []).filter((one) => one.archive === archive)))
        .sort((one, other) => one.place - other.place);
      const bandwidth =
        archives.map((archive) => prefetcherOf(archive).bandwidth()).find((one) => one !== null) ?? null;
      // Before the group host has told of what they consist, nothing is "here".
      const isUnknown = offered === null || offered.some((one) => one.series === null);
      return { ...none, ...aheadStanding({ paused, isUnknown, studies, bandwidth, budget }) };
    },
    setPaused: (next) => {
      paused = next;
      for (const prefetcher of prefetchers.values()) prefetcher.setPaused(next);
      if (!next) loop.nudge();
    },
    stop: async () => {
      stopListening();
      stopLink();
      for (const prefetcher of prefetchers.values()) prefetcher.close();
      await loop.stop();
    },
  };
}
