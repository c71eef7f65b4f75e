import type { PrefetchView } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { ok } from '../../shared/lib/result.ts';
import type { CaseState, CaseStore } from '../case/index.ts';
import type { askFirstImages, RuleKeeper } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';
import { begunAnswers } from '../imaging/begun-answers.ts';
import { hasNoGraphics } from '../imaging/has-no-graphics.ts';
import type { Imaging, StudyImages, Window } from '../imaging/index.ts';
import { type PixelPool, startedPool } from '../imaging/pixel-pool.ts';
import { createHangingRules } from './hanging-rules.ts';
import { onceAtRest } from './once-at-rest.ts';
import { rememberAhead } from './remember-ahead.ts';
import type { ImagesAre } from './use-images-first.ts';

/**
 * The drawing engine and the viewer over it: loaded together, so that who has the one waits for nothing. (A component that React loads by
 * itself shows what stands in its place for 300 ms, loaded or not.)
 */
export type ImageRoom = {
  readonly imaging: Imaging;
  readonly Viewer: Awaited<ReturnType<typeof viewerParts>>['Viewer'];
};

/** Named one by one: asked for as a whole, the bundler would put it and all of Cornerstone into the first chunk. */
async function viewerParts() {
  const { Viewer, rehearseViewer, askFirstImages } = await import('../features/viewer/index.ts');
  return { Viewer, rehearseViewer, askFirstImages };
}

/** The window's one drawing engine: made at the first case, outside React, and kept for the life of the window. */
export type ImagingSlot = {
  get(): Promise<ImageRoom>;
  /** What is already made, without making it. */
  peek(): ImageRoom | null;
  /** Windows that the reader gave to series, by their UIDs; gone when she signs out. */
  readonly windows: Map<string, Window>;
  readonly rules: RuleKeeper;
  /**
   * The list stands and nothing is asked of the page: what draws is loaded before the first case is opened, and tried once. Answers how to
   * leave it undone; what fails here is told when a case asks for it.
   */
  warm(): () => void;
  /** What the host has fetched ahead: which series a study is known to have. */
  know(ahead: PrefetchView | null, siteOf: (taskId: TaskId) => string | null): void;
  /** What stands for what this window remembers of a case, to be told at its opening; undefined where it remembers nothing. */
  rememberedPrint(taskId: TaskId): string | undefined;
  /** Where a study's images are: on this machine as far as is known, or not. */
  where(studyUid: string): Exclude<ImagesAre, 'none'>;
  /**
   * Asks for the study of each case as soon as it is open, a moment before its screen stands, where this window shows images. Answers how
   * to end that.
   */
  follow(cases: CaseStore, imagesHere: () => boolean): () => void;
  /** Somebody signed in: her rules are asked for before she opens a case. */
  begin(): void;
  /** She signed out: nothing of hers is left for the next one. */
  end(): void;
};

/** Milliseconds that the loading of what draws waits for a silent archive. */
const longestAsking = 150;
/** Bytes of decoded images that are remembered of a study before it is opened. */
const mostRememberedBytes = 32 * 1024 * 1024;

