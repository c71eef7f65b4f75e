import { type ReactNode, useEffect, useRef, useState } from 'react';
import {
  activatedPlanes,
  type CaseImages,
  fitSegmentation,
  otherPatient,
  presentedGraphics,
  type SegmentFit,
  type SeriesImages,
  type StudyObject,
  type ViewportHandle,
  type ViewportState,
} from '../../../imaging/index.ts';
import type { CaseStudy, Hung } from '../hung.ts';
import type { ViewerKeyCommand } from '../viewer-commands.ts';
import { PresentationLayer } from './presentation-layer.tsx';
import { SegmentLayer } from './segment-layer.tsx';
import type { OpenSegmentation } from './segment-mask.ts';
import { openChecked } from './use-opened.ts';
import type { ActivatedOverlays } from './use-overlay-planes.tsx';
import { nameOf, objectsOf, type PresentationOffer, usePresented } from './use-presented.ts';

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
  /** Why the state that was chosen is not shown, or not yet; null when it is or none was chosen. */
  readonly waits: string | null;
  readonly segmentations: readonly SegmentationOffer[];
  readonly opacity: number;
  apply(instanceUid: string | null): void;
  toggle(object: SegmentationObject): void;
  toggleSegment(object: SegmentationObject, number: number): void;
  setOpacity(opacity: number): void;
  /** Overlay planes of the images that the presentation state of a viewport shows; null where none is applied to the frame. */
  activated(slot: number, state: ViewportState): ActivatedOverlays;
  /** What lies over the image of a viewport. */
  overlay(slot: number, handle: ViewportHandle, state: ViewportState): ReactNode;
  /** True when the command was one about objects. */
  run(command: ViewerKeyCommand): boolean;
};

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
  const presented = usePresented({
    images,
    hung,
    handles,
    chosen,
    sizeOf: parts.sizeOf,
    screenMillimetre: parts.screenMillimetre,
  });
  const [asked, setAsked] = useState<ReadonlyMap<string, Asked>>(new Map());
  const [opacity, setOpacity] = useState(0.35);
  const fits = useRef(new WeakMap<object, WeakMap<SeriesImages, SegmentFit>>());
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current?.abort();
  }, []);

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
    presentations: presented.offers,
    applied: presented.applied,
    waits: presented.waits,
    segmentations,
    opacity,
    apply: presented.apply,
    toggle,
    toggleSegment: (object, number) =>
      put(object, (before) => {
        const off = new Set(before.off);
        if (!off.delete(number)) off.add(number);
        return { ...before, off };
      }),
    setOpacity: (next) => setOpacity(Math.min(1, Math.max(0, Math.round(next * 100) / 100))),
    activated(slot, { instanceUid, frame }) {
      const on = presented.on(slot);
      if (on === null || instanceUid === null || frame === null) return null;
      return presentedGraphics(on, instanceUid, frame) === null ? null : activatedPlanes(on);
    },
    overlay(slot, handle, state) {
      const one = hung[slot] ?? null;
      if (one === null || state.instanceUid === null || state.frame === null) return null;
      const reference = one.series.frames[state.slice - 1];
      if (reference === undefined || reference.instanceUid !== state.instanceUid || !state.painted) return null;
      const on = presented.on(slot);
      const graphics = on === null ? null : presentedGraphics(on, state.instanceUid, state.frame);
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
            <>
              <Placed area={graphics.area} place={() => presented.toArea(slot, graphics.area)} />
              <PresentationLayer
                handle={handle}
                graphics={graphics}
                columns={reference.description.columns}
                rows={reference.description.rows}
              />
            </>
          )}
        </>
      );
    },
    run(command) {
      switch (command.type) {
        case 'next-presentation': {
          const usable = presented.offers.filter((one) => one.refused === null);
          const at = usable.findIndex((one) => one.object.about.instanceUid === presented.applied);
          presented.apply(usable[at + 1]?.object.about.instanceUid ?? null);
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

/** Brings another displayed area onto the viewport when a frame that has one is reached. */
function Placed({ area, place }: { readonly area: object | null; readonly place: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each area; `place` is another function at every drawing.
  useEffect(() => place(), [area]);
  return null;
}
