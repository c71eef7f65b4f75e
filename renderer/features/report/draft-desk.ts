import { createStore, type StoreApi } from 'zustand/vanilla';
import { mergeMarks, noMarks } from '../../../shared/domain/measurement/index.ts';
import type { CaseContext } from '../../../shared/domain/reading/index.ts';
import type { Draft, Prefill, ReportVersion } from '../../../shared/domain/report/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { holdWriter, Mirror } from '../../data/index.ts';
import type { HostClient } from '../../host/index.ts';
import { createDraftSaver, type DraftPlaces, type DraftSaver, type SaverClock } from './draft-saver.ts';
import { baseVersionOf, chooseDraft, firstDraft, hasWords, isCovered, sameWords } from './draft-words.ts';
import type { GivenWords } from './given-words.ts';

/** What windows of one reader say to each other about one draft. */
export type WindowTalk = {
  send(message: 'hand-over'): void;
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
};

export type DeskParts = {
  readonly context: CaseContext;
  readonly readerId: string;
  readonly prefill: Prefill;
  /** Signed versions, oldest first: what new words build on. */
  readonly versions: readonly ReportVersion[];
  /** How many images are here as the words are begun; null where none are known. */
  readonly images?: number | null;
  /** Words that wait here for her signature, or came back to her; null or absent where there are none. */
  readonly given?: GivenWords | null;
  /** The draft that came with the case, for when the host does not answer now. */
  readonly opened: Draft | null;
  /** What this window had in its editor before the report moved on to another version. */
  readonly carried: Draft | null;
  readonly host: Pick<HostClient, 'call'>;
  /** Null where this machine keeps no store. */
  readonly mirror: Mirror | null;
  readonly clock: SaverClock;
  readonly holdWriter: typeof holdWriter;
  /** Takes a lock from a window that does not answer. */
  readonly stealingLocks: () => LockManager | undefined;
  readonly talk: WindowTalk;
  /** Whether some window has the right to write now; without it, waiting long enough means so. */
  readonly isHeld?: (name: string) => Promise<boolean>;
  /** Settles when the desk of the version before, in this same window, has let go of the right to write. */
  readonly predecessor?: Promise<void> | null;
};

export type DeskPhase =
  | { readonly kind: 'opening' }
  /** Another window writes; these are its words as this machine has them. */
  | { readonly kind: 'following'; readonly draft: Draft; readonly takingOver: boolean }
  | { readonly kind: 'writing'; readonly saver: DraftSaver };

export type DeskState = {
  readonly phase: DeskPhase;
  /** Words that no newer draft holds beyond doubt; shown until the reader has dealt with them. */
  readonly kept: { readonly draft: Draft; readonly why: string } | null;
  /** What could not be read on opening. */
  readonly trouble: string | null;
};

/** One draft of one case in one window: who writes, what stands in it, and where it is kept. */
export type DraftDesk = {
  readonly state: StoreApi<DeskState>;
  takeOver(): void;
  /** Shows the newest words instead of this window's, which are kept beside them. */
  loadNewer(): Promise<void>;
  dropKept(): void;
  /** Puts the kept words into the editor, as a change like any other. */
  useKept(): void;
  flush(): Promise<boolean>;
  /** Settles when the last words are in and the right to write is free again. */
  close(): Promise<void>;
};

/** Waiting longer than this for the right to write, with no desk of our own still closing, means that another window has it. */
const followAfter = 250;
const handOverWait = 3_000;

