import { mayStay, type ReaderHere } from '../../../shared/domain/prefetch/index.ts';
import { type Instant, type Millis, minutes } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { studyKeptUnder } from '../archive/pass.ts';
import type { Ports } from '../ports.ts';

type Held = { readonly taskId: string; readonly studyUid: string };

/**
 * What may stay in a desktop's sealed cache. Which task is over or another's the group host says; who is at this desktop, and since when
 * nobody is, is known here.
 */
export type DeskKeeper = {
  /** A reader is at work here in this session. Whoever had gone before her leaves nothing behind. */
  here(readerId: string, token: string): void;
  gone(token: string): void;
  offShift(readerId: string, isOff: boolean): void;
  /** A study is fetched ahead for her, or she has opened it: as that of a task, or as a prior of one. */
  hers(readerId: string, archive: string, held: Held): void;
  /** What is held for her, as the group host is asked about it. */
  heldFor(readerId: string): readonly Held[];
  /** The group host has answered: of what it was asked about, this is over for her. */
  answered(readerId: string, over: readonly Held[]): void;
  round(): Promise<void>;
};

/** What an earlier run of this desktop kept is known by nothing but sealed names: it stays until her queue can have named it again. */
const strangersFor = minutes(10);
const mostHeld = 2_000;

export function createDeskKeeper(parts: {
  readonly cache: Pick<FrameCache, 'studies' | 'dropStudy' | 'nameOfStudy'>;
  readonly onScreen: () => ReadonlySet<string>;
  /** How long pixels stay after a reader has gone. */
  readonly grace: Millis;
  readonly ports: Pick<Ports, 'now' | 'log'>;
}): DeskKeeper {
  const { cache, ports, grace } = parts;
  const startedAt = ports.now();
  let firstAnswer: Instant | null = null;
  const sessions = new Map<string, string>();
  const off = new Set<string>();
  /** Since when each reader of this desktop is away; null while here. */
  const readers = new Map<string, Instant | null>();
  /** By sealed name of the study: for whom, and as that of which tasks. */
  const kept = new Map<string, { readonly studyUid: string; readonly tasksOf: Map<string, Set<string>> }>();

  const readersNow = (): readonly ReaderHere[] => {
    const now = ports.now();
    const signedIn = new Set(sessions.values());
    for (const [id, away] of readers) {
      const isHere = signedIn.has(id) && !off.has(id);
      if (isHere) readers.set(id, null);
      else if (away === null) readers.set(id, now);
    }
    return [...readers].map(([id, away]) => ({ id, away }));
  };

  return {
    here: (readerId, token) => {
      if (sessions.get(token) === readerId) return;
      sessions.set(token, readerId);
      const signedIn = new Set(sessions.values());
      for (const id of readers.keys()) if (!signedIn.has(id)) readers.delete(id);
      if (!readers.has(readerId)) readers.set(readerId, null);
    },
    gone: (token) => {
      sessions.delete(token);
      // From now on, not from the next round on.
      readersNow();
    },
    offShift: (readerId, isOff) => {
      if (isOff) off.add(readerId);
      else off.delete(readerId);
    },
    hers: (readerId, archive, { taskId, studyUid }) => {
      const name = cache.nameOfStudy(studyKeptUnder(archive, studyUid));
      const known = kept.get(name) ?? { studyUid, tasksOf: new Map<string, Set<string>>() };
      known.tasksOf.set(readerId, (known.tasksOf.get(readerId) ?? new Set()).add(taskId));
      kept.delete(name);
      kept.set(name, known);
      const [oldest] = kept.keys();
      if (kept.size > mostHeld && oldest !== undefined) kept.delete(oldest);
    },
    heldFor: (readerId) =>
      [...kept.values()]
        .flatMap(({ studyUid, tasksOf }) => [...(tasksOf.get(readerId) ?? [])].map((taskId) => ({ taskId, studyUid })))
        .slice(-mostHeld),
    answered: (readerId, over) => {
      firstAnswer ??= ports.now();
      const byUid = new Map([...kept.values()].map((one) => [one.studyUid, one]));
      for (const { taskId, studyUid } of over) {
        const tasksOf = byUid.get(studyUid)?.tasksOf;
        const tasks = tasksOf?.get(readerId);
        tasks?.delete(taskId);
        if (tasks?.size === 0) tasksOf?.delete(readerId);
      }
    },
    round: async () => {
      const now = ports.now();
      const onScreen = parts.onScreen();
      const here = readersNow();
      const names = cache.studies();
      let dropped = 0;
      for (const name of names) {
        const known = kept.get(name);
        // Whose they are is not asked again: the group host has judged that for each of these readers.
        const uses = [...(known?.tasksOf.keys() ?? [])].map((holder) => ({ over: false, holder }));
        const isYoung = now - startedAt < grace && (firstAnswer === null || now - firstAnswer < strangersFor);
        const stays = known === undefined ? isYoung : mayStay(uses, here, onScreen.has(known.studyUid), grace, now);
        if (stays) continue;
        await cache.dropStudy(name);
        kept.delete(name);
        dropped += 1;
      }
      if (dropped > 0)
        ports.log.info('images of studies that nobody here reads any more were let go', { studies: dropped });
    },
  };
}
