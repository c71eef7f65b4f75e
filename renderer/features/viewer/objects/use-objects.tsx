import { type ReactNode, useEffect, useRef, useState } from 'react';
import {
  type CaseImages,
  fitSegmentation,
  otherPatient,
  presentationOf,
  presentedGraphics,
  type SegmentFit,
  type SeriesImages,
  type StudyObject,
  type ViewportHandle,
  type ViewportState,
} from '../../../imaging/index.ts';
import type { CaseStudy, Hung } from '../hung.ts';
import type { ViewerKeyCommand } from '../viewer-commands.ts';
import { fitArea, trueSizeZoom } from './fit-area.ts';
import { PresentationLayer } from './presentation-layer.tsx';
import { SegmentLayer } from './segment-layer.tsx';
import type { OpenSegmentation } from './segment-mask.ts';
import { openChecked } from './use-opened.ts';

type PresentationObject = Extract<StudyObject, { kind: 'presentation' }>;
type SegmentationObject = Extract<StudyObject, { kind: 'segmentation' }>;

/** A segmentation that the reader asked for. */
type Asked = {
  readonly object: SegmentationObject;
  readonly study: CaseStudy;
  readonly state: 'opening' | 'refused' | 'open';
  readonly words: string;
  readonly open: OpenSegmentation | null;
  readonly shown: boolean;
  readonly off: ReadonlySet<number>;
};

export type PresentationOffer = {
  readonly object: PresentationObject;
  readonly name: string;
  readonly refused: string | null;
};
export type SegmentationOffer = {
  readonly object: SegmentationObject;
  readonly name: string;
  readonly refused: string | null;
  readonly asked: Asked | null;
};

export type Objects = {
  /** Of the series in the chosen viewport. */
  readonly presentations: readonly PresentationOffer[];
  readonly applied: string | null;
  readonly segmentations: readonly SegmentationOffer[];
  readonly opacity: number;
  apply(instanceUid: string | null): void;
  toggle(object: SegmentationObject): void;
  toggleSegment(object: SegmentationObject, number: number): void;
  setOpacity(opacity: number): void;
  /** Groups of overlay planes that the presentation state of a viewport shows; null where none is applied to the frame. */
  activated(slot: number, state: ViewportState): ReadonlySet<number> | null;
  /** What lies over the image of a viewport. */
  overlay(slot: number, handle: ViewportHandle, state: ViewportState): ReactNode;
  /** True when the command was one about objects. */
  run(command: ViewerKeyCommand): boolean;
};

/** "hip, by Meier, at 2019-01-07 22:35 site’s zone"; who made it is said to be unknown where it is. */
function nameOf({ about }: StudyObject): string {
  const label = [about.label, about.description].filter((word) => word !== '').join(' ');
  return `${label === '' ? 'no label' : label}, by ${about.creator === '' ? 'nobody named' : about.creator}${about.made === '' ? '' : `, at ${about.made}`}`;
}

const objectsOf = (study: CaseStudy): readonly StudyObject[] => study.images.series.flatMap((series) => series.objects);

function presentationsFor(hung: Hung | null): readonly PresentationOffer[] {
  // Its values of interest are those of the frames, not of their differences.
  if (hung === null || hung.series.subtracted !== undefined) return [];
  const here = new Set(hung.series.frames.map((frame) => frame.instanceUid));
  return objectsOf(hung.study).flatMap((object) =>
    object.kind === 'presentation' && [...object.state.images.keys()].some((instanceUid) => here.has(instanceUid))
      ? [{ object, name: nameOf(object), refused: otherPatient(object.about, hung.study.images) }]
      : [],
  );
}

