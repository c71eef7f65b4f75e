import type { FrameOverlay } from '../overlay-planes.ts';
import type { DecodedFrame, FrameReference, LookUpTable, PlainValues } from '../types.ts';
import { fullWindow } from '../window.ts';
import type { GraphicShape, GraphicText } from './presentation-graphics.ts';
import { isMeant } from './presentation-images.ts';
import type { Shutter } from './presentation-shutters.ts';
import { type DisplayedArea, notShown, type PresentationState } from './presentation-state.ts';
import { forValues } from './presentation-tables.ts';

/** What a presentation state does to one frame. */
export type PresentedFrame = {
  /** The frame as it is drawn: values of interest, rescale and inversion are those of the state. */
  readonly reference: FrameReference;
  readonly voi: PlainValues | null;
  /** Its Modality LUT before and its Presentation LUT behind the values of interest; null where it has none. */
  readonly modality: LookUpTable | null;
  readonly table: LookUpTable | null;
  /** As the viewport keeps turns: the flip in the image's own axes, then degrees clockwise. */
  readonly turn: { readonly flipped: boolean; readonly rotation: number };
};

/** A presentation state in a viewport. */
export type Presentation = {
  frame(reference: FrameReference): PresentedFrame | null;
  /** The mark beside the image: it is never shown so silently. `frame` once it is decoded. */
  words(reference: FrameReference, frame: DecodedFrame | null): string;
};

/** The state as a viewport takes it; `name` says whose it is. */
export function presentationOf(state: PresentationState, name: string): Presentation {
  return {
    frame: (reference) => presentedFrame(state, reference),
    words: (reference, frame) => {
      if (presentedFrame(state, reference) === null) return `Not in the presentation state: shown as sent`;
      const missing = [...notShown(state), ...ofTheImage(state, frame)];
      const isUnscaled =
        (reference.slope !== 1 || reference.intercept !== 0) &&
        state.rescale === null &&
        state.modalityTable === null &&
        !state.isColour;
      const unscaled = isUnscaled ? '; without the image’s rescale, which the state leaves out (PS3.4 N.2.1)' : '';
      const rest = missing.length === 0 ? '' : `; not all of this presentation state is shown: ${missing.join(', ')}`;
      return `Presentation state applied: ${name}${unscaled}${rest}`;
    },
  };
}

/** What this very image keeps the state from showing. */
function ofTheImage(state: PresentationState, frame: DecodedFrame | null): readonly string[] {
  if (frame === null || state.isColour) return [];
  if (frame.colour) return ['its greys (the image is in colour)'];
  // Stored values are gone once the image's own table has mapped them.
  if (frame.modalityApplied) return ['its Modality LUT (the image’s own table was applied already)'];
  return [];
}

export type DrawnLayer = {
  readonly name: string;
  readonly colour: string | null;
  readonly planes: readonly FrameOverlay[];
  readonly shapes: readonly GraphicShape[];
  readonly texts: readonly GraphicText[];
};

/** What is drawn over one frame. */
export type PresentedGraphics = {
  /** Lowest first. */
  readonly layers: readonly DrawnLayer[];
  readonly shutters: readonly Shutter[];
  /** Set bits are covered. */
  readonly bitmapShutter: FrameOverlay | null;
  /** "rgb(…)" of what is covered. */
  readonly shutterColour: string;
  readonly area: DisplayedArea | null;
};

/** The frame as the state shows it; null for a frame that it does not name: that one is left as it is. */
export function presentedFrame(state: PresentationState, reference: FrameReference): PresentedFrame | null {
  const { instanceUid, frame, description } = reference;
  if (!state.images.has(instanceUid) || !isMeant(state.images, instanceUid, frame)) return null;
  const modality =
    state.isColour || state.modalityTable === null ? null : forValues(state.modalityTable, description.signed);
  const rescale = state.rescale ?? { slope: 1, intercept: 0 };
  const named = state.voi.find((one) => isMeant(one.images, instanceUid, frame))?.by;
  const mayBeNegative = modality === null && (description.signed || rescale.intercept < 0);
  const asked = named?.kind === 'table' ? { ...named, table: forValues(named.table, mayBeNegative) } : (named ?? null);
  // A state without values of interest means all values (PS3.3 C.11.8): the image's own window and tables do not count.
  const voi = state.isColour ? null : (asked ?? allValues(rescale, modality, reference));
  const table = state.isColour ? null : state.presentationTable;
  return {
    voi,
    modality,
    table,
    reference: {
      ...reference,
      window: voi?.kind === 'window' ? voi.window : reference.window,
      windowFunction: voi?.kind === 'window' ? voi.function : reference.windowFunction,
      // Where the state leaves it out it is an identity, and the image's own is not used (PS3.4 N.2.1.2).
      ...(state.isColour ? {} : rescale),
      // A table gives P-values, which are never shown the other way round (PS3.3 C.11.6.1.2).
      inverse:
        table !== null ? false : state.shape === null || state.isColour ? reference.inverse : state.shape === 'INVERSE',
    },
    // Turned first and flipped then is flipped first and turned the other way round.
    turn: { flipped: state.flipped, rotation: state.flipped ? (360 - state.rotation) % 360 : state.rotation },
  };
}

/** The window over all that the stored bits, or the Modality LUT, can say. */
function allValues(
  rescale: { readonly slope: number; readonly intercept: number },
  modality: LookUpTable | null,
  { description }: FrameReference,
): PlainValues {
  const { bitsStored, signed } = description;
  const bits = Math.min(16, bitsStored);
  const ends =
    modality !== null
      ? [0, 2 ** modality.bits - 1]
      : [signed ? -(2 ** (bits - 1)) : 0, (signed ? 2 ** (bits - 1) : 2 ** bits) - 1]
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
  const planesOf = (name: string): readonly FrameOverlay[] =>
    state.planes.filter((plane) => state.ownOverlays.get(plane.group) === name);
  const orderOf = (name: string): number => state.layers.find((layer) => layer.name === name)?.order ?? 0;
  const drawn = [...state.ownOverlays.values()].filter((name) => planesOf(name).length > 0);
  const names = [...new Set([...here.map((one) => one.layer), ...drawn])].sort(
    (one, other) => orderOf(one) - orderOf(other),
  );
  return {
    layers: names.map((name) => ({
      name,
      colour: layerColour(state, name),
      planes: planesOf(name),
      shapes: here.filter((one) => one.layer === name).flatMap((one) => one.shapes),
      texts: here.filter((one) => one.layer === name).flatMap((one) => one.texts),
    })),
    shutters: state.shutters,
    bitmapShutter: state.planes.find((plane) => plane.group === state.bitmapShutter) ?? null,
    shutterColour: state.shutterColour,
    area: state.areas.find((one) => isMeant(one.images, instanceUid, frame)) ?? null,
  };
}

function layerColour(state: PresentationState, name: string): string | null {
  return state.layers.find((layer) => layer.name === name)?.colour ?? null;
}

/** Groups of the images' own overlay planes that it shows, each with the colour of its layer; null where that has none. */
export function activatedPlanes(state: PresentationState): ReadonlyMap<number, string | null> {
  return new Map([...state.overlays].map(([group, layer]) => [group, layerColour(state, layer)]));
}
