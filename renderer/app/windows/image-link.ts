import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type CaseDetail,
  type FromImageWindow,
  type FromReadingWindow,
  fromReadingWindowSchema,
  type ReadingWindowTelling,
  type WindowPlace,
  type WorklistRow,
} from '../../../shared/api/index.ts';
import { addsNothing } from '../../../shared/domain/coverage/index.ts';
import { type MarksChange, marksChange, noMarks, withChange } from '../../../shared/domain/measurement/index.ts';
import { type Silent, stillNames } from '../../../shared/domain/reading/index.ts';
import type { Measurement } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import {
  ask,
  type CaseCommand,
  type CoverageHolder,
  createCoverageHolder,
  createMarksHolder,
  type FollowedView,
  type Following,
  farewell,
  followedView,
  hear,
  type MarksHolder,
  nothingHeard,
} from '../../case/index.ts';

/** Milliseconds between looks at the time, between questions, and between attempts to reach a reading window that is silent. */
const lookEvery = 250;
const askEvery = 500;
const helloEvery = 1_000;
const seenEvery = 750;

export type ImageLinkState = {
  readonly view: FollowedView;
  /** Whose session this is; null before the reading window answered. */
  readonly session: { readonly token: string; readonly window: string; readonly reader: string } | null;
  /** The case of the view; null where it shows none. */
  readonly opened: { readonly epoch: number; readonly detail: CaseDetail; readonly live: WorklistRow } | null;
  readonly screens: number;
  readonly number: number;
  readonly silent: Silent;
  readonly asOf: Instant | null;
  /** What the reading window answered to the last command. */
  readonly words: string | null;
};

export type ImageLink = {
  readonly state: StoreApi<ImageLinkState>;
  readonly marks: MarksHolder;
  /** What is painted here goes to the reading window, where it is asked for at signing. */
  readonly coverage: CoverageHolder;
  onCommand(listener: (command: CaseCommand) => void): () => void;
  /** Commands of this window's own list that the reading window asks for. */
  onRun(listener: (command: string) => void): () => void;
  insert(measurement: Measurement, epoch: number): void;
  compared(studyUid: string, epoch: number): void;
  run(command: string): void;
  /** Cine and commands are activity too: the session must not lock under a reader who watches. */
  noteActivity(): void;
  stop(): void;
};

type Page = Pick<Window, 'addEventListener' | 'removeEventListener' | 'close'> & {
  readonly document: Pick<Document, 'addEventListener' | 'removeEventListener'>;
};

