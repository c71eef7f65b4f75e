import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type CaseCoverage,
  type ListedSeries,
  mergeCoverage,
  nothingSeen,
} from '../../shared/domain/coverage/index.ts';
import type { BreastImageFacts } from '../../shared/domain/mammography/index.ts';

/** A study that is read here, its own or one read together with it: what can be opened of it. */
export type StudyToRead = {
  readonly studyUid: string;
  /** Series with images, in their order. */
  readonly series: readonly ListedSeries[];
  /** Empty where none is a mammogram. */
  readonly breasts: readonly BreastImageFacts[];
  /** False where the metadata of some series did not come: what they hold is not known. */
  readonly whole: boolean;
};

export type CoverageState = {
  /** The opening of the case that it belongs to; null while none is open. */
  readonly epoch: number | null;
  readonly coverage: CaseCoverage;
  /** Null until the series of the study are known. */
  readonly studies: readonly StudyToRead[] | null;
  /** Who gave the coverage last: the images as they were painted, an image window, or what this computer had kept. */
  readonly from: 'images' | 'window' | 'kept' | null;
};

/**
 * The one place where images, report and this computer's store meet over what was on the screen. A reader's aid: it goes no further than
 * this window and the sealed store. What is given under another epoch than that of the open case is refused.
 */
export type CoverageHolder = {
  readonly state: StoreApi<CoverageState>;
  /** Another case, or none: nothing of the one before is left. */
  begin(epoch: number | null): void;
  /** Added to what is known already: what one window has shown, no other takes back. */
  put(epoch: number, from: 'images' | 'window' | 'kept', coverage: CaseCoverage): boolean;
  know(epoch: number, studies: readonly StudyToRead[]): boolean;
};

const noCaseSeen: CoverageState = { epoch: null, coverage: nothingSeen, studies: null, from: null };

export function createCoverageHolder(): CoverageHolder {
  const state = createStore<CoverageState>(() => noCaseSeen);
  const change = (epoch: number, next: Partial<CoverageState>): boolean => {
    if (state.getState().epoch !== epoch) return false;
    state.setState(next);
    return true;
  };
  return {
    state,
    begin: (epoch) => state.setState({ ...noCaseSeen, epoch }, true),
    put: (epoch, from, coverage) =>
      change(epoch, { from, coverage: mergeCoverage(coverage, state.getState().coverage) }),
    know: (epoch, studies) => change(epoch, { studies }),
  };
}