/** Presentation states and segmentations over the images: chosen by the reader, never shown by themselves. */
export function useObjects(parts: {
  readonly images: CaseImages | null;
  readonly hung: readonly (Hung | null)[];
  readonly handles: readonly (ViewportHandle | null)[];
  readonly chosen: number;
  readonly sizeOf: (slot: number) => readonly [number, number] | null;
  /** CSS pixels to a millimetre of the screen; null while nobody has measured it. */
  readonly screenMillimetre: () => number | null;
}): Objects {
  const { images, hung, handles, chosen } = parts;
  const here = hung[chosen] ?? null;
  const [presented, setPresented] = useState<
    ReadonlyMap<number, { readonly hung: Hung; readonly object: PresentationObject }>
  >(new Map());
  const [asked, setAsked] = useState<ReadonlyMap<string, Asked>>(new Map());
  const [opacity, setOpacity] = useState(0.35);
  const fits = useRef(new WeakMap<object, WeakMap<SeriesImages, SegmentFit>>());
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current?.abort();
  }, []);

  const presentations = presentationsFor(here);
  const appliedHere = presented.get(chosen);
  const applied = appliedHere !== undefined && appliedHere.hung === here ? appliedHere.object.about.instanceUid : null;

  function fitOf(object: SegmentationObject, series: SeriesImages): SegmentFit {
    const known = fits.current.get(object) ?? new WeakMap<SeriesImages, SegmentFit>();
    fits.current.set(object, known);
    const fit = known.get(series) ?? fitSegmentation(object.segmentation, series);
    known.set(series, fit);
    return fit;
  }

  const segmentations =
    here === null
      ? []
      : objectsOf(here.study).flatMap((object): readonly SegmentationOffer[] => {
          if (object.kind !== 'segmentation') return [];
          const fit = fitOf(object, here.series);
          const other = otherPatient(object.about, here.study.images);
          return [
            {
              object,
              name: nameOf(object),
              refused: other ?? (fit.ok ? null : fit.why),
              asked: asked.get(object.about.instanceUid) ?? null,
            },
          ];
        });

  function apply(instanceUid: string | null): void {
    const handle = handles[chosen] ?? null;
    if (here === null || handle === null) return;
    const offer = presentations.find((one) => one.object.about.instanceUid === instanceUid && one.refused === null);
    const next = new Map(presented);
    if (offer === undefined) {
      next.delete(chosen);
      handle.present(null);
    } else {
      next.set(chosen, { hung: here, object: offer.object });
      const { state } = offer.object;
      const { instanceUid: shown, frame } = handle.state();
      const area = shown === null || frame === null ? null : (presentedGraphics(state, shown, frame)?.area ?? null);
      const millimetre = parts.screenMillimetre();
      const unsized = area?.size === 'true-size' && trueSizeZoom(area, millimetre) === null;
      const why = millimetre === null ? 'this screen was not measured' : 'it does not say the size of a pixel';
      const notApplied = [...state.notApplied, ...(unsized ? [`its true size (${why})`] : [])];
      handle.present(presentationOf({ ...state, notApplied }, offer.name));
      const size = parts.sizeOf(chosen);
      if (area !== null && size !== null) fitArea(handle, area, size, millimetre);
    }
    setPresented(next);
  }

  function put(object: SegmentationObject, change: (before: Asked) => Asked): void {
    setAsked((before) => {
      const known = before.get(object.about.instanceUid);
      return known === undefined ? before : new Map(before).set(object.about.instanceUid, change(known));
    });
  }

  function toggle(object: SegmentationObject): void {
    const known = asked.get(object.about.instanceUid);
    if (known !== undefined && known.state !== 'refused') {
      put(object, (before) => ({ ...before, shown: !before.shown }));
      return;
    }
    const series = here?.study.images.series.find((one) => one.objects.includes(object));
    const signal = controller.current?.signal;
    if (images === null || here === null || series === undefined || signal === undefined) return;
    const begun: Asked = {
      object,
      study: here.study,
      state: 'opening',
      words: '',
      open: null,
      shown: true,
      off: new Set(),
    };
    setAsked((before) => new Map(before).set(object.about.instanceUid, begun));
    void openChecked(images, here.study, series, object, 'segmentation', signal).then((answer) => {
      if (signal.aborted) return;
      if ('read' in answer && answer.read.what === 'segmentation') {
        const { pixels } = answer.read;
        const open = { segmentation: object.segmentation, pixels, masks: new Map() };
        put(object, (before) => ({ ...before, state: 'open', open }));
      } else {
        const words = 'words' in answer ? answer.words : 'It is no segmentation.';
        put(object, (before) => ({ ...before, state: 'refused', words, shown: false }));
      }
    });
  }

  return {
    presentations,
    applied,
    segmentations,
    opacity,
    apply,
    toggle,
    toggleSegment: (object, number) =>
      put(object, (before) => {
        const off = new Set(before.off);
        if (!off.delete(number)) off.add(number);
        return { ...before, off };
      }),
    setOpacity: (next) => setOpacity(Math.min(1, Math.max(0, Math.round(next * 100) / 100))),
    activated(slot, { instanceUid, frame }) {
      const on = presented.get(slot);
      if (on === undefined || on.hung !== (hung[slot] ?? null) || instanceUid === null || frame === null) return null;
      return presentedGraphics(on.object.state, instanceUid, frame) === null ? null : on.object.state.overlays;
    },
    overlay(slot, handle, state) {
      const one = hung[slot] ?? null;
      if (one === null || state.instanceUid === null || state.frame === null) return null;
      const reference = one.series.frames[state.slice - 1];
      if (reference === undefined || reference.instanceUid !== state.instanceUid || !state.painted) return null;
      const on = presented.get(slot);
      const graphics =
        on !== undefined && on.hung === one ? presentedGraphics(on.object.state, state.instanceUid, state.frame) : null;
      const shown = [...asked.values()].flatMap((seg) => {
        // Never over another study's images, whatever they are called.
        if (!seg.shown || seg.open === null || seg.study.images.studyUid !== one.series.studyUid) return [];
        const fit = fitOf(seg.object, one.series);
        const places = fit.ok ? (fit.byImage.get(reference.imageId) ?? []) : [];
        return places.length === 0 ? [] : [{ open: seg.open, places, off: seg.off }];
      });
      return (
        <>
          {shown.length === 0 ? null : <SegmentLayer handle={handle} shown={shown} opacity={opacity} />}
          {graphics === null ? null : (
            <PresentationLayer
              handle={handle}
              graphics={graphics}
              columns={reference.description.columns}
              rows={reference.description.rows}
            />
          )}
        </>
      );
    },
    run(command) {
      switch (command.type) {
        case 'next-presentation': {
          const usable = presentations.filter((one) => one.refused === null);
          const at = usable.findIndex((one) => one.object.about.instanceUid === applied);
          apply(usable[at + 1]?.object.about.instanceUid ?? null);
          return true;
        }
        case 'toggle-segments': {
          const usable = segmentations.filter((one) => one.refused === null);
          const isOn = usable.some((one) => one.asked?.shown === true);
          for (const one of usable) if ((one.asked?.shown === true) === isOn) toggle(one.object);
          return true;
        }
        case 'segment-opacity':
          setOpacity((now) => Math.min(1, Math.max(0, Math.round((now + command.by) * 100) / 100)));
          return true;
        default:
          return false;
      }
    },
  };
}
