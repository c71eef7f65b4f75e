import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type FromImageWindow,
  type FromReadingWindow,
  fromImageWindowSchema,
  helloSchema,
  type SentCommand,
  type WindowPlace,
  type WorklistRow,
} from '../../../shared/api/index.ts';
import { type CaseCoverage, nothingSeen } from '../../../shared/domain/coverage/index.ts';
import { withChange } from '../../../shared/domain/measurement/index.ts';
import type { Silent, TaskId } from '../../../shared/domain/reading/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { CaseStore } from '../../case/index.ts';
import type { SessionStore } from '../../host/index.ts';

/** What an image window may ask the reading window to do, by the id of its command. Everything else is not run. */
export const commandsFromWindows: ReadonlySet<string> = new Set([
  'app.next-study',
  'app.lock',
  'report.sign-preliminary',
  'report.sign-final',
  'report.findings',
  'report.impression',
  'case.return',
  'images.save-marks',
]);

/** An image window that has not asked for so long, in milliseconds, is not counted: nothing of the case is on it. */
const silentAfter = 5_000;
const lookEvery = 1_000;
/** Milliseconds between two tellings of all that was seen, which may be long. */
const seenEvery = 1_500;

export type OpenWindow = {
  readonly id: string;
  /** Null where the browser does not give its window. */
  readonly page: WindowProxy | null;
};

export type WindowsHub = {
  /** Image windows that answer, the longest first. */
  readonly open: StoreApi<readonly OpenWindow[]>;
  /** What the case store does not know of the screen. */
  setAround(around: { readonly locked: boolean; readonly silent: Silent; readonly asOf: Instant | null }): void;
  /** Whether this window shows images too; only then it is counted among the screens. */
  setImagesHere(here: boolean): void;
  /** Runs a command of this window by its id and says in words what came of it. */
  setRun(run: ((command: string) => string) | null): void;
  /** To the image window that was used last; false where there is none. */
  send(command: SentCommand): boolean;
  runThere(command: string): boolean;
  stop(): void;
};

type Connection = {
  readonly id: string;
  readonly port: MessagePort;
  readonly page: WindowProxy | null;
  heardAt: number;
  usedAt: number;
  /** Steps of marks that were taken from this loading of the window for this case. */
  steps: { readonly load: string; readonly epoch: number; readonly taken: number } | null;
  /** What it was last told of what was seen, and when. */
  seen: { readonly load: string; readonly coverage: CaseCoverage; readonly at: number } | null;
};

/**
 * The reading window's end of all image windows: it alone writes, they ask. Each question is answered with what is so at that moment; a
 * change is told at once, so that they take away what is no longer so.
 */
