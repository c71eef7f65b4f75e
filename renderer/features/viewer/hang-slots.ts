import type {
  DisplayWindow,
  HangingCase,
  HangingSlot,
  PriorDescription,
  StudyDescription,
} from '../../../shared/domain/hanging/index.ts';
import type { CaseImages, Window } from '../../imaging/index.ts';
import { type CaseStudy, type Display, firstSlice, type Hung } from './hung.ts';
import type { PriorSource } from './use-studies.ts';
import { firstWindow, presetWindow } from './window-presets.ts';

export function described({ images }: CaseStudy): StudyDescription {
  return {
    studyUid: images.studyUid,
    modalities: [],
    ...images.traits,
    series: images.series.map((series) => series.hanging),
  };
}

/** What the rules are asked about. An exam that is read together with this one is no prior, and hangs by hand alone. */
export function hangingCase(
  current: CaseStudy,
  priors: readonly CaseStudy[],
  sources: readonly PriorSource[],
  screens: number,
): HangingCase {
  return {
    current: described(current),
    priors: sources.flatMap((source): readonly PriorDescription[] => {
      if (source.linked === true) return [];
      const here = priors.find((one) => one.images.studyUid === source.studyUid);
      if (here !== undefined) return [{ ...described(here), label: source.label }];
      if (source.listed === undefined) return [];
      return [{ studyUid: source.studyUid, ...source.listed, procedure: [], series: null, label: source.label }];
    }),
    screens,
  };
}

function figures(window: DisplayWindow | null, modality: string): Window | null {
  if (window === null) return null;
  if (!('preset' in window)) return window;
  return modality === 'CT' ? presetWindow(window.preset) : null;
}

/** What is remembered of a series while the reader is signed in. */
export type ShownBefore = {
  window(seriesUid: string, windowName: string): Window | null;
  /** 0-based. */
  slice(seriesUid: string): number | null;
};

/** A box of a rule as a viewport hangs it: only in the very study and series; null where that is not (or no more) there. */
export function hungOfSlot(
  slot: HangingSlot,
  images: CaseImages,
  studies: readonly CaseStudy[],
  before: ShownBefore,
): Hung | null {
  const study = studies.find(
    (one) => one.images.studyUid === slot.studyUid && (slot.of === 'current') === (one.prior === null),
  );
  const series = study?.images.series.find((one) => one.seriesUid === slot.seriesUid && one.frames.length > 0);
  if (study === undefined || series === undefined) return null;
  const own = slot.instanceUid === null ? -1 : series.frames.findIndex((one) => one.instanceUid === slot.instanceUid);
  if (slot.instanceUid !== null && own === -1) return null;
  const windowName = slot.window === null ? '' : JSON.stringify(slot.window);
  const display: Display = {
    window: before.window(series.seriesUid, windowName) ?? figures(slot.window, series.modality) ?? firstWindow(series),
    windowName,
    invert: slot.invert,
    flip: slot.flip,
    size: slot.size,
    justification: slot.justification,
    because: slot.because,
  };
  const index =
    own === -1 ? Math.min(before.slice(series.seriesUid) ?? firstSlice(series), series.frames.length - 1) : own;
  return { images, study, series, index, plane: slot.plane, display };
}

/** Whether a viewport shows already what is to hang there: then it is left alone, at the slice where it stands. */
export function hangsAlready(here: Hung | null, wanted: Hung | null): boolean {
  if (here === null || wanted === null) return here === wanted;
  const stack = wanted.series.hanging.instances.length === 0;
  return (
    here.series === wanted.series &&
    here.study === wanted.study &&
    here.plane === wanted.plane &&
    (stack || here.index === wanted.index) &&
    JSON.stringify({ ...here.display, window: null }) === JSON.stringify({ ...wanted.display, window: null })
  );
}
