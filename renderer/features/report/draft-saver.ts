import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Draft, keepDoubts, keepSpans } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { err, type Result } from '../../../shared/lib/result.ts';
import { sameWords } from './draft-words.ts';

/** `stale`: that place has newer words, and ours did not go in. `failed`: ours may or may not be there. */
export type SaveTrouble = { readonly code: 'stale' | 'failed'; readonly message: string };

/** The two durable places of a draft (DESIGN 2.4): this machine's store and the host's journal. */
export type DraftPlaces = {
  saveLocal(draft: Draft): Promise<Result<unknown, SaveTrouble>>;
  saveHost(draft: Draft): Promise<Result<unknown, SaveTrouble>>;
};

export type SaverClock = {
  now(): Instant;
  /** Runs once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, run: () => void): () => void;
};

/**
 * untouched: nothing written yet · draft: words not yet sent · saving: under way for more than 300 ms · saved: both places have these
 * words · not-saved: a place failed, tried again until it does not · stale: another window has newer words, nothing is overwritten.
 */
export type DraftStanding = 'untouched' | 'draft' | 'saving' | 'saved' | 'not-saved' | 'stale';

export type SaverState = {
  readonly draft: Draft;
  readonly standing: DraftStanding;
  /** What each place last refused with; null when it last took what it was given. */
  readonly localTrouble: string | null;
  readonly hostTrouble: string | null;
  /** Whether the host's journal has every word, whatever this machine's store says. */
  readonly inHost: boolean;
  /** When both places last had all words. */
  readonly savedAt: Instant | null;
};

export type DraftSaver = {
  readonly state: StoreApi<SaverState>;
  /** Changes words; the same words again change nothing. Fields and sources stay with their words, whatever changed these. */
  edit(change: (draft: Draft) => Draft): void;
  /** What the draft is for. By itself no reason to save one that holds no words yet. */
  turnTo(kind: Draft['kind']): void;
  /** Sends what is not sent and waits: true when both places have every word that was there at the call. */
  flush(): Promise<boolean>;
  /** Sends the last words and makes no further attempts; true as for `flush`. */
  close(): Promise<boolean>;
};

/** Milliseconds. A pause in typing is waited for, but never longer than `behind`. */
export const saverTimes = { debounce: 400, behind: 1_000, showSaving: 300, deadline: 6_000 } as const;
const retryWaits = [500, 1_000, 2_000, 4_000, 8_000] as const;

type PlaceName = 'local' | 'host';
type Place = {
  readonly save: (draft: Draft) => Promise<Result<unknown, SaveTrouble>>;
  busy: boolean;
  sentRevision: number;
  ackedRevision: number;
  ackedEdit: number;
  trouble: string | null;
  failures: number;
  cancelRetry: () => void;
};

const nothing = (): void => undefined;

/**
 * Saves a draft to both places. Each attempt has a revision of its own, one above the last, so that an attempt whose answer was lost
 * can be repeated without being taken for another window's. At most one attempt a place is under way; the newest words follow it.
 * `known` says which revision each place is known to hold; a draft that one of them lacks is sent at once.
 */
export function createDraftSaver(options: {
  readonly draft: Draft;
  readonly known: { readonly local: number | null; readonly host: number | null };
  readonly places: DraftPlaces;
  readonly clock: SaverClock;
}): DraftSaver {
  const { places, clock } = options;
  let draft = options.draft;
  const complete = options.known.local === draft.revision && options.known.host === draft.revision;
  const found = options.known.local !== null || options.known.host !== null;
  /** Grows with each change of words; a place that acknowledged edit n has every word up to it. */
  let edit = found && !complete ? 1 : 0;
  let sent: { readonly draft: Draft; readonly edit: number } | null = complete ? { draft, edit: 0 } : null;
  let stale = false;
  let closed = false;
  let savedAt: Instant | null = complete ? draft.savedAt : null;
  let busySince: number | null = null;
  let waitingSince: number | null = null;
  let cancelTimer = nothing;
  let waiters: { readonly edit: number; readonly resolve: (saved: boolean) => void }[] = [];
  const place = (save: Place['save'], revision: number | null): Place => ({
    save,
    busy: false,
    sentRevision: 0,
    ackedRevision: revision ?? -1,
    ackedEdit: complete ? 0 : -1,
    trouble: null,
    failures: 0,
    cancelRetry: nothing,
  });
  const all: Readonly<Record<PlaceName, Place>> = {
    local: place(places.saveLocal, options.known.local),
    host: place(places.saveHost, options.known.host),
  };
  const both = [all.local, all.host] as const;

  const isSaved = (): boolean =>
    sent !== null && sent.edit === edit && both.every((one) => one.ackedRevision === sent?.draft.revision);
  const standing = (): DraftStanding => {
    if (stale) return 'stale';
    if (edit === 0 && sent === null) return 'untouched';
    if (isSaved()) return 'saved';
    if (both.some((one) => one.trouble !== null)) return 'not-saved';
    return busySince !== null && clock.now() - busySince >= saverTimes.showSaving ? 'saving' : 'draft';
  };
  const seen = (): SaverState => ({
    draft,
    standing: standing(),
    localTrouble: all.local.trouble,
    hostTrouble: all.host.trouble,
    inHost: all.host.ackedEdit >= edit,
    savedAt,
  });
  const state = createStore<SaverState>(seen);
  const tell = (): void => {
    if (isSaved() && sent !== null) savedAt = sent.draft.savedAt;
    state.setState(seen(), true);
  };
  const settleWaiters = (): void => {
    const done = Math.min(all.local.ackedEdit, all.host.ackedEdit);
    const ready = waiters.filter((one) => done >= one.edit);
    waiters = waiters.filter((one) => done < one.edit);
    for (const one of ready) one.resolve(true);
  };
  const failWaiters = (upTo: number): void => {
    const lost = waiters.filter((one) => one.edit <= upTo);
    waiters = waiters.filter((one) => one.edit > upTo);
    for (const one of lost) one.resolve(false);
  };

  function settled(one: Place, tried: { draft: Draft; edit: number }, outcome: Result<unknown, SaveTrouble>): void {
    one.busy = false;
    if (both.every((other) => !other.busy)) busySince = null;
    if (outcome.ok) {
      one.ackedRevision = Math.max(one.ackedRevision, tried.draft.revision);
      one.ackedEdit = Math.max(one.ackedEdit, tried.edit);
      one.trouble = null;
      one.failures = 0;
      one.cancelRetry();
      settleWaiters();
    } else {
      one.trouble = outcome.error.message;
      if (outcome.error.code === 'stale') {
        stale = true;
        cancelTimer();
        failWaiters(Number.POSITIVE_INFINITY);
      } else {
        failWaiters(tried.edit);
        retryLater(one);
      }
    }
    if (!stale && sent !== null && sent.draft.revision > tried.draft.revision) push(one);
    tell();
  }

  function retryLater(one: Place): void {
    one.cancelRetry();
    const wait = retryWaits[Math.min(one.failures, retryWaits.length - 1)] ?? 8_000;
    one.failures += 1;
    if (closed) return;
    one.cancelRetry = clock.after(wait, () => {
      if (!closed && !stale && one.trouble !== null && !one.busy) send();
    });
  }

  function push(one: Place): void {
    const now = sent;
    if (one.busy || now === null || one.sentRevision >= now.draft.revision) return;
    one.cancelRetry();
    one.busy = true;
    one.sentRevision = now.draft.revision;
    if (busySince === null) {
      busySince = clock.now();
      clock.after(saverTimes.showSaving, tell);
    }
    let over = false;
    const end = (outcome: Result<unknown, SaveTrouble>): void => {
      if (over) return;
      over = true;
      cancelDeadline();
      settled(one, now, outcome);
    };
    const cancelDeadline = clock.after(saverTimes.deadline, () =>
      end(err({ code: 'failed', message: `No answer within ${saverTimes.deadline / 1_000} s.` })),
    );
    one.save(now.draft).then(end, () => end(err({ code: 'failed', message: 'The store broke off.' })));
  }

  /** The words as they are, as one revision, to both places. */
  function send(): void {
    cancelTimer();
    cancelTimer = nothing;
    waitingSince = null;
    draft = { ...draft, revision: draft.revision + 1, savedAt: clock.now() };
    sent = { draft, edit };
    for (const one of both) push(one);
    tell();
  }

  function changed(next: Draft): void {
    draft = { ...next, revision: draft.revision, savedAt: draft.savedAt };
    edit += 1;
    if (!stale && !closed) {
      const now = clock.now();
      waitingSince ??= now;
      cancelTimer();
      const left = waitingSince + saverTimes.behind - now;
      cancelTimer = clock.after(Math.max(0, Math.min(saverTimes.debounce, left)), send);
    }
    tell();
  }

  const flush = (): Promise<boolean> => {
    if (stale) return Promise.resolve(false);
    if ((edit === 0 && sent === null) || isSaved()) return Promise.resolve(true);
    const target = edit;
    const answer = new Promise<boolean>((resolve) => waiters.push({ edit: target, resolve }));
    const underWay =
      sent !== null &&
      sent.edit === target &&
      both.every((one) => one.busy || one.ackedRevision === sent?.draft.revision);
    if (!underWay) send();
    return answer;
  };

  if (found && !complete) send();
  return {
    state,
    edit: (change) => {
      const next = keepDoubts(draft, keepSpans(draft, change(draft)));
      if (!closed && !sameWords(next, draft)) changed(next);
    },
    turnTo: (kind) => {
      if (closed || draft.kind === kind) return;
      if (edit === 0 && sent === null) {
        draft = { ...draft, kind };
        tell();
      } else changed({ ...draft, kind });
    },
    flush,
    close: () => {
      const answer = flush();
      closed = true;
      cancelTimer();
      for (const one of both) one.cancelRetry();
      return answer;
    },
  };
}
