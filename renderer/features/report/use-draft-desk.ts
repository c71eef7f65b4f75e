import { useEffect, useRef, useState } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { CaseDetail, ReportView } from '../../../shared/api/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { holdWriter, isWriterHeld, type Mirror } from '../../data/index.ts';
import type { HostClient } from '../../host/index.ts';
import { type DeskState, type DraftDesk, openDraftDesk, type WindowTalk } from './draft-desk.ts';
import type { SaverClock, SaverState } from './draft-saver.ts';
import { baseVersionOf } from './draft-words.ts';
import { givenWordsOf } from './given-words.ts';

export const pageClock: SaverClock = {
  now: () => instant(Date.now()),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

function talkAbout(name: string): WindowTalk {
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : null;
  return {
    send: (message) => channel?.postMessage(message),
    onMessage: (listener) => {
      if (channel !== null) channel.onmessage = (event: MessageEvent<unknown>) => listener(event.data);
    },
    close: () => channel?.close(),
  };
}

/** Asks for a lock in a way that takes it from a window that no longer answers. */
function stealingLocks(): LockManager | undefined {
  const { locks } = navigator;
  if (locks === undefined) return undefined;
  const request = (name: string, _options: LockOptions, work: LockGrantedCallback<unknown>) =>
    locks.request(name, { steal: true }, work);
  return { request, query: () => locks.query() } as unknown as LockManager;
}

export type DeskInUse = {
  readonly desk: DraftDesk | null;
  readonly state: DeskState;
  /** Null while this window does not write. */
  readonly saver: SaverState | null;
};

const closedDesk = createStore<DeskState>(() => ({ phase: { kind: 'opening' }, kept: null, trouble: null }));
const noSaver = createStore<SaverState | null>(() => null) as StoreApi<SaverState | null>;

/** The desk of this case for as long as it is on screen; a new version of the report opens a new one. `open` false keeps it shut. */
export function useDraftDesk(options: {
  readonly detail: CaseDetail;
  readonly report: ReportView;
  readonly readerId: string;
  readonly host: Pick<HostClient, 'call'>;
  readonly mirror: Mirror | null;
  readonly open: boolean;
}): DeskInUse {
  const { detail, report, readerId, host, mirror, open } = options;
  const latest = useRef({ detail, report });
  latest.current = { detail, report };
  const carried = useRef<Draft | null>(null);
  const closing = useRef<Promise<void> | null>(null);
  const [desk, setDesk] = useState<DraftDesk | null>(null);
  const { epoch, taskId } = detail.context;
  const base = baseVersionOf(report.versions);

  // The case and the version decide which desk it is; everything else is read when it opens.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `epoch` and `base` stand for the case and the version that are read.
  useEffect(() => {
    if (!open) return;
    const now = latest.current;
    const { images } = now.detail.row;
    const before = carried.current;
    carried.current = null;
    const opened = openDraftDesk({
      context: now.detail.context,
      readerId,
      prefill: now.detail.prefill,
      versions: now.report.versions,
      images: now.detail.study === null || images.atMost === true ? null : images.present,
      opened: now.detail.draft,
      given: givenWordsOf(now.detail),
      carried: before !== null && before.taskId === taskId && before.baseVersion < base ? before : null,
      host,
      mirror,
      clock: pageClock,
      holdWriter,
      isHeld: isWriterHeld,
      stealingLocks,
      talk: talkAbout(`overread|draft|${taskId}|${readerId}`),
      predecessor: closing.current,
    });
    setDesk(opened);
    return () => {
      const { phase } = opened.state.getState();
      if (phase.kind === 'writing') carried.current = phase.saver.state.getState().draft;
      closing.current = opened.close();
      setDesk(null);
    };
  }, [open, epoch, taskId, base, readerId, host, mirror]);

  // A window that is left, hidden or closed sends what it has.
  useEffect(() => {
    if (desk === null) return;
    const send = (): void => void desk.flush();
    const whenHidden = (): void => {
      if (document.hidden) send();
    };
    window.addEventListener('pagehide', send);
    window.addEventListener('blur', send);
    document.addEventListener('visibilitychange', whenHidden);
    return () => {
      window.removeEventListener('pagehide', send);
      window.removeEventListener('blur', send);
      document.removeEventListener('visibilitychange', whenHidden);
    };
  }, [desk]);

  const state = useStore(desk?.state ?? closedDesk);
  const saver = useStore(
    state.phase.kind === 'writing' ? (state.phase.saver.state as StoreApi<SaverState | null>) : noSaver,
  );
  return { desk, state, saver };
}
