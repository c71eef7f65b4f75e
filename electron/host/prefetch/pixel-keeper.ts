import { mayStay, type PixelUse, type ReaderHere } from '../../../shared/domain/prefetch/index.ts';
import { type Instant, type Millis, millis } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { studyKeptUnder } from '../archive/pass.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';

/** Lets a study's pixels go from the sealed cache when nobody here may still need them. */
export type PixelKeeper = {
  /** A reader is at work here in this session. */
  here(readerId: string, token: string): void;
  /** A session ended. */
  gone(token: string): void;
  /** A study is a prior of that task. */
  prior(taskId: string, studyUid: string): void;
  round(): Promise<void>;
};

/** Studies compared before the host's thread does something else. */
const inOneGo = 2_000;
/** Between two looks through all studies for one that is kept and not known, in milliseconds. */
const lookEvery = 60_000;
const mostPriors = 5_000;

export function createPixelKeeper(parts: {
  readonly cache: Pick<FrameCache, 'studies' | 'dropStudy' | 'nameOfStudy'>;
  readonly archive: { readonly name: string };
  readonly book: Pick<CaseBook, 'facts' | 'ofStudy'>;
  readonly studyUids: () => Iterable<string>;
  readonly onScreen: () => ReadonlySet<string>;
  readonly isOffShift: (readerId: string) => boolean;
  /** How long pixels stay after a reader has gone. */
  readonly grace: Millis;
  readonly ports: Pick<Ports, 'now' | 'log'>;
}): PixelKeeper {
  const { cache, book, ports, grace } = parts;
  const startedAt = ports.now();
  const sessions = new Map<string, string>();
  /** Since when each reader of this host is away; null while here. */
  const readers = new Map<string, Instant | null>();
  const tasksOfPrior = new Map<string, Set<string>>();
  const studyOf = new Map<string, string>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const nameOf = (studyUid: string): string => cache.nameOfStudy(studyKeptUnder(parts.archive.name, studyUid));
  const learn = (studyUid: string): void => {
    studyOf.set(nameOf(studyUid), studyUid);
  };

  const readersNow = (): readonly ReaderHere[] => {
    const now = ports.now();
    const signedIn = new Set(sessions.values());
    for (const [id, away] of readers) {
      const isHere = signedIn.has(id) && !parts.isOffShift(id);
      if (isHere) readers.set(id, null);
      else if (away === null) readers.set(id, now);
    }
    return [...readers].map(([id, away]) => ({ id, away }));
  };

  const standsAs = ({ task }: CaseFacts): PixelUse => {
    const { claim } = task;
    const isHeld = claim !== null && claim.leaseUntil > ports.now();
    return { over: task.state === 'completed' || task.state === 'cancelled', holder: isHeld ? claim.reader : null };
  };
  const rolesOf = (studyUid: string): readonly PixelUse[] => {
    const priorOf = [...(tasksOfPrior.get(studyUid) ?? [])].flatMap((taskId) => book.facts(taskId) ?? []);
    return [...book.ofStudy(studyUid), ...priorOf].map(standsAs);
  };

  /** Kept by an earlier run of this host: whose they are is found among the studies of the list. */
  const recognise = async (): Promise<void> => {
    const strangers = (): boolean => [...cache.studies()].some((name) => !studyOf.has(name));
    if (!strangers() || ports.now() - lookedAt < lookEvery) return;
    lookedAt = ports.now();
    let count = 0;
    for (const studyUid of parts.studyUids()) {
      learn(studyUid);
      count += 1;
      if (count % inOneGo !== 0) continue;
      if (!strangers()) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // What is not kept need not be known.
    const kept = cache.studies();
    for (const name of studyOf.keys()) if (!kept.has(name)) studyOf.delete(name);
  };

  return {
    here: (readerId, token) => {
      sessions.set(token, readerId);
      if (!readers.has(readerId)) readers.set(readerId, null);
    },
    gone: (token) => {
      sessions.delete(token);
    },
    prior: (taskId, studyUid) => {
      const tasks = tasksOfPrior.get(studyUid) ?? new Set();
      tasks.add(taskId);
      tasksOfPrior.set(studyUid, tasks);
      for (const [oldest] of tasksOfPrior) if (tasksOfPrior.size > mostPriors) tasksOfPrior.delete(oldest);
      learn(studyUid);
    },
    round: async () => {
      const now = ports.now();
      const onScreen = parts.onScreen();
      for (const studyUid of onScreen) learn(studyUid);
      await recognise();
      const known = readersNow();
      // Just started: who was at work here before is not known yet, and is given the same time.
      const all = known.length > 0 ? known : [{ id: '', away: startedAt }];
      let dropped = 0;
      for (const name of cache.studies()) {
        const studyUid = studyOf.get(name);
        // Nobody knows what it was a prior of: it goes when the time is up.
        const uses = studyUid === undefined ? [] : rolesOf(studyUid);
        const isYoung = now - startedAt < millis(grace);
        const stays = studyUid === undefined ? isYoung : mayStay(uses, all, onScreen.has(studyUid), grace, now);
        if (stays) continue;
        await cache.dropStudy(name);
        studyOf.delete(name);
        dropped += 1;
      }
      if (dropped > 0)
        ports.log.info('images of studies that nobody here reads any more were let go', { studies: dropped });
    },
  };
}