/** An image window's end of the line: it asks, takes away what is not answered for, and sends on what the reader did here. */
export function createImageLink(parts: {
  readonly page: Page;
  readonly origin: string;
  readonly opener: Pick<WindowProxy, 'postMessage' | 'closed'>;
  readonly id: string;
  readonly placeNow: () => WindowPlace;
  readonly now: () => number;
  readonly newId: () => string;
}): ImageLink {
  const { page, opener, now } = parts;
  const load = parts.newId();
  const marks = createMarksHolder();
  const coverage = createCoverageHolder();
  const state = createStore<ImageLinkState>(() => ({
    view: { show: 'empty', why: 'silent' },
    session: null,
    opened: null,
    screens: 1,
    number: 0,
    silent: null,
    asOf: null,
    words: null,
  }));
  const commandListeners = new Set<(command: CaseCommand) => void>();
  const runListeners = new Set<(command: string) => void>();
  let following: Following = nothingHeard;
  let port: MessagePort | null = null;
  let helloAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let question = 0;
  let isActive = false;
  let held: {
    readonly epoch: number;
    readonly version: number;
    readonly detail: CaseDetail;
    readonly live: WorklistRow;
  } | null = null;
  /** Marks of the case on screen: which version of the reading window's they stand on, what was done here since, in which order. */
  let drawn: {
    readonly epoch: number;
    version: number;
    last: typeof noMarks;
    next: number;
    steps: { readonly step: number; readonly change: MarksChange }[];
  } | null = null;
  let painted: { readonly epoch: number; readonly studies: Set<string> } | null = null;

  const onScreen = (): number | null => {
    const { view } = state.getState();
    return view.show === 'empty' ? null : view.epoch;
  };
  const post = (message: FromImageWindow): void => port?.postMessage(message);

  function look(): void {
    const view = followedView(following, now());
    const epoch = view.show === 'empty' ? null : view.epoch;
    const before = state.getState();
    const known = held !== null && held.epoch === epoch;
    const opened = known && held !== null ? { epoch: held.epoch, detail: held.detail, live: held.live } : null;
    if ((drawn?.epoch ?? null) !== epoch) {
      drawn = epoch === null ? null : { epoch, version: 0, last: noMarks, next: 1, steps: [] };
      painted = epoch === null ? null : { epoch, studies: new Set() };
      marks.begin(epoch);
      coverage.begin(epoch);
    }
    const sameView = JSON.stringify(before.view) === JSON.stringify(view);
    const sameCase = before.opened?.detail === opened?.detail && before.opened?.live === opened?.live;
    if (!sameView || !sameCase)
      state.setState({
        view: sameView ? before.view : view,
        opened: sameCase ? before.opened : opened,
        ...(sameView ? {} : { words: null }),
      });
  }

  function put(): void {
    if (port === null) return;
    const epoch = onScreen();
    question += 1;
    askedAt = now();
    following = ask(following, question, askedAt);
    post({
      type: 'ask',
      question,
      load,
      detail: held !== null && held.epoch === epoch ? held.version : 0,
      marks: drawn?.version ?? 0,
      epoch,
      steps: drawn?.steps ?? [],
      compared: [...(painted?.studies ?? [])],
      active: isActive,
      place: parts.placeNow(),
    });
    isActive = false;
  }

  function takeMarks(
    epoch: number,
    told: NonNullable<Extract<ReadingWindowTelling['says'], { kind: 'case' }>['marks']>,
  ) {
    if (drawn === null || drawn.epoch !== epoch) return;
    drawn.version = told.version;
    drawn.steps = drawn.steps.filter((one) => one.step > told.taken);
    const all = drawn.steps.reduce((before, { change }) => withChange(before, change), told.all);
    marks.keep(epoch, told.keeping);
    if (marksChange(drawn.last, all) === null) return;
    drawn.last = all;
    marks.put(epoch, 'window', all);
  }

  function takeTelling(telling: ReadingWindowTelling): void {
    const { main, turn, answers, says } = telling;
    const said = says.kind === 'case' ? ({ kind: 'case', epoch: says.context.epoch } as const) : says;
    following = hear(following, { main, turn, answers, says: said }, now());
    if (says.kind === 'case' && says.detail !== null) {
      const { whole, live, version } = says.detail;
      const { epoch } = says.context;
      // The words of one case under the name of another are those of neither.
      const isWhole = whole.context.epoch === epoch && stillNames(whole.context, says.context);
      if (isWhole && live.taskId === whole.context.taskId) held = { epoch, version, detail: whole, live };
    }
    look();
    if (says.kind === 'case' && says.marks !== null) takeMarks(says.context.epoch, says.marks);
    const { screens, number, silent, asOf } = telling;
    const before = state.getState();
    if (before.screens !== screens || before.number !== number || before.silent !== silent || before.asOf !== asOf)
      state.setState({ screens, number, silent, asOf });
    const { view } = state.getState();
    if (answers === null || (view.show === 'empty' && view.why === 'changing')) put();
  }

  function take(message: FromReadingWindow): void {
    switch (message.type) {
      case 'welcome': {
        const { token, window, reader } = message;
        state.setState({ session: { token, window, reader } });
        put();
        return;
      }
      case 'telling':
        takeTelling(message);
        return;
      case 'command':
        if (message.epoch === shown())
          for (const listener of [...commandListeners]) listener(message.command as CaseCommand);
        return;
      case 'seen':
        if (message.epoch === onScreen() && !addsNothing(coverage.state.getState().coverage, message.coverage))
          coverage.put(message.epoch, 'window', message.coverage);
        return;
      case 'run':
        if (message.epoch === shown()) for (const listener of [...runListeners]) listener(message.command);
        return;
      case 'words':
        state.setState({ words: message.words });
        return;
      case 'end':
        following = farewell(following, message.main);
        look();
        if (message.close) page.close();
        return;
      default:
        message satisfies never;
    }
  }

  /** The case that stands uncovered on this screen. */
  const shown = (): number | null => {
    const { view } = state.getState();
    return view.show === 'images' ? view.epoch : null;
  };

  function hello(): void {
    port?.close();
    helloAt = now();
    const channel = new MessageChannel();
    port = channel.port1;
    const mine = port;
    port.onmessage = ({ data }: MessageEvent) => {
      const message = fromReadingWindowSchema.safeParse(data);
      if (mine === port && message.success) take(message.data);
    };
    opener.postMessage({ overread: 'image-window', window: parts.id }, parts.origin, [channel.port2]);
  }

  function tick(): void {
    // The reading window was closed: nothing can ever be shown here again.
    if (opener.closed) page.close();
    look();
    const { view } = state.getState();
    const isSilent = view.show !== 'images' && view.why === 'silent';
    if (isSilent && now() - helloAt >= helloEvery) hello();
    else if (now() - askedAt >= askEvery) put();
  }

  const stopMarks = marks.state.subscribe((after) => {
    if (drawn === null || after.epoch !== drawn.epoch || after.from !== 'images') return;
    const change = marksChange(drawn.last, after.marks);
    if (change === null) return;
    drawn.last = after.marks;
    drawn.steps.push({ step: drawn.next, change });
    drawn.next += 1;
    put();
  });
  /** All of it each time, so that one that is lost is made good by the next. */
  let seenTimer: ReturnType<typeof setTimeout> | null = null;
  const stopCoverage = coverage.state.subscribe(() => {
    seenTimer ??= setTimeout(() => {
      seenTimer = null;
      const { epoch, coverage: all, studies } = coverage.state.getState();
      if (epoch === null || studies === null || epoch !== onScreen()) return;
      post({ type: 'seen', epoch, coverage: all, studies });
    }, seenEvery);
  });
  const onHand = (): void => {
    isActive = true;
  };
  const onLeave = (): void => post({ type: 'gone' });
  const hands = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
  for (const kind of hands) page.addEventListener(kind, onHand, { capture: true, passive: true });
  page.addEventListener('pagehide', onLeave);
  // A window that lay beneath others may have missed its timers: before it is looked at it looks at the time.
  page.document.addEventListener('visibilitychange', tick);
  const timer = setInterval(tick, lookEvery);
  tick();

  return {
    state,
    marks,
    coverage,
    onCommand: (listener) => {
      commandListeners.add(listener);
      return () => commandListeners.delete(listener);
    },
    onRun: (listener) => {
      runListeners.add(listener);
      return () => runListeners.delete(listener);
    },
    insert: (measurement, epoch) => {
      if (epoch === shown()) post({ type: 'insert', epoch, measurement });
    },
    compared: (studyUid, epoch) => {
      if (painted === null || painted.epoch !== epoch || painted.studies.has(studyUid)) return;
      painted.studies.add(studyUid);
      put();
    },
    run: (command) => post({ type: 'run', command }),
    noteActivity: onHand,
    stop: () => {
      clearInterval(timer);
      stopMarks();
      stopCoverage();
      if (seenTimer !== null) clearTimeout(seenTimer);
      for (const kind of hands) page.removeEventListener(kind, onHand, { capture: true });
      page.removeEventListener('pagehide', onLeave);
      page.document.removeEventListener('visibilitychange', tick);
      onLeave();
      port?.close();
    },
  };
}