export function createWindowsHub(parts: {
  readonly page: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  readonly origin: string;
  readonly caseStore: CaseStore;
  readonly rows: {
    get(taskId: TaskId): WorklistRow | undefined;
    subscribe(listener: () => void): () => void;
  };
  readonly session: Pick<SessionStore, 'token' | 'windowId'>;
  readonly reader: string;
  readonly noteActivity: () => void;
  readonly onPlace: (id: string, place: WindowPlace) => void;
  readonly now: () => number;
  readonly newId: () => string;
}): WindowsHub {
  const { caseStore, now } = parts;
  const { marks } = caseStore;
  const main = parts.newId();
  const open = createStore<readonly OpenWindow[]>(() => []);
  const connections = new Map<string, Connection>();
  let around: Parameters<WindowsHub['setAround']>[0] = { locked: false, silent: null, asOf: null };
  let run: ((command: string) => string) | null = null;
  let imagesHere = true;
  let turn = 1;
  let detailVersion = 1;
  let marksVersion = 1;
  let told: { readonly detail: unknown; readonly live: unknown } = { detail: null, live: null };
  /** Comparisons that were told of, of which case. */
  let compared: { readonly epoch: number; readonly studies: Set<string> } | null = null;

  const openCase = () => {
    const state = caseStore.state.getState();
    return state.kind === 'open' ? state : null;
  };
  const liveOf = (): WorklistRow | null => {
    const state = openCase();
    return state === null ? null : (parts.rows.get(state.detail.context.taskId) ?? state.detail.row);
  };
  const post = (connection: Connection, message: FromReadingWindow): void => connection.port.postMessage(message);
  const counted = (): readonly Connection[] =>
    [...connections.values()].filter((one) => now() - one.heardAt < silentAfter);

  function says(
    holds: { readonly connection: Connection; readonly asked: Extract<FromImageWindow, { type: 'ask' }> } | null,
  ): Extract<FromReadingWindow, { type: 'telling' }>['says'] {
    const state = caseStore.state.getState();
    const opened = openCase();
    if (around.locked) return { kind: 'locked', epoch: opened?.epoch ?? null };
    if (state.kind === 'opening') return { kind: 'opening' };
    const live = liveOf();
    if (opened === null || live === null) return { kind: 'no-case' };
    const { detail, epoch } = opened;
    const kept = marks.state.getState();
    const asked = holds?.asked ?? null;
    const has = asked?.epoch === epoch;
    return {
      kind: 'case',
      context: detail.context,
      // Words of the report stay where they are written.
      detail:
        asked === null || (has && asked.detail === detailVersion)
          ? null
          : { version: detailVersion, whole: { ...detail, draft: null }, live },
      marks:
        asked === null || kept.epoch !== epoch || (has && asked.marks === marksVersion)
          ? null
          : {
              version: marksVersion,
              all: kept.marks,
              keeping: kept.keeping,
              taken: takenOf(holds?.connection ?? null, asked.load, epoch),
            },
    };
  }

  function takenOf(connection: Connection | null, load: string, epoch: number): number {
    const steps = connection?.steps ?? null;
    return steps !== null && steps.load === load && steps.epoch === epoch ? steps.taken : 0;
  }

  function tell(connection: Connection, asked: Extract<FromImageWindow, { type: 'ask' }> | null): void {
    const all = counted();
    const offset = imagesHere ? 1 : 0;
    post(connection, {
      type: 'telling',
      main,
      turn,
      answers: asked?.question ?? null,
      says: says(asked === null ? null : { connection, asked }),
      screens: Math.min(16, Math.max(1, all.length + offset)),
      number: Math.min(16, Math.max(0, all.indexOf(connection)) + offset),
      silent: around.silent,
      asOf: around.asOf,
    });
  }

  function changed(): void {
    const detail = openCase()?.detail ?? null;
    const live = liveOf();
    if (detail !== told.detail || live !== told.live) {
      detailVersion += 1;
      told = { detail, live };
    }
    turn += 1;
    for (const connection of connections.values()) tell(connection, null);
  }

  function takeSteps(connection: Connection, asked: Extract<FromImageWindow, { type: 'ask' }>): void {
    const kept = marks.state.getState();
    const { epoch } = asked;
    if (epoch === null || kept.epoch !== epoch || openCase()?.epoch !== epoch) return;
    let taken = takenOf(connection, asked.load, epoch);
    let all = kept.marks;
    for (const { step, change } of asked.steps) {
      // One after the other: a step that is missing comes again with the next question.
      if (step !== taken + 1) continue;
      all = withChange(all, change);
      taken = step;
    }
    connection.steps = { load: asked.load, epoch, taken };
    if (all !== kept.marks) marks.put(epoch, 'window', all);
  }

  function takeComparisons(asked: Extract<FromImageWindow, { type: 'ask' }>): void {
    const opened = openCase();
    if (opened === null || asked.epoch !== opened.epoch) return;
    if (compared?.epoch !== opened.epoch) compared = { epoch: opened.epoch, studies: new Set() };
    const priors = new Set<string>(opened.detail.priors.map((prior) => prior.study.studyUid));
    for (const studyUid of asked.compared) {
      if (compared.studies.has(studyUid) || !priors.has(studyUid)) continue;
      compared.studies.add(studyUid);
      caseStore.publish({ type: 'comparison-opened', studyUid, epoch: opened.epoch });
    }
  }

  /** What was seen elsewhere, or before a reload, counts in the image window too: its marks and its way to the next unseen slice go by it. */
  function tellSeen(connection: Connection, asked: Extract<FromImageWindow, { type: 'ask' }>): void {
    const { epoch, coverage } = caseStore.coverage.state.getState();
    if (epoch === null || around.locked || asked.epoch !== epoch || openCase()?.epoch !== epoch) return;
    const last = connection.seen?.load === asked.load ? connection.seen : null;
    if (last === null ? coverage === nothingSeen : last.coverage === coverage || now() - last.at < seenEvery) return;
    connection.seen = { load: asked.load, coverage, at: now() };
    post(connection, { type: 'seen', main, epoch, coverage });
  }

  function recount(): void {
    const all = counted();
    const before = open.getState();
    if (all.length === before.length && all.every((one, index) => before[index]?.id === one.id)) return;
    open.setState(
      all.map(({ id, page }) => ({ id, page })),
      true,
    );
  }

  function heard(connection: Connection, message: FromImageWindow): void {
    connection.heardAt = now();
    switch (message.type) {
      case 'ask':
        if (message.active) {
          connection.usedAt = now();
          // A locked screen is not kept from ending by a hand on the cover of another one.
          if (!around.locked) parts.noteActivity();
        }
        takeSteps(connection, message);
        takeComparisons(message);
        recount();
        parts.onPlace(connection.id, message.place);
        tell(connection, message);
        tellSeen(connection, message);
        return;
      case 'run':
        if (around.locked || run === null || !commandsFromWindows.has(message.command)) return;
        parts.noteActivity();
        post(connection, { type: 'words', main, words: run(message.command).slice(0, 400) });
        return;
      case 'insert': {
        const { measurement, epoch } = message;
        const taken = caseStore.publish({ type: 'measurement', measurement, epoch });
        const words = taken ? `${measurement.text} went to the report.` : 'That case is not open any more.';
        post(connection, { type: 'words', main, words: words.slice(0, 400) });
        return;
      }
      case 'seen': {
        const { epoch, coverage, studies } = message;
        if (openCase()?.epoch !== epoch) return;
        // What this window knows of the studies by its own images stands; without images here theirs is all that is known.
        if (!imagesHere || caseStore.coverage.state.getState().studies === null)
          caseStore.coverage.know(epoch, studies);
        caseStore.coverage.put(epoch, 'window', coverage);
        return;
      }
      case 'gone':
        drop(connection);
        return;
      default:
        message satisfies never;
    }
  }

  function drop(connection: Connection): void {
    connection.port.close();
    if (connections.get(connection.id) === connection) connections.delete(connection.id);
    recount();
  }

  const onHello = (event: MessageEvent): void => {
    const hello = helloSchema.safeParse(event.data);
    const [port] = event.ports;
    const token = parts.session.token();
    if (event.origin !== parts.origin || !hello.success || port === undefined || token === null) return;
    const id = hello.data.window;
    const before = connections.get(id);
    if (before !== undefined) drop(before);
    const page = event.source !== null && 'closed' in event.source ? event.source : null;
    const connection: Connection = { id, port, page, heardAt: 0, usedAt: 0, steps: before?.steps ?? null, seen: null };
    connections.set(id, connection);
    port.onmessage = ({ data }: MessageEvent) => {
      const message = fromImageWindowSchema.safeParse(data);
      if (message.success && connections.get(id) === connection) heard(connection, message.data);
    };
    post(connection, { type: 'welcome', main, token, window: parts.session.windowId, reader: parts.reader });
  };
  const end = (close: boolean): void => {
    for (const connection of [...connections.values()]) {
      post(connection, { type: 'end', main, close });
      drop(connection);
    }
  };
  const onLeave = (): void => end(false);
  parts.page.addEventListener('message', onHello);
  parts.page.addEventListener('pagehide', onLeave);
  const stops = [
    caseStore.state.subscribe(changed),
    marks.state.subscribe(() => {
      marksVersion += 1;
      changed();
    }),
    parts.rows.subscribe(() => {
      if (liveOf() !== told.live) changed();
    }),
  ];
  const timer = setInterval(recount, lookEvery);
  const lastUsed = (): { connection: Connection; epoch: number } | null => {
    const [first] = counted().toSorted((one, other) => other.usedAt - one.usedAt);
    const epoch = openCase()?.epoch;
    return first === undefined || epoch === undefined || around.locked ? null : { connection: first, epoch };
  };

  return {
    open,
    setAround: (next) => {
      if (next.locked === around.locked && next.silent === around.silent && next.asOf === around.asOf) return;
      const lockedBefore = around.locked;
      around = next;
      // When the list was last confirmed goes with the next answer; only the lock cannot wait.
      if (lockedBefore !== next.locked) changed();
    },
    setImagesHere: (here) => {
      imagesHere = here;
    },
    setRun: (next) => {
      run = next;
    },
    send: (command) => {
      const last = lastUsed();
      if (last === null) return false;
      post(last.connection, { type: 'command', main, epoch: last.epoch, command });
      return true;
    },
    runThere: (command) => {
      const last = lastUsed();
      if (last === null) return false;
      post(last.connection, { type: 'run', main, epoch: last.epoch, command });
      return true;
    },
    stop: () => {
      clearInterval(timer);
      for (const stop of stops) stop();
      parts.page.removeEventListener('message', onHello);
      parts.page.removeEventListener('pagehide', onLeave);
      end(true);
    },
  };
}