export function openDraftDesk(parts: DeskParts): DraftDesk {
  const { context, readerId, mirror, clock, host } = parts;
  const { taskId } = context;
  const base = baseVersionOf(parts.versions);
  let aborter = new AbortController();
  const given = parts.given ?? null;
  const first = (): Draft =>
    firstDraft(
      parts.prefill,
      parts.versions,
      {
        taskId,
        studyUid: context.studyUid,
        readerId,
        now: clock.now(),
        ...(parts.images == null ? {} : { images: parts.images }),
      },
      given?.report ?? null,
    );
  /** A draft of hers that is older than what was given is not of it: both are shown, and neither replaces the other. */
  const besideGiven = (draft: Draft): DeskState['kept'] => {
    if (given === null || base > 0 || draft.savedAt >= given.at || !hasWords(draft)) return null;
    const theirs = first();
    const whose = given.writer.id === readerId ? 'Words that came back to you' : `Words of ${given.writer.name}`;
    return sameWords(theirs, draft) ? null : { draft: theirs, why: `${whose}, given to be signed` };
  };
  const state = createStore<DeskState>(() => ({ phase: { kind: 'opening' }, kept: null, trouble: null }));
  const set = (change: Partial<DeskState>): void => state.setState(change);
  let letGo: (() => void) | null = null;
  let stealing: (() => void) | null = null;
  let closed = false;
  /** Counts the requests for the right to write; one that was replaced does nothing more. */
  let turn = 0;

  const places = placesOf(parts);

  /** The newest of both places, and what they say beside it. */
  async function readNewest(): Promise<ReturnType<typeof chooseDraft> & { readonly trouble: string | null }> {
    const [journal, local] = await Promise.all([
      host.call('readDraft', { params: { taskId } }),
      mirror === null ? Promise.resolve(ok([] as readonly Draft[])) : mirror.listDrafts(),
    ]);
    const mine = local.ok ? local.value.filter((one) => one.taskId === taskId && one.readerId === readerId) : [];
    const chosen = chooseDraft(mine, journal.ok ? journal.value.draft : parts.opened, base);
    await putOldAside(mine.filter((one) => one.baseVersion < base));
    const trouble = journal.ok ? (local.ok ? null : local.error.message) : journal.error.message;
    return { ...chosen, trouble };
  }

  /** Drafts of earlier versions: forgotten once a signed version holds their words, else shown. */
  async function putOldAside(old: readonly Draft[]): Promise<void> {
    for (const draft of old) {
      if (!hasWords(draft) || isCovered(draft, parts.versions)) await mirror?.forgetDraft(draft);
      else if (state.getState().kept === null) {
        set({ kept: { draft, why: 'Words of an earlier draft that no signed version holds' } });
      }
    }
  }

  async function startWriting(): Promise<void> {
    const newest = await readNewest();
    if (closed) return;
    const draft = newest.draft ?? first();
    const saver = createDraftSaver({ draft, known: { local: newest.local, host: newest.host }, places, clock });
    const { beside } = newest;
    const { carried } = parts;
    const left =
      carried !== null && hasWords(carried) && !isCovered(carried, parts.versions) && !sameWords(carried, draft);
    const kept =
      beside !== null
        ? { draft: beside, why: 'Other words of this report, found in the second copy' }
        : left
          ? { draft: carried, why: 'Words of this window that no signed version holds' }
          : (besideGiven(draft) ?? state.getState().kept);
    set({ phase: { kind: 'writing', saver }, trouble: newest.trouble, kept });
  }

  async function follow(takingOver = false): Promise<void> {
    const newest = await readNewest();
    if (closed || letGo !== null) return;
    set({ phase: { kind: 'following', draft: newest.draft ?? first(), takingOver }, trouble: newest.trouble });
  }

  /** Stops writing here; words that are not in both places stay in sight. */
  async function stopWriting(): Promise<void> {
    const { phase } = state.getState();
    if (phase.kind !== 'writing') return;
    const saved = await phase.saver.close();
    const { draft } = phase.saver.state.getState();
    if (!saved && !closed) set({ kept: { draft, why: 'Words of this window that are not in both places' } });
  }

  /** Waits for the right to write, holds it while it has it, and comes back here when it was taken. */
  async function stand(steal: boolean): Promise<void> {
    turn += 1;
    const own = turn;
    aborter.abort();
    aborter = new AbortController();
    const locks = steal ? parts.stealingLocks() : undefined;
    let waiting = (): void => undefined;
    let answered = false;
    const stillWaits = (): boolean => !answered && !closed && own === turn;
    const name = `draft|${taskId}|${readerId}`;
    const wait = (): void => {
      if (stillWaits()) waiting = clock.after(followAfter, () => void followIfHeld());
    };
    // On a busy machine the right to write can be free and yet come late: then nobody else writes, and nothing is said of another window.
    const followIfHeld = async (): Promise<void> => {
      const held = parts.isHeld === undefined || (await parts.isHeld(name));
      if (!stillWaits()) return;
      if (held) await follow();
      else wait();
    };
    // Our own desk of the version before may save for longer than that; until it has let go, nobody else is writing.
    if (parts.predecessor == null) wait();
    else void parts.predecessor.then(wait);
    let broken = false;
    try {
      await parts.holdWriter(
        name,
        async () => {
          answered = true;
          waiting();
          // The lock can come after this window gave up waiting for it: it goes straight back.
          if (closed || own !== turn) return;
          const ended = new Promise<void>((resolve) => {
            letGo = resolve;
          });
          await startWriting();
          await ended;
        },
        { signal: aborter.signal, ...(locks === undefined ? {} : { locks }) },
      );
    } catch {
      // Closed while it waited, or another window took the lock: what follows is the same.
      broken = true;
    }
    answered = true;
    waiting();
    if (own !== turn) return;
    letGo = null;
    if (closed) return;
    await stopWriting();
    await follow();
    // At once after handing over, so that we stand next in the queue; with a pause where something is wrong.
    if (!broken) void stand(false);
    else clock.after(1_000, () => void (closed || own !== turn ? undefined : stand(false)));
  }

  parts.talk.onMessage((message) => {
    if (message !== 'hand-over' || letGo === null) return;
    const done = letGo;
    void stopWriting().then(() => done());
  });

  let reading = false;
  const unsubscribe = mirror?.subscribe((change) => {
    if (change.kind !== 'draft' || change.taskId !== taskId || reading) return;
    const { phase } = state.getState();
    if (phase.kind !== 'following') return;
    reading = true;
    clock.after(150, () => {
      reading = false;
      const now = state.getState().phase;
      if (now.kind === 'following') void follow(now.takingOver);
    });
  });

  void stand(false);

  const writer = (): DraftSaver | null => {
    const { phase } = state.getState();
    return phase.kind === 'writing' ? phase.saver : null;
  };

  return {
    state,
    takeOver: () => {
      const { phase } = state.getState();
      if (phase.kind !== 'following') return;
      set({ phase: { ...phase, takingOver: true } });
      parts.talk.send('hand-over');
      // Our own request stands first in the queue already. A window that hangs does not hand over: then the lock is taken.
      stealing = clock.after(handOverWait, () => {
        if (closed || letGo !== null) return;
        void stand(true);
      });
    },
    loadNewer: async () => {
      const saver = writer();
      const mine = saver?.state.getState().draft ?? null;
      void saver?.close();
      set({ phase: { kind: 'opening' } });
      await startWriting();
      const now = writer()?.state.getState().draft;
      if (mine !== null && now !== undefined && !sameWords(mine, now)) {
        set({ kept: { draft: mine, why: 'Words of this window that the newer draft does not hold' } });
      }
    },
    dropKept: () => set({ kept: null }),
    useKept: () => {
      const { kept } = state.getState();
      if (kept === null) return;
      const { sections, addendum, reason, measurements, together, marks, ...beside } = kept.draft;
      const { fields, sourced, doubtful, templates } = beside;
      writer()?.edit((draft) => ({
        ...draft,
        ...{ sections, addendum, reason, measurements, together: together ?? [], fields, sourced, doubtful, templates },
        ...(marks === undefined ? {} : { marks: mergeMarks(draft.marks ?? noMarks, marks) }),
      }));
      set({ kept: null });
    },
    flush: () => writer()?.flush() ?? Promise.resolve(true),
    close: async () => {
      if (closed) return;
      closed = true;
      stealing?.();
      unsubscribe?.();
      parts.talk.close();
      const held = letGo;
      const saver = writer();
      aborter.abort();
      // The lock is kept until the last words are in, so that no other window starts from older ones.
      if (held !== null && saver !== null) await saver.close();
      held?.();
    },
  };
}

/** The two places behind one pair of functions; a refusal for age is told apart from a failure. */
function placesOf(parts: DeskParts): DraftPlaces {
  const { context, host, mirror } = parts;
  return {
    saveLocal: async (draft) => {
      if (mirror === null)
        return err({ code: 'failed', message: 'This machine keeps no copy: its store could not be opened.' });
      const saved = await mirror.saveDraft(draft);
      if (saved.ok || saved.error.code !== 'refused') return failed(saved);
      const stored = await mirror.readDraft(draft);
      const newer = stored.ok && stored.value !== null && stored.value.revision > draft.revision;
      return newer ? err({ code: 'stale', message: saved.error.message }) : failed(saved);
    },
    saveHost: async (draft) => {
      const saved = await host.call('saveDraft', { params: { taskId: context.taskId }, input: { context, draft } });
      if (!saved.ok && saved.error.code === 'stale-draft') return err({ code: 'stale', message: saved.error.message });
      return failed(saved);
    },
  };
}

function failed(
  result: Result<unknown, { readonly message: string }>,
): Result<unknown, { code: 'failed'; message: string }> {
  return result.ok ? result : err({ code: 'failed', message: result.error.message });
}
