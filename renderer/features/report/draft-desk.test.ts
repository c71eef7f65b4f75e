import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test } from 'vitest';
import type { CaseContext, TaskId } from '../../../shared/domain/reading/index.ts';
import { type Draft, draftFrom, type ReportVersion, signedSections } from '../../../shared/domain/report/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { holdWriter, type Mirror, openMirror } from '../../data/index.ts';
import type { HostClient } from '../../host/index.ts';
import { type DeskParts, type DraftDesk, openDraftDesk, type WindowTalk } from './draft-desk.ts';
import type { SaverClock } from './draft-saver.ts';
import type { GivenWords } from './given-words.ts';

const clock: SaverClock = {
  now: () => instant(Date.now()),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Web Locks as browsers give them: one holder, the rest in line, and a thief who gets it at once. */
function webLocks(): LockManager {
  const held = new Map<string, { end: (reason: unknown) => void }>();
  const line = new Map<string, (() => void)[]>();
  const grant = async (name: string, work: (lock: unknown) => Promise<unknown>): Promise<unknown> => {
    const own = { end: (_reason: unknown): void => undefined };
    const stolen = new Promise((_resolve, reject) => {
      own.end = reject;
    });
    held.set(name, own);
    try {
      // Browsers grant a little later; a window that gave up meanwhile is still called.
      const working = new Promise((resolve) => setTimeout(resolve, 4)).then(() => work({ name }));
      return await Promise.race([working, stolen]);
    } finally {
      if (held.get(name) === own) {
        held.delete(name);
        line.get(name)?.shift()?.();
      }
    }
  };
  const request = (name: string, options: LockOptions, work: (lock: unknown) => Promise<unknown>): Promise<unknown> => {
    if (options.steal === true) {
      held.get(name)?.end(new DOMException('stolen', 'AbortError'));
      return grant(name, work);
    }
    if (!held.has(name)) return grant(name, work);
    return new Promise((resolve, reject) => {
      const go = (): void => void grant(name, work).then(resolve, reject);
      const waiting = line.get(name) ?? [];
      line.set(name, waiting);
      waiting.push(go);
      options.signal?.addEventListener('abort', () => {
        const at = waiting.indexOf(go);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(new DOMException('given up', 'AbortError'));
      });
    });
  };
  return { request } as unknown as LockManager;
}

/** One host's journal, as `draft-store.ts` keeps it, for all windows of a test. */
function journal() {
  const state = { draft: null as Draft | null, signed: 0, away: false, saves: 0 };
  const away = err({ code: 'upstream-unreachable', message: 'Overread’s host could not be reached.', from: 'page' });
  const call = async (name: string, request: { input?: { draft: Draft } }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (state.away) return away;
    if (name === 'readDraft') {
      return ok({ draft: state.draft === null || state.draft.baseVersion < state.signed ? null : state.draft });
    }
    const draft = request.input?.draft;
    if (name !== 'saveDraft' || draft === undefined) throw new Error(`not asked for: ${name}`);
    state.saves += 1;
    const stale = err({
      code: 'stale-draft',
      message: 'Another window has newer words for this report.',
      from: 'host',
    });
    if (draft.baseVersion < state.signed) return stale;
    const before = state.draft;
    if (before !== null && draft.baseVersion <= before.baseVersion && draft.revision <= before.revision) return stale;
    state.draft = draft;
    return ok({ revision: draft.revision, savedAt: draft.savedAt });
  };
  return { state, host: { call } as unknown as Pick<HostClient, 'call'> };
}

const context: CaseContext = {
  archive: 'main',
  studyUid: '1.2.3' as StudyUid,
  patientId: 'P1',
  issuer: null,
  accession: null,
  orderId: null,
  taskId: 'task-1' as TaskId,
  epoch: 1,
};
const prefill = { clinicalInformation: 'Cough', technique: 'CT', comparison: 'None available.' };
const blank = draftFrom(prefill, { taskId: 'task-1', studyUid: '1.2.3', readerId: 'reader-1', now: instant(0) });
const said = (draft: Draft | null | undefined): string => draft?.sections['59776-5'] ?? '';
const saying = (text: string, revision: number, savedAt = revision): Draft => ({
  ...blank,
  revision,
  savedAt: instant(savedAt),
  sections: { ...blank.sections, '59776-5': text },
});

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close();
});

