import { useEffect, useRef, useState } from 'react';
import {
  type CaseImages,
  otherPatient,
  type PresentationState,
  type PresentedGraphics,
  presentationOf,
  presentedGraphics,
  type StudyObject,
  type ViewportHandle,
  withParts,
} from '../../../imaging/index.ts';
import type { CaseStudy, Hung } from '../hung.ts';
import { fitArea, trueSizeZoom } from './fit-area.ts';
import { openChecked } from './use-opened.ts';

type PresentationObject = Extract<StudyObject, { kind: 'presentation' }>;
type Area = PresentedGraphics['area'];

export type PresentationOffer = {
  readonly object: PresentationObject;
  readonly name: string;
  readonly refused: string | null;
};

export type Presented = {
  /** For the series in the chosen viewport. */
  readonly offers: readonly PresentationOffer[];
  readonly applied: string | null;
  /** Why the state that was chosen is not shown, or not yet; null when it is or none was chosen. */
  readonly waits: string | null;
  apply(instanceUid: string | null): void;
  /** The state that a viewport shows its stack by; null without one. */
  on(slot: number): PresentationState | null;
  /** Brings an area onto the viewport unless it was the last one there. */
  toArea(slot: number, area: Area): void;
};

/** "hip, by Meier, at 2019-01-07 22:35 site’s zone"; who made it is said to be unknown where it is. */
export function nameOf({ about }: StudyObject): string {
  const label = [about.label, about.description].filter((word) => word !== '').join(' ');
  return `${label === '' ? 'no label' : label}, by ${about.creator === '' ? 'nobody named' : about.creator}${about.made === '' ? '' : `, at ${about.made}`}`;
}

export function objectsOf(study: CaseStudy): readonly StudyObject[] {
  return study.images.series.flatMap((series) => series.objects);
}

function offersFor(hung: Hung | null): readonly PresentationOffer[] {
  // Its values of interest are those of the frames, not of their differences.
  if (hung === null || hung.series.subtracted !== undefined) return [];
  const here = new Set(hung.series.frames.map((frame) => frame.instanceUid));
  return objectsOf(hung.study).flatMap((object) =>
    object.kind === 'presentation' && [...object.state.images.keys()].some((instanceUid) => here.has(instanceUid))
      ? [{ object, name: nameOf(object), refused: otherPatient(object.about, hung.study.images) }]
      : [],
  );
}

/** `words` says why it is not shown, where it has no state yet. */
type On = {
  readonly hung: Hung;
  readonly instanceUid: string;
  readonly state: PresentationState | null;
  readonly words: string;
};

/** Presentation states of viewports: chosen by the reader, and shown once all of their parts are here. */
export function usePresented(parts: {
  readonly images: CaseImages | null;
  readonly hung: readonly (Hung | null)[];
  readonly handles: readonly (ViewportHandle | null)[];
  readonly chosen: number;
  readonly sizeOf: (slot: number) => readonly [number, number] | null;
  readonly screenMillimetre: () => number | null;
}): Presented {
  const { images, hung, handles, chosen } = parts;
  const here = hung[chosen] ?? null;
  const [shown, setShown] = useState<ReadonlyMap<number, On>>(new Map());
  /** What each viewport was asked for last: a file that comes late is shown only where it is still wanted. */
  const asked = useRef(new Map<number, object>());
  const fitted = useRef(new Map<number, Area>());
  const whole = useRef(new WeakMap<PresentationObject, PresentationState>());
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current?.abort();
  }, []);
  const offers = offersFor(here);
  const inSlot = (slot: number): On | null => {
    const on = shown.get(slot);
    return on !== undefined && on.hung === (hung[slot] ?? null) ? on : null;
  };

  function set(slot: number, on: On | null): void {
    setShown((before) => {
      const next = new Map(before);
      if (on === null) next.delete(slot);
      else next.set(slot, on);
      return next;
    });
  }

  function present(slot: number, handle: ViewportHandle, on: On & { readonly state: PresentationState }, name: string) {
    const { state } = on;
    const millimetre = parts.screenMillimetre();
    const isUnsized = state.areas.some((area) => area.size === 'true-size' && trueSizeZoom(area, millimetre) === null);
    const why = millimetre === null ? 'this screen was not measured' : 'it does not say the size of a pixel';
    const notApplied = [...state.notApplied, ...(isUnsized ? [`its true size (${why})`] : [])];
    handle.present(presentationOf({ ...state, notApplied }, name));
    fitted.current.delete(slot);
    const { instanceUid, frame } = handle.state();
    const area = instanceUid === null || frame === null ? null : presentedGraphics(state, instanceUid, frame)?.area;
    toArea(slot, area ?? null);
    set(slot, on);
  }

  function toArea(slot: number, area: Area): void {
    const handle = handles[slot] ?? null;
    const size = parts.sizeOf(slot);
    if (handle === null || size === null || area === null || fitted.current.get(slot) === area) return;
    fitted.current.set(slot, area);
    fitArea(handle, area, size, parts.screenMillimetre());
  }

  /** The state with what only its file brings; as it is where that does not come, which is then said on the image. Words where it is not shown. */
  async function completed(
    object: PresentationObject,
    study: CaseStudy,
    signal: AbortSignal,
  ): Promise<PresentationState | string> {
    const series = study.images.series.find((one) => one.objects.includes(object));
    if (series === undefined || images === null) return object.state;
    const answer = await openChecked(images, study, series, object, 'presentation', signal);
    // Another patient's file, or another object, under this name: nothing of it is believed.
    if ('words' in answer)
      return answer.code === 'not-displayable' || answer.code === 'not-the-image-asked-for'
        ? answer.words
        : object.state;
    if (answer.read.what !== 'presentation') return object.state;
    const state = withParts(object.state, answer.read.parts);
    whole.current.set(object, state);
    return state;
  }

  function apply(instanceUid: string | null): void {
    const handle = handles[chosen] ?? null;
    const signal = controller.current?.signal;
    if (here === null || handle === null || signal === undefined) return;
    const offer = offers.find((one) => one.object.about.instanceUid === instanceUid && one.refused === null);
    const slot = chosen;
    const mine = {};
    asked.current.set(slot, mine);
    handle.present(null);
    if (offer === undefined) {
      set(slot, null);
      return;
    }
    const { object, name } = offer;
    const on = { hung: here, instanceUid: object.about.instanceUid, words: '' };
    const at = object.state.awaits.length === 0 ? object.state : whole.current.get(object);
    if (at !== undefined) {
      present(slot, handle, { ...on, state: at }, name);
      return;
    }
    // Half of a state is not shown while the rest is on its way.
    set(slot, { ...on, state: null, words: 'opening…' });
    void completed(object, here.study, signal).then((state) => {
      if (signal.aborted || asked.current.get(slot) !== mine) return;
      const { studyUid, seriesUid } = handle.state();
      // Another stack may hang there now.
      if (seriesUid !== here.series.seriesUid || studyUid !== here.series.studyUid) set(slot, null);
      else if (typeof state === 'string') set(slot, { ...on, state: null, words: state });
      else present(slot, handle, { ...on, state }, name);
    });
  }

  return {
    offers,
    applied: inSlot(chosen)?.instanceUid ?? null,
    waits: inSlot(chosen)?.state === null ? (inSlot(chosen)?.words ?? null) : null,
    apply,
    on: (slot) => inSlot(slot)?.state ?? null,
    toArea,
  };
}
