import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Capabilities, Session } from '../../shared/api/index.ts';
import type { LookReason } from '../../shared/domain/audit/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { type CaseStore, createCaseStore, createEpochs } from '../case/index.ts';
import { type Mirror, openMirror } from '../data/index.ts';
import { type CriticalOutbox, createCriticalOutbox } from '../features/critical-results/index.ts';
import { createDictationDevices, type DictationDevices, loadDeviceLibrary } from '../features/dictation/index.ts';
import { createFollowUpOutbox, type FollowUpOutbox } from '../features/follow-up/index.ts';
import { createMessageOutbox, type MessageOutbox } from '../features/messages/index.ts';
import type { HostClient } from '../host/index.ts';
import { type Activity, watchActivity } from './activity.ts';
import { createJustRead, type JustRead } from './just-read.ts';
import { createSuspended, type Suspended } from './suspended.ts';
import { createWindowDesk, type DeskPage, type WindowDesk } from './windows/window-desk.ts';
import { createWindowsHub, type WindowsHub } from './windows/windows-hub.ts';
import { createWorklistSync, type WorklistSync } from './worklist-sync.ts';

/** All that lives as long as one person is signed in. */
export type SignedIn = {
  readonly session: Omit<Session, 'token'>;
  /** Null where this machine's store cannot be opened; the user is told, and nothing is kept here. */
  readonly mirror: Mirror | null;
  readonly worklist: WorklistSync;
  readonly caseStore: CaseStore;
  /** Why she looks at studies outside her list, as she said for each in this window. */
  readonly lookReasons: Map<TaskId, { readonly kind: LookReason; readonly words: string }>;
  readonly activity: Activity;
  readonly justRead: JustRead;
  readonly suspended: Suspended;
  /** What she wrote that the host does not have yet. */
  readonly outbox: MessageOutbox;
  /** What she did about critical results that the host does not have yet. */
  readonly criticalOutbox: CriticalOutbox;
  /** The same about recommended exams. */
  readonly followUpOutbox: FollowUpOutbox;
  readonly link: StoreApi<LinkState>;
  /** SpeechMike, PowerMic and pedals of this computer. */
  readonly devices: DictationDevices;
  /** The image windows of this reading window: the line to them, and where they lie. */
  readonly windows: { readonly hub: WindowsHub; readonly desk: WindowDesk };
  end(): void;
};

export type LinkState = {
  readonly link: 'joining' | 'live' | 'lost';
  readonly since: number;
  /** Grows when the host says that its status changed. */
  readonly statusVersion: number;
  /** What this machine's store could not do; null while it does. */
  readonly mirrorTrouble: string | null;
};

async function mirrorOf(session: Omit<Session, 'token'>): Promise<{ mirror: Mirror | null; trouble: string | null }> {
  try {
    return { mirror: await openMirror({ user: session.reader.id, key: session.mirrorKey }), trouble: null };
  } catch (reason) {
    const name = reason instanceof Error ? reason.name : 'unknown';
    return {
      mirror: null,
      trouble: `This machine’s store could not be opened (${name}). Words are kept by the host alone; signing goes on.`,
    };
  }
}

/** Milliseconds for which what stands around the images of a case that is being opened waits for the first of them. */
const longestCalm = 1_000;