let users = 0;
async function machine() {
  users += 1;
  const key = Buffer.alloc(32, users).toString('base64');
  const locks = webLocks();
  const { state, host } = journal();
  const talkers = new Set<(message: unknown) => void>();
  const mirrors: Mirror[] = [];
  const window = async (options: Partial<DeskParts> & { deaf?: boolean } = {}): Promise<DraftDesk> => {
    const mirror = await openMirror({ user: `reader-${users}`, key });
    mirrors.push(mirror);
    let own: ((message: unknown) => void) | null = null;
    const talk: WindowTalk = {
      send: (message) => {
        for (const listener of talkers) if (listener !== own) listener(message);
      },
      onMessage: (listener) => {
        if (options.deaf === true) return;
        own = listener;
        talkers.add(listener);
      },
      close: () => {
        if (own !== null) talkers.delete(own);
      },
    };
    const desk = openDraftDesk({
      context,
      readerId: 'reader-1',
      prefill,
      versions: [],
      opened: null,
      carried: null,
      host,
      mirror,
      clock,
      holdWriter: (name, work, asked = {}) => holdWriter(name, work, { locks, ...asked }),
      stealingLocks: () =>
        ({
          request: (name: string, _o: LockOptions, work: never) => locks.request(name, { steal: true }, work),
        }) as unknown as LockManager,
      talk,
      ...options,
    });
    open.push(desk, mirror);
    return desk;
  };
  return { window, journal: state, mirror: async () => openMirror({ user: `reader-${users}`, key }) };
}

