import type { CaseStore } from '../case/index.ts';
import type { RuleKeeper } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';
import type { Imaging, Window } from '../imaging/index.ts';
import { createHangingRules } from './hanging-rules.ts';

/** The window's one drawing engine: made at the first case, outside React, and kept for the life of the window. */
export type ImagingSlot = {
  get(): Promise<Imaging>;
  /** What is already made, without making it. */
  peek(): Imaging | null;
  /** Windows that the reader gave to series, by their UIDs; gone when she signs out. */
  readonly windows: Map<string, Window>;
  readonly rules: RuleKeeper;
  /**
   * The list stands and nothing is asked of the page: what draws and what writes is loaded before the first case is opened. Answers how
   * to leave it undone; what fails here is told when a case asks for it.
   */
  warm(): () => void;
  /** Asks for the study of each case as soon as it is open, a moment before its screen stands. Answers how to end that. */
  follow(cases: CaseStore): () => void;
  /** Somebody signed in: her rules are asked for before she opens a case. */
  begin(): void;
  /** She signed out: nothing of hers is left for the next one. */
  end(): void;
};

export function createImagingSlot(host: HostClient): ImagingSlot {
  let made: Imaging | null = null;
  let making: Promise<Imaging> | null = null;
  const make = async (): Promise<Imaging> => {
    // Cornerstone is not in the first chunk: the list stands before it is asked for.
    const { createImaging } = await import('../imaging/index.ts');
    made = await createImaging({
      fetchArchive: host.dicomwebFetch,
      sessionHeaders: host.headers,
      useCpu: 'auto',
      windowId: host.session.windowId,
    });
    return made;
  };
  const windows = new Map<string, Window>();
  const rules = createHangingRules(host);
  const get = (): Promise<Imaging> => {
    making ??= make().catch((reason: unknown) => {
      // A chunk that did not come (host restarted, newer build) may come the next time.
      making = null;
      throw reason;
    });
    return making;
  };
  return {
    windows,
    rules,
    warm: () => {
      const asked = requestIdleCallback(() => {
        const loading = [get(), import('../features/viewer/index.ts'), import('../features/report/index.ts')];
        for (const one of loading) one.catch(() => undefined);
      });
      return () => cancelIdleCallback(asked);
    },
    follow: (cases) =>
      cases.state.subscribe((now, before) => {
        if (now.kind !== 'open' || (before.kind === 'open' && before.epoch === now.epoch)) return;
        const { context, study } = now.detail;
        if (study !== null) made?.expectStudy(context, study.archive, study.studyUid, cases.signalOf(now.epoch));
      }),
    begin: () => void rules.load(),
    end: () => {
      windows.clear();
      rules.clear();
    },
    peek: () => made,
    get,
  };
}