/** Starts the list, the mirror, the event stream and the watch on idle time for one session. */
export async function startSignedIn(options: {
  readonly host: HostClient;
  readonly session: Omit<Session, 'token'>;
  readonly capabilities: Capabilities;
  readonly onLocked: () => void;
  readonly onEnded: (why: string) => void;
  /** What stands for what this window remembers of a case before it is opened; undefined where it remembers nothing. */
  readonly rememberedPrint: (taskId: TaskId) => string | undefined;
}): Promise<SignedIn> {
  const { host, session } = options;
  const now = (): number => Date.now();
  const { mirror, trouble } = await mirrorOf(session);
  const link = createStore<LinkState>(() => ({
    link: 'joining',
    since: now(),
    statusVersion: 0,
    mirrorTrouble: trouble,
  }));
  const worklist = createWorklistSync({
    host,
    mirror,
    now,
    onMirrorTrouble: (words) => link.setState({ mirrorTrouble: words }),
  });
  const lookReasons: SignedIn['lookReasons'] = new Map();
  const caseStore = createCaseStore({
    epochs: createEpochs({ storage: sessionStorage, now }),
    ports: {
      openCase: (taskId, mode, epoch, signal) =>
        host.call('openCase', {
          params: { taskId },
          input: {
            ...{ mode, epoch, remembered: options.rememberedPrint(taskId) },
            ...(mode === 'look' ? { lookReason: lookReasons.get(taskId) } : {}),
          },
          signal,
        }),
      closeCase: (taskId, epoch) => {
        void host.call('closeCase', { params: { taskId }, input: { epoch } });
      },
    },
  });
  caseStore.state.subscribe(({ kind }) => {
    if (kind === 'opening') host.calm.begin(longestCalm);
    else if (kind !== 'open') host.calm.end();
  });
  const justRead = createJustRead(caseStore);
  const suspended = createSuspended(host);
  const outbox = createMessageOutbox({ host, mirror, now });
  const criticalOutbox = createCriticalOutbox({ host, mirror, now });
  const followUpOutbox = createFollowUpOutbox({ host, mirror, now });
  const devices = createDictationDevices({
    hid: 'hid' in navigator ? navigator.hid : undefined,
    load: loadDeviceLibrary,
  });
  const ended = new AbortController();
  const lock = (): void => {
    options.onLocked();
    void host.call('lockSession');
  };
  const activity = watchActivity({
    target: window,
    now,
    idleLockMinutes: session.idleLockMinutes,
    tell: () => void host.call('touchSession'),
    onIdle: lock,
  });
  const stopHearing = caseStore.onEvent((event) => {
    if (event.type === 'activity') activity.note();
  });
  void host.streamEvents({
    signal: ended.signal,
    onLink: (state) => {
      link.setState({ link: state, since: now() });
      worklist.noteLink(state);
      if (state === 'live') {
        outbox.tryAgain();
        criticalOutbox.tryAgain();
        followUpOutbox.tryAgain();
      }
    },
    onSignedOut: () => options.onEnded('You were signed out.'),
    onEvent: (event) => {
      if (event.type === 'worklist-changed') worklist.noteChanged(event.version);
      else if (event.type === 'session-locked') options.onLocked();
      else if (event.type === 'session-ended') options.onEnded(event.why);
      else if (event.type === 'status-changed') {
        link.setState((before) => ({ statusVersion: before.statusVersion + 1 }));
      } else if (event.type === 'case-changed') {
        const state = caseStore.state.getState();
        if (state.kind === 'open' && state.detail.context.taskId === event.taskId) {
          caseStore.publish({ type: 'case-changed', epoch: state.epoch });
        }
      }
    },
  });
  void worklist.start();
  const desk = createWindowDesk(window as DeskPage, () => crypto.randomUUID());
  const hub = createWindowsHub({
    page: window,
    origin: location.origin,
    caseStore,
    rows: {
      get: (taskId) => worklist.state.getState().rows.get(taskId),
      subscribe: (listener) => worklist.state.subscribe(listener),
    },
    session: host.session,
    reader: session.reader.name,
    noteActivity: activity.note,
    onPlace: desk.note,
    now: () => performance.now(),
    newId: () => crypto.randomUUID(),
  });
  return {
    session,
    mirror,
    worklist,
    caseStore,
    lookReasons,
    activity,
    justRead,
    suspended,
    outbox,
    criticalOutbox,
    followUpOutbox,
    link,
    devices,
    windows: { hub, desk },
    end: () => {
      devices.close();
      hub.stop();
      desk.stop();
      ended.abort();
      stopHearing();
      justRead.stop();
      suspended.stop();
      outbox.stop();
      criticalOutbox.stop();
      followUpOutbox.stop();
      activity.stop();
      worklist.stop();
      caseStore.close();
      mirror?.close();
    },
  };
}
