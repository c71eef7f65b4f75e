import type { FrameReference, LookUpTable, PlainValues } from '../types.ts';
import { fullWindow } from '../window.ts';
import {
  type DisplayedArea,
  type GraphicShape,
  type GraphicText,
  isMeant,
  type PresentationState,
  type Shutter,
} from './presentation-state.ts';

/** What a presentation state does to one frame. */
export type PresentedFrame = {
  /** The frame as it is drawn: values of interest, rescale and inversion are those of the state. */
  readonly reference: FrameReference;
  readonly voi: PlainValues | null;
  /** Its Presentation LUT; null where it has none or one without effect. */
  readonly table: LookUpTable | null;
  /** As the viewport keeps turns: the flip in the image's own axes, then degrees clockwise. */
  readonly turn: { readonly flipped: boolean; readonly rotation: number };
};

/** A presentation state in a viewport. */
export type Presentation = {
  frame(reference: FrameReference): PresentedFrame | null;
  /** The mark beside the image: it is never shown so silently. */
  words(reference: FrameReference): string;
};

/** The state as a viewport takes it; `name` says whose it is. */
export function presentationOf(state: PresentationState, name: string): Presentation {
  return {
    frame: (reference) => presentedFrame(state, reference),
    words: (reference) => {
      if (presentedFrame(state, reference) === null) return `Not in the presentation state: shown as sent`;
      const isRescaled = reference.slope !== 1 || reference.intercept !== 0;
      const missing = [
        ...state.notApplied,
        ...(isRescaled && state.rescale === null && !state.isColour
          ? ['the image’s rescale, which the state leaves out (PS3.4 N.2.1)']
          : []),
      ];
      const rest = missing.length === 0 ? '' : `; without ${missing.join(', ')}`;
      return `Presentation state applied: ${name}${rest}`;
    },
  };
}

export type DrawnLayer = {
  readonly name: string;
  readonly colour: string | null;
  readonly shapes: readonly GraphicShape[];
  readonly texts: readonly GraphicText[];
};

/** What is drawn over one frame. */
export type PresentedGraphics = {
  readonly layers: readonly DrawnLayer[];
  readonly shutters: readonly Shutter[];
  readonly shutterGrey: number;
  readonly area: DisplayedArea | null;
};

/** The frame as the state shows it; null for a frame that it does not name: that one is left as it is. */
export function presentedFrame(state: PresentationState, reference: FrameReference): PresentedFrame | null {
  const { instanceUid, frame } = reference;
  if (!state.images.has(instanceUid) || !isMeant(state.images, instanceUid, frame)) return null;
  const named = state.voi.find((one) => isMeant(one.images, instanceUid, frame))?.by;
  // A state without values of interest means all values (PS3.3 C.11.8): the image's own window and tables do not count.
  const voi = state.isColour ? null : (named ?? allValues(state, reference));
  const table = state.isColour ? null : state.presentationTable;
  return {
    voi,
    table,
    reference: {
      ...reference,
      window: voi?.kind === 'window' ? voi.window : reference.window,
      windowFunction: voi?.kind === 'window' ? voi.function : reference.windowFunction,
      // Where the state leaves it out it is an identity, and the image's own is not used (PS3.4 N.2.1.2).
      ...(state.isColour ? {} : (state.rescale ?? { slope: 1, intercept: 0 })),
      // A table gives P-values, which are never shown the other way round (PS3.3 C.11.6.1.2).
      inverse:
        table !== null ? false : state.shape === null || state.isColour ? reference.inverse : state.shape === 'INVERSE',
    },
    // Turned first and flipped then is flipped first and turned the other way round.
    turn: { flipped: state.flipped, rotation: state.flipped ? (360 - state.rotation) % 360 : state.rotation },
  };
}

/** The window over all that the stored bits can say. */
function allValues(state: PresentationState, { description }: FrameReference): PlainValues {
  const { bitsStored, signed } = description;
  const bits = Math.min(16, bitsStored);
  const rescale = state.rescale ?? { slope: 1, intercept: 0 };
  const ends = [signed ? -(2 ** (bits - 1)) : 0, (signed ? 2 ** (bits - 1) : 2 ** bits) - 1]
    .map((value) => value * rescale.slope + rescale.intercept)
    .sort((one, other) => one - other);
  return { kind: 'window', window: fullWindow(ends[0] ?? 0, ends[1] ?? 1), function: 'linear' };
}

/** Layers in their order, lowest first (0070,0062); null for a frame that the state does not name. */
export function presentedGraphics(
  state: PresentationState,
  instanceUid: string,
  frame: number,
): PresentedGraphics | null {
  if (!state.images.has(instanceUid) || !isMeant(state.images, instanceUid, frame)) return null;
  const here = state.annotations.filter((one) => isMeant(one.images, instanceUid, frame));
  const orderOf = (name: string): number => state.layers.find((layer) => layer.name === name)?.order ?? 0;
  const names = [...new Set(here.map((one) => one.layer))].sort((one, other) => orderOf(one) - orderOf(other));
  return {
    layers: names.map((name) => ({
      name,
      colour: state.layers.find((layer) => layer.name === name)?.colour ?? null,
      shapes: here.filter((one) => one.layer === name).flatMap((one) => one.shapes),
      texts: here.filter((one) => one.layer === name).flatMap((one) => one.texts),
    })),
    shutters: state.shutters,
    shutterGrey: state.shutterGrey,
    area: state.areas.find((one) => isMeant(one.images, instanceUid, frame)) ?? null,
  };
}