export function createImagingSlot(host: HostClient): ImagingSlot {
  const answers = begunAnswers(host.dicomwebFetch, host.session.windowId);
  let asking = Promise.resolve();
  let made: ImageRoom | null = null;
  let making: Promise<ImageRoom> | null = null;
  let pool: PixelPool | null = null;
  /** Before the program that gives them work: their own is loaded meanwhile, on another processor. */
  const workers = (): PixelPool => {
    pool ??= startedPool();
    return pool;
  };
  const rehearsal = onceAtRest();
  /** Whose description has come, and whose first images are on their way. */
  let described: string | null = null;
  const make = async (): Promise<ImageRoom> => {
    // Cornerstone is not in the first chunk: the list stands before it is asked for.
    // Loading holds up the page: what an opened case asks of its archive goes first, and is on its way meanwhile.
    await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, longestAsking))]);
    const viewer = viewerParts();
    viewer.catch(() => undefined);
    const useCpu = workers()
      .hasNoGraphics()
      .then((none) => none ?? hasNoGraphics());
    const { createImaging } = await import('../imaging/index.ts');
    const { Viewer } = await viewer;
    const imaging = await createImaging({
      fetchArchive: answers.fetch,
      sessionHeaders: host.headers,
      useCpu: await useCpu,
      windowId: host.session.windowId,
      pool: workers(),
    });
    made = { imaging, Viewer };
    remembered.know(ahead);
    return made;
  };
  const remembered = rememberAhead({
    host,
    take: async (taskId, allowed, signal) => {
      if (made === null) return false;
      const [taken, { askFirstImages }] = await Promise.all([
        made.imaging.rememberStudy({ taskId, ...allowed }, signal),
        viewerParts(),
      ]);
      if (taken === null) return false;
      askFirstImages(taken.images, taken.study, { rules, siteId: siteOf(taskId), most: mostRememberedBytes });
      return true;
    },
    keep: (isKept) => made?.imaging.keepRemembered(isKept),
    now: () => Date.now(),
  });
  const windows = new Map<string, Window>();
  const rules = createHangingRules(host);
  let ahead: PrefetchView | null = null;
  let siteOf: (taskId: TaskId) => string | null = () => null;
  const aheadOf = (studyUid: string) => ahead?.studies.find((one) => one.studyUid === studyUid)?.series ?? [];
  const isHere = (studyUid: string): boolean => {
    const series = aheadOf(studyUid);
    return ahead?.state === 'local' || (series.length > 0 && series.every((one) => one.state === 'here'));
  };
  const get = (): Promise<ImageRoom> => {
    making ??= make().catch((reason: unknown) => {
      // A chunk that did not come (host restarted, newer build) may come the next time.
      making = null;
      throw reason;
    });
    return making;
  };
  /** Its study is described and its first images are asked for. */
  function askFor(cases: CaseStore, { epoch, detail }: Extract<CaseState, { kind: 'open' }>): void {
    const { context, study, order, row, rememberedStands } = detail;
    described = null;
    if (study === null) return;
    const { archive, studyUid } = study;
    const signal = cases.signalOf(epoch);
    const siteId = order?.site?.id ?? row.site?.id ?? null;
    const likely = aheadOf(studyUid).map((one) => one.seriesUid);
    const show = (answer: StudyImages, { imaging }: ImageRoom, ask: typeof askFirstImages): void => {
      const images = imaging.images(epoch);
      if (images === null) return;
      described = studyUid;
      ask(images, answer, { rules, siteId });
    };
    const expect = (room: ImageRoom) => {
      const onFirst = (first: StudyImages): void =>
        void viewerParts().then(
          (parts) => show(first, room, parts.askFirstImages),
          // A chunk that did not come is told by the screen that needs it.
          () => undefined,
        );
      // What is on this machine is described sooner than one image could be asked for.
      const more = isHere(studyUid) ? { likely } : { likely, onFirst };
      return room.imaging.expectStudy(context, archive, studyUid, signal, more);
    };
    const known =
      made === null || rememberedStands === undefined
        ? null
        : made.imaging.openRemembered(context, archive, studyUid, rememberedStands, signal);
    if (known === null) remembered.forget(context.taskId);
    if (made === null) asking = answers.begin(context, archive, studyUid, signal);
    // What is made already asks in this very step: the screen of the case is built in the next.
    const asked = known !== null ? ok(known) : made === null ? get().then(expect) : expect(made);
    void Promise.all([asked, get(), viewerParts()]).then(
      ([answer, room, parts]) => {
        if (answer.ok) show(answer.value, room, parts.askFirstImages);
      },
      // A chunk that did not come is told by the screen that needs it.
      () => undefined,
    );
  }
  return {
    windows,
    rules,
    warm: () => {
      const loaded = requestIdleCallback(() => {
        Promise.all([get(), viewerParts()]).then(
          ([{ imaging }, { rehearseViewer }]) => rehearsal.plan(() => void rehearseViewer(imaging)),
          () => undefined,
        );
      });
      return () => {
        cancelIdleCallback(loaded);
        rehearsal.drop();
      };
    },
    follow: (cases, imagesHere) => {
      const opened = (now: CaseState, before: CaseState): void => {
        if (now.kind === 'opening') {
          rehearsal.drop();
          remembered.pause(now.taskId);
        }
        if (now.kind === 'open' && (before.kind !== 'open' || before.epoch !== now.epoch) && imagesHere())
          askFor(cases, now);
      };
      // The case of an address may be open before anybody looked.
      opened(cases.state.getState(), { kind: 'none' });
      return cases.state.subscribe(opened);
    },
    where: (studyUid) => (made === null ? 'undrawn' : isHere(studyUid) || described === studyUid ? 'here' : 'afar'),
    know: (view, site) => {
      ahead = view;
      siteOf = site;
      // What draws is not loaded for this.
      if (made !== null) remembered.know(view);
    },
    rememberedPrint: (taskId) => made?.imaging.rememberedPrint(taskId) ?? undefined,
    begin: () => void rules.load(),
    end: () => {
      windows.clear();
      rules.clear();
      ahead = null;
      remembered.end();
    },
    peek: () => made,
    get,
  };
}
