import type { DisplayWindow, Screen, ScreenBox } from '../../../../shared/domain/hanging/index.ts';
import { windowNames } from '../../../../shared/domain/hanging/index.ts';
import type { ViewportHandle, ViewportState } from '../../../imaging/index.ts';
import type { CaseStudy, Hung } from '../hung.ts';
import { presetWindow } from '../window-presets.ts';

/** What is on screen, for a rule to be made of it. Exams that are read together are left out: no rule hangs them. */
export function screenOf(
  grid: { readonly rows: number; readonly columns: number },
  hung: readonly (Hung | null)[],
  handles: readonly (Pick<ViewportHandle, 'state'> | null)[],
  priors: readonly CaseStudy[],
): Screen {
  const shown = hung.slice(0, grid.rows * grid.columns);
  const compared = priors.filter((one) => one.linked !== true && shown.some((each) => each?.study === one));
  return {
    ...grid,
    boxes: shown.map((one, slot) => {
      const state = handles[slot]?.state() ?? null;
      if (one === null || state === null || one.study.linked === true) return null;
      return boxOf(one, state, one.study.prior === null ? 0 : compared.indexOf(one.study) + 1);
    }),
  };
}

function boxOf(hung: Hung, state: ViewportState, prior: number): ScreenBox {
  const { display } = hung;
  const source = hung.series.computed?.source ?? hung.series.subtracted?.source ?? hung.series;
  const series = source.hanging;
  const atWall = series.modality === 'MG' && display !== null && display.justification !== 'center';
  return {
    prior,
    series,
    instance: series.instances.find((one) => one.instanceUid === state.instanceUid) ?? null,
    plane: hung.plane,
    // A window by uptake is of this patient's weight and dose, one of differences of no frame: no other study has the same.
    window:
      state.windowIsOwn && hung.series.subtracted === undefined && source.frames[0]?.uptake == null
        ? windowOf(state, series.modality)
        : null,
    invert: state.invert,
    size: display?.size ?? 'fit',
    justification: atWall ? 'CHEST_WALL' : 'CENTER',
  };
}

function windowOf({ window }: ViewportState, modality: string): DisplayWindow | null {
  if (window === null) return null;
  const preset = windowNames.find((name) => {
    const figures = presetWindow(name);
    return figures?.center === window.center && figures.width === window.width;
  });
  return modality === 'CT' && preset !== undefined ? { preset } : { center: window.center, width: window.width };
}
