import { useCallback, useEffect, useRef, useState } from 'react';
import type { ViewerLayout } from '../../case/index.ts';
import { acquiredSeries, type CaseImages, type SeriesImages, type ViewportHandle } from '../../imaging/index.ts';
import type { ShownBefore } from './hang-slots.ts';
import { asAcquired, type CaseStudy, firstSlice, type Hung, mostSlots, slotsOf } from './hung.ts';
import type { StudiesState } from './use-studies.ts';
import { firstWindow } from './window-presets.ts';

export type Slots = {
  readonly layout: ViewerLayout;
  readonly setLayout: (layout: ViewerLayout) => void;
  /** The same, asked by the reader: no rule hangs over it. */
  readonly changeLayout: (layout: ViewerLayout) => void;
  /** Viewports on screen. */
  readonly count: number;
  /** The viewport that keys act on. */
  readonly chosen: number;
  readonly activate: (slot: number) => void;
  /** One for each possible viewport, also those that the layout does not show now. */
  readonly hung: readonly (Hung | null)[];
  readonly setHung: React.Dispatch<React.SetStateAction<readonly (Hung | null)[]>>;
  readonly handles: readonly (ViewportHandle | null)[];
  readonly handle: ViewportHandle | null;
  readonly active: Hung | null;
  /** Viewports on screen, beside the chosen one, in which the same series hangs as a stack. */
  readonly besides: readonly ViewportHandle[];
  /** What the reader hangs, or what comes back as she left it. */
  readonly hang: (slot: number, study: CaseStudy, series: SeriesImages, index?: number) => void;
  readonly opened: (slot: number, handle: ViewportHandle | null) => void;
  moveSeries(by: number): void;
  nextPrior(): void;
  /** Beside the exam that is read, as soon as its series are known. */
  hangPrior(studyUid: string): void;
};

const empty: readonly null[] = Array.from({ length: mostSlots }, () => null);

/** Which series hangs in which viewport. */
export function useSlots(
  images: CaseImages | null,
  { current, priors }: Pick<StudiesState, 'current' | 'priors'>,
  before: ShownBefore,
  parts: { readonly onByHand: () => void },
): Slots {
  const [layout, setLayout] = useState<ViewerLayout>('1x1');
  const [wished, activate] = useState(0);
  const [hung, setHung] = useState<readonly (Hung | null)[]>(empty);
  const [handles, setHandles] = useState<readonly (ViewportHandle | null)[]>(empty);
  /** A prior that was asked for and is not here yet. */
  const [wanted, setWanted] = useState<string | null>(null);
  const latest = useRef(parts);
  latest.current = parts;

  const count = slotsOf(layout);
  const chosen = Math.min(wished, count - 1);
  const active = hung[chosen] ?? null;

  const hang = useCallback(
    (slot: number, study: CaseStudy, series: SeriesImages, index: number = firstSlice(series)): void => {
      if (images === null || series.frames.length === 0) return;
      images.stream(series, 'front');
      const window = before.window(series.seriesUid, '') ?? firstWindow(series);
      const display = window === null ? null : { ...asAcquired, window };
      setHung((there) =>
        there.map((one, at) => (at === slot ? { images, study, series, index, plane: 'stack', display } : one)),
      );
    },
    [images, before],
  );
  const opened = useCallback(
    (slot: number, handle: ViewportHandle | null): void =>
      setHandles((before) => before.map((one, at) => (at === slot ? handle : one))),
    [],
  );

  function hangBeside(prior: CaseStudy): void {
    const modality = current?.images.series.find((series) => series.frames.length > 0)?.modality;
    const shown = prior.images.series.filter((series) => series.frames.length > 0);
    const series = shown.find((one) => one.modality === modality && one.frames.length > 3) ?? shown[0];
    if (series === undefined) return;
    // The prior hangs beside the current study, never in its place.
    const slot = count === 1 ? 1 : chosen === 0 ? 1 : chosen;
    latest.current.onByHand();
    if (count === 1) setLayout('1x2');
    activate(slot);
    hang(slot, prior, series);
  }

  // A prior that was asked for before its series were known hangs as soon as they are.
  const wantedPrior = priors.find((one) => one.images.studyUid === wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it hangs once, when it comes.
  useEffect(() => {
    if (wantedPrior === undefined) return;
    setWanted(null);
    hangBeside(wantedPrior);
  }, [wantedPrior]);

  // What may not be seen any more leaves the screen at once.
  useEffect(() => {
    const here = new Set<CaseStudy>(current === null ? priors : [current, ...priors]);
    setHung((before) =>
      before.some((one) => one !== null && one.study.prior !== null && !here.has(one.study))
        ? before.map((one) => (one === null || one.study.prior === null || here.has(one.study) ? one : null))
        : before,
    );
  }, [current, priors]);

  return {
    layout,
    setLayout,
    changeLayout: (next) => {
      latest.current.onByHand();
      setLayout(next);
    },
    count,
    chosen,
    activate,
    hung,
    setHung,
    handles,
    handle: handles[chosen] ?? null,
    active,
    besides: handles.filter(
      (one, slot): one is ViewportHandle =>
        one !== null && slot < count && slot !== chosen && active !== null && hung[slot]?.series === active.series,
    ),
    hang,
    opened,
    moveSeries(by) {
      if (active === null) return;
      const list = active.study.images.series.filter((series) => series.frames.length > 0);
      const next = list[list.indexOf(acquiredSeries(active.series)) + by];
      if (next === undefined) return;
      latest.current.onByHand();
      hang(chosen, active.study, next);
    },
    nextPrior() {
      const at = active === null ? -1 : priors.indexOf(active.study);
      const prior = priors[(at + 1) % Math.max(1, priors.length)];
      if (prior !== undefined) hangBeside(prior);
    },
    hangPrior(studyUid) {
      const prior = priors.find((one) => one.images.studyUid === studyUid);
      if (prior === undefined) setWanted(studyUid);
      else hangBeside(prior);
    },
  };
}