async function until(what: string, check: () => boolean, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!check()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const phase = (desk: DraftDesk): string => desk.state.getState().phase.kind;
const words = (desk: DraftDesk): string => {
  const now = desk.state.getState().phase;
  return now.kind === 'opening' ? '' : said(now.kind === 'writing' ? now.saver.state.getState().draft : now.draft);
};
function type(desk: DraftDesk, text: string): void {
  const now = desk.state.getState().phase;
  if (now.kind !== 'writing') throw new Error('this window does not write');
  now.saver.edit((draft) => ({ ...draft, sections: { ...draft.sections, '59776-5': said(draft) + text } }));
}
const writing = (desk: DraftDesk): Promise<void> => until('writing', () => phase(desk) === 'writing');

function signed(version: number, text: string, kind: ReportVersion['kind'] = 'final'): ReportVersion {
  const sections = signedSections(saying(text, 0));
  return {
    version,
    kind,
    state: kind,
    digest: `d${version}`,
    releasedAt: instant(1),
    returned: null,
    content: {
      sections,
      measurements: [],
      reason: null,
      signer: { id: 'reader-1' },
    } as unknown as ReportVersion['content'],
  } as ReportVersion;
}

describe('one draft, whichever window', () => {
  test('a first opening shows what order and images say, and keeps nothing', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window();
    await writing(desk);
    const now = desk.state.getState().phase;
    expect(now.kind === 'writing' && now.saver.state.getState().draft.sections['55752-0']).toBe('Cough');
    expect(kept.saves).toBe(0);
  });

  test('every acknowledged word comes back after a reload', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window();
    await writing(desk);
    type(desk, 'No effusion.');
    expect(await desk.flush()).toBe(true);
    void desk.close();
    const again = await window();
    await writing(again);
    expect(words(again)).toBe('No effusion.');
    expect(kept.saves).toBe(1);
  });

  test('words that only this machine has come back, and go to the host when it is there again', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window();
    await writing(desk);
    kept.away = true;
    type(desk, 'written while away');
    expect(await desk.flush()).toBe(false);
    void desk.close();
    kept.away = false;
    const again = await window();
    await writing(again);
    expect(words(again)).toBe('written while away');
    await until('the host has it', () => said(kept.draft) === 'written while away');
  });

  test('words that only the journal has come back on another machine', async () => {
    const { window, journal: kept } = await machine();
    kept.draft = saying('from elsewhere', 12);
    const desk = await window();
    await writing(desk);
    expect(words(desk)).toBe('from elsewhere');
    type(desk, ' and here');
    expect(await desk.flush()).toBe(true);
    expect(kept.draft.revision).toBeGreaterThan(12);
  });

  test('the host does not answer on opening: the draft that came with the case stands, and it is said', async () => {
    const { window, journal: kept } = await machine();
    kept.away = true;
    const desk = await window({ opened: saying('came with the case', 3) });
    await writing(desk);
    expect(words(desk)).toBe('came with the case');
    expect(desk.state.getState().trouble).toContain('could not be reached');
  });

  test('a second window follows what the first writes, and does not write', async () => {
    const { window } = await machine();
    const first = await window();
    await writing(first);
    const second = await window();
    await until('following', () => phase(second) === 'following');
    type(first, 'seen in both');
    await first.flush();
    await until('the second shows it', () => words(second) === 'seen in both');
  });

  test('taking over hands the last words across, unsaved ones too', async () => {
    const { window, journal: kept } = await machine();
    const first = await window();
    await writing(first);
    const second = await window();
    await until('following', () => phase(second) === 'following');
    type(first, 'typed a moment ago');
    second.takeOver();
    await writing(second);
    expect(words(second)).toBe('typed a moment ago');
    await until('the first follows', () => phase(first) === 'following');
    type(second, ', and on');
    expect(await second.flush()).toBe(true);
    expect(said(kept.draft)).toBe('typed a moment ago, and on');
    expect(first.state.getState().kept).toBeNull();
  });

  test('a window that hangs is taken over all the same; its words stay in its sight', async () => {
    const { window } = await machine();
    const deaf = await window({ deaf: true });
    await writing(deaf);
    type(deaf, 'saved ');
    await deaf.flush();
    const second = await window();
    await until('following', () => phase(second) === 'following');
    second.takeOver();
    await writing(second);
    expect(words(second)).toBe('saved ');
    await until('the first follows', () => phase(deaf) === 'following');
  });

  test('a window that closes leaves the pen to the one that waits', async () => {
    const { window } = await machine();
    const first = await window();
    await writing(first);
    const second = await window();
    await until('following', () => phase(second) === 'following');
    type(first, 'last words');
    void first.close();
    await writing(second);
    expect(words(second)).toBe('last words');
  });

  test('StrictMode: opened, closed and opened again at once, the second one writes and nobody follows', async () => {
    const { window } = await machine();
    const first = await window();
    void first.close();
    const second = await window();
    const seen = new Set<string>();
    second.state.subscribe((state) => seen.add(state.phase.kind));
    await writing(second);
    expect(seen.has('following')).toBe(false);
  });

  test('a window’s own desk of the version before saves slowly as it closes: the next one waits, and says of no other window that it writes', async () => {
    const { window } = await machine();
    const quick = journal().host;
    const slow = {
      call: async (...asked: Parameters<typeof quick.call>) => {
        if (asked[0] === 'saveDraft') await new Promise((resolve) => setTimeout(resolve, 700));
        return quick.call(...asked);
      },
    } as unknown as Pick<HostClient, 'call'>;
    const first = await window({ host: slow });
    await writing(first);
    type(first, 'last words');
    const second = await window({ predecessor: first.close() });
    const seen = new Set<string>();
    second.state.subscribe((state) => seen.add(state.phase.kind));
    await writing(second);
    expect([...seen]).toEqual(['writing']);
    expect(words(second)).toBe('last words');
  });

  test('newer words elsewhere: loading them keeps this window’s beside them, and they can be put back', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window();
    await writing(desk);
    type(desk, 'mine');
    await desk.flush();
    kept.draft = saying('newer, from another machine', 40);
    type(desk, ' and more');
    expect(await desk.flush()).toBe(false);
    const now = desk.state.getState().phase;
    expect(now.kind === 'writing' && now.saver.state.getState().standing).toBe('stale');
    expect(words(desk)).toBe('mine and more');
    expect(said(kept.draft)).toBe('newer, from another machine');
    await desk.loadNewer();
    expect(words(desk)).toBe('newer, from another machine');
    expect(said(desk.state.getState().kept?.draft)).toBe('mine and more');
    desk.useKept();
    expect(words(desk)).toBe('mine and more');
    expect(await desk.flush()).toBe(true);
    expect(kept.draft.revision).toBeGreaterThan(40);
  });

  test('a draft whose words were signed is forgotten; one whose words were not is shown', async () => {
    const { window, mirror } = await machine();
    const store = await mirror();
    open.push(store);
    await store.saveDraft(saying('as signed', 3));
    const desk = await window({ versions: [signed(1, 'as signed')] });
    await writing(desk);
    expect(desk.state.getState().kept).toBeNull();
    const left = await store.listDrafts();
    expect(left.ok && left.value).toEqual([]);
    void desk.close();

    await store.saveDraft(saying('never signed', 4));
    const again = await window({ versions: [signed(1, 'as signed')] });
    await writing(again);
    expect(said(again.state.getState().kept?.draft)).toBe('never signed');
  });

  test('words that a version moved away from under are carried to the next, unless it holds them', async () => {
    const { window } = await machine();
    const lost = await window({
      versions: [signed(1, 'as signed')],
      carried: saying('as signed plus what she typed', 5),
    });
    await writing(lost);
    expect(said(lost.state.getState().kept?.draft)).toBe('as signed plus what she typed');
    void lost.close();
    const covered = await window({ versions: [signed(1, 'as signed')], carried: saying('as signed', 5) });
    await writing(covered);
    expect(covered.state.getState().kept).toBeNull();
  });

  test('after a preliminary the editor starts from its words; after a final from an empty addendum', async () => {
    const { window } = await machine();
    const next = await window({ versions: [signed(1, 'preliminary words', 'preliminary')] });
    await writing(next);
    expect(words(next)).toBe('preliminary words');
    void next.close();
    const later = await window({ versions: [signed(1, 'final words')] });
    await writing(later);
    const now = later.state.getState().phase;
    const draft = now.kind === 'writing' ? now.saver.state.getState().draft : blank;
    expect([draft.kind, draft.addendum, draft.baseVersion]).toEqual(['addendum', '', 1]);
  });

  test('a version that was given back: its words are in the editor even when no draft was kept', async () => {
    const { window } = await machine();
    const returned = { ...signed(1, 'given back words'), returned: 'Another reader has claimed this study.' };
    const desk = await window({ versions: [returned] });
    await writing(desk);
    expect(words(desk)).toBe('given back words');
    const now = desk.state.getState().phase;
    expect(now.kind === 'writing' && now.saver.state.getState().draft.baseVersion).toBe(0);
  });

  test('words of another reader that were given back do not come into this one’s editor', async () => {
    const { window } = await machine();
    const version = signed(1, 'another’s words');
    const content = { ...version.content, signer: { id: 'reader-2', name: 'Dr P. Sandlark', npi: null } };
    const desk = await window({ versions: [{ ...version, content, returned: 'Claimed by another.' }] });
    await writing(desk);
    expect(words(desk)).toBe('');
  });

  test('without a store on this machine the host’s copy alone is never called saved', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window({ mirror: null });
    await writing(desk);
    type(desk, 'host only');
    expect(await desk.flush()).toBe(false);
    await until('the host has it', () => said(kept.draft) === 'host only');
    const now = desk.state.getState().phase;
    expect(now.kind === 'writing' && now.saver.state.getState()).toMatchObject({ standing: 'not-saved', inHost: true });
  });

  /** What another reader gave to be signed at 100. */
  const given = {
    report: { ...signed(1, 'Words of the resident.').content, instances: ['1.2.3.1'] },
    writer: { id: 'resident', name: 'Dr C. Maplethorne' },
    at: instant(100),
  } as unknown as GivenWords;

  test('words that wait for her signature are in the editor where she has none, and are saved only once she writes', async () => {
    const { window, journal: kept } = await machine();
    const desk = await window({ given });
    await writing(desk);
    expect(words(desk)).toBe('Words of the resident.');
    expect([kept.saves, desk.state.getState().kept]).toEqual([0, null]);
  });

  test('they never replace a draft of hers from before: both are shown, and she takes theirs by a press', async () => {
    const { window, journal: kept } = await machine();
    kept.draft = saying('My own words.', 3, 50);
    const desk = await window({ given });
    await writing(desk);
    expect(words(desk)).toBe('My own words.');
    expect(desk.state.getState().kept?.why).toBe('Words of Dr C. Maplethorne, given to be signed');
    desk.useKept();
    expect(words(desk)).toBe('Words of the resident.');
  });

  test('what she has made of them since stands alone', async () => {
    const { window, journal: kept } = await machine();
    kept.draft = saying('Words of the resident, put right.', 2, 200);
    const desk = await window({ given });
    await writing(desk);
    expect([words(desk), desk.state.getState().kept]).toEqual(['Words of the resident, put right.', null]);
  });
});
