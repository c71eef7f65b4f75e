import { useEffect, useMemo, useRef, useState } from 'react';
import {
  directionsOf,
  type Link,
  leaned,
  linkOf,
  nearestSlice,
  nextMode,
  type PlaneKind,
  partnerOf,
  placeOnPlane,
  planeThrough,
  type StackPlaces,
  thicker,
  thinSlab,
  type Vector,
} from '../../../shared/domain/volume/index.ts';
import type { ViewerLayout } from '../../case/index.ts';
import {
  type CaseImages,
  type ComputedVolume,
  type Imaging,
  planeOfFrame,
  type SeriesImages,
  type ViewportState,
} from '../../imaging/index.ts';
import { type HandMatches, matchOf, toggledMatch } from './hand-matches.ts';
import type { CaseStudy, Hung } from './hung.ts';
import { hangPlane, hangPlanes, type PlanesView } from './planes.ts';
import { type ShownFrames, sameSpace, shownFrames } from './shown-frames.ts';
import { type Fusion, useFusion } from './use-fusion.ts';
import type { Slots } from './use-slots.ts';
import { type KeptFusion, type KeptPlanes, type KeptSlot, type KeptTies, keptHanging, placeOf } from './view-memory.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';

/** What hung before the planes, to go back to. */
type Before = { readonly hung: readonly (Hung | null)[]; readonly layout: ViewerLayout; readonly chosen: number };
type Planes = {
  readonly volume: ComputedVolume;
  readonly study: CaseStudy;
  readonly view: PlanesView;
  readonly before: Before;
};

/** A point in the patient, of the space of a series. */
export type SpacePoint = { readonly series: SeriesImages; readonly place: Vector };

export type Volumes = {
  readonly planes: boolean;
  readonly linked: boolean;
  readonly lines: boolean;
  readonly point: SpacePoint | null;
  readonly shown: ShownFrames;
  readonly fusion: Fusion;
  /** Why the last thing that was asked for cannot be done; null when it can. */
  readonly words: string | null;
  /** What ties this viewport to the chosen one, in words; null where nothing does. */
  linkWords(slot: number): string | null;
  /** Each viewport's state as it changes. */
  note(slot: number, state: ViewportState): void;
  /** The crosshair goes to this image pixel of a viewport, and the other viewports to that place in the patient. */
  pointAt(slot: number, pixel: readonly [number, number]): void;
  /** The planes as they stand, for when this reading is suspended; null without any. */
  kept(): KeptPlanes | null;
  /** Opens planes as they stood; false where their series is not among these studies, or none can be computed. */
  comeBack(images: CaseImages, kept: KeptPlanes, slots: readonly (KeptSlot | null)[]): boolean;
  /** What ties the viewports as it stands, for when this reading is suspended; and as it stood. */
  ties(): KeptTies;
  tie(kept: KeptTies): void;
  /** Lays the PET over the images as it lay; false where its series is not among these studies. `planes`: whose volume has to stay. */
  fusionBack(images: CaseImages, kept: KeptFusion, planes: KeptPlanes | null): boolean;
  /** Commands about planes and what ties viewports; answers false for those of others. */
  run(command: ViewerKeyCommand): boolean;
};

const stepDegrees = 5;

/** Planes through a series, the crosshair, and viewports that scroll together. */
export function useVolumes(imaging: Imaging, epoch: number, slots: Slots, studies: readonly CaseStudy[]): Volumes {
  const [planes, setPlanes] = useState<Planes | null>(null);
  const [linked, setLinked] = useState(true);
  const [lines, setLines] = useState(true);
  const [point, setPoint] = useState<SpacePoint | null>(null);
  const [matches, setMatches] = useState<HandMatches>([]);
  const [words, setWords] = useState<string | null>(null);
  const shown = useMemo(shownFrames, []);
  const fusion = useFusion(imaging, epoch, slots, studies, setWords);
  const now = useRef({ slots, planes, linked, matches });
  now.current = { slots, planes, linked, matches };
  const places = useRef(new WeakMap<SeriesImages, StackPlaces>());
  const { hung, handles, chosen, count, setHung, setLayout, activate } = slots;

  function placesOf(series: SeriesImages): StackPlaces {
    const known = places.current.get(series);
    if (known !== undefined) return known;
    const made: StackPlaces = {
      frameOfReferenceUid: series.frameOfReferenceUid,
      slices: series.frames.map(({ position, orientation }) => ({
        position,
        directions: orientation.kind === 'cosines' ? { row: orientation.row, column: orientation.column } : null,
      })),
    };
    places.current.set(series, made);
    return made;
  }

  function linkBetween(one: SeriesImages, other: SeriesImages): Link {
    const match = matchOf(now.current.matches, one, other);
    if (match === null && !sameSpace(one, other))
      return linkOf({ ...placesOf(one), frameOfReferenceUid: null }, placesOf(other), null);
    return linkOf(placesOf(one), placesOf(other), match);
  }

  function leave(): void {
    if (planes === null) return;
    setPlanes(null);
    setPoint(null);
    setHung(planes.before.hung);
    setLayout(planes.before.layout);
    activate(planes.before.chosen);
  }

  function open(): void {
    const active = slots.active;
    const volumes = imaging.volumes(epoch);
    if (active === null || volumes === null) {
      setWords('Choose a series of slices first: planes are computed through it.');
      return;
    }
    const inUse = hung.flatMap((one) => one?.series.computed?.source ?? []);
    const opened = volumes.open(active.images, active.series, [...inUse, ...fusion.sources]);
    if (!opened.ok) {
      setWords(opened.error.words);
      return;
    }
    setWords(null);
    const volume = opened.value;
    const frame = handles[chosen]?.current()?.reference ?? active.series.frames[active.index];
    const plane = frame === undefined ? null : planeOfFrame(frame);
    const middle = volume.planes({ kind: 'axial', directions: directionsOf('axial'), slab: thinSlab }).series.frames;
    const inTheMiddle = middle[Math.floor(middle.length / 2)];
    const fallback = inTheMiddle === undefined ? null : planeOfFrame(inTheMiddle);
    const start = plane ?? fallback;
    if (start === null) return;
    const view: PlanesView = {
      slab: thinSlab,
      oblique: leaned(directionsOf('coronal'), 'column', 45),
      point: placeOnPlane(start, [start.columns / 2, start.rows / 2]),
    };
    setPlanes({ volume, study: active.study, view, before: { hung, layout: slots.layout, chosen } });
    put(hangPlanes(volume, active.study, view));
    setLayout('2x2');
    activate(0);
    setPoint({ series: active.series, place: view.point });
  }

  /** A stack or a plane to hang as it was kept; null where its series is not here. */
  function hungAs(images: CaseImages, slot: KeptSlot | null): Hung | null {
    const place = slot === null || slot.plane !== 'stack' ? null : placeOf(slot, studies);
    if (place === null) return null;
    return { images, study: place.study, series: place.series, index: place.index, plane: 'stack', display: null };
  }

  function comeBack(images: CaseImages, kept: KeptPlanes, these: readonly (KeptSlot | null)[]): boolean {
    const study = studies.find((one) => one.images.studyUid === kept.studyUid);
    const series = study?.images.series.find((one) => one.seriesUid === kept.seriesUid && one.frames.length > 0);
    if (study === undefined || series === undefined) return false;
    const opened = imaging.volumes(epoch)?.open(images, series, fusion.sources);
    if (opened === undefined) return false;
    if (!opened.ok) {
      setWords(opened.error.words);
      return true;
    }
    const volume = opened.value;
    const { slots: before, layout, chosen: first } = kept.before;
    const hungBefore = hung.map((_, slot) => hungAs(images, before[slot] ?? null));
    setPlanes({ volume, study, view: kept.view, before: { hung: hungBefore, layout, chosen: first } });
    setHung((there) =>
      there.map((one, slot) => {
        const as = these[slot] ?? null;
        if (as === null || as.plane === 'stack') return one;
        const plane = hangPlane(volume, study, kept.view, as.plane, null);
        // The same slab and lean are the same planes, by name and number.
        return { ...plane, index: Math.min(as.index, plane.series.frames.length - 1) };
      }),
    );
    setPoint(kept.crosshair === null ? null : { series, place: kept.crosshair });
    return true;
  }

  function put(next: readonly Hung[]): void {
    setHung((before) => before.map((one, slot) => next[slot] ?? one));
  }

  /** The planes anew, each where it stands: another slab, or another lean of the oblique one. */
  function change(view: PlanesView, only?: PlaneKind): void {
    if (planes === null) return;
    setPlanes({ ...planes, view });
    setHung((before) =>
      before.map((one, slot) => {
        const kind = one?.series.computed?.source === planes.volume.source ? one.plane : 'stack';
        if (one === null || kind === 'stack' || (only !== undefined && kind !== only)) return one;
        const at = shown.at(slot);
        const origin = only === undefined ? (at?.reference.position ?? null) : null;
        return hangPlane(planes.volume, planes.study, view, kind, origin);
      }),
    );
  }

  function lean(about: 'row' | 'column', degrees: number): void {
    if (planes === null) {
      setWords('Only the oblique plane turns: open the planes first.');
      return;
    }
    const place = point?.place ?? planes.view.point;
    change({ ...planes.view, point: place, oblique: leaned(planes.view.oblique, about, degrees) }, 'oblique');
  }

  function goToPlace(series: SeriesImages, place: Vector, except: number): void {
    const { slots: these } = now.current;
    for (const [slot, one] of these.hung.slice(0, these.count).entries()) {
      if (one === null || slot === except || !sameSpace(one.series, series)) continue;
      const stack = one.series.computed?.stack;
      const index =
        stack === undefined
          ? nearestSlice(placesOf(one.series), place, shown.at(slot)?.index)?.index
          : planeThrough(stack, place);
      if (index !== undefined) these.handles[slot]?.goTo(index);
    }
  }

  function pointAt(slot: number, pixel: readonly [number, number]): void {
    const at = shown.at(slot);
    const plane = at === null ? null : planeOfFrame(at.reference);
    if (at === null || plane === null) {
      setWords('This image does not say where in the patient it lies: no crosshair.');
      return;
    }
    const place = placeOnPlane(plane, pixel);
    setPoint({ series: at.series, place });
    goToPlace(at.series, place, slot);
  }

  function note(slot: number, state: ViewportState): void {
    const { slots: these, linked: together } = now.current;
    const one = these.hung[slot] ?? null;
    const index = state.slice - 1;
    const reference = one?.series.frames[index];
    const before = shown.at(slot);
    if (one === null || reference === undefined || state.seriesUid !== one.series.seriesUid) {
      shown.put(slot, null);
      return;
    }
    shown.put(slot, { series: one.series, reference, index });
    shown.moved();
    // The chosen viewport leads; hanging another series there moves nothing.
    if (!together || slot !== these.chosen || before === null || before.series !== one.series || before.index === index)
      return;
    for (const [other, two] of these.hung.slice(0, these.count).entries()) {
      if (two === null || other === slot) continue;
      const link = linkBetween(one.series, two.series);
      const partner = partnerOf(link, placesOf(one.series), placesOf(two.series), index, shown.at(other)?.index);
      const handle = these.handles[other];
      if (partner !== null && handle != null) queueMicrotask(() => handle.goTo(partner.index));
    }
  }

  function matchByHand(): void {
    const at = shown.at(chosen);
    const other = shown.all().find(([slot, one]) => slot !== chosen && slot < count && one.series !== at?.series);
    if (at === null || other === undefined) {
      setWords('Hang two series side by side, bring both to the same level, and match them then.');
      return;
    }
    setMatches(toggledMatch(matches, at, other[1]));
    setLinked(true);
    setWords(null);
  }

  // A series that is no longer of the case (withdrawn, or come anew without a rejected image) takes its planes with it.
  useEffect(() => {
    if (planes === null) return;
    const here = studies.some((study) => study.images.series.includes(planes.volume.source));
    if (here) return;
    setPlanes(null);
    setPoint(null);
    setHung((before) => before.map((one) => (one?.series.computed === undefined ? one : null)));
  }, [planes, studies, setHung]);

  return {
    planes: planes !== null,
    linked,
    lines,
    point,
    shown,
    fusion,
    words,
    linkWords(slot) {
      if (!linked || slot === chosen || slot >= count) return null;
      const [lead, one] = [hung[chosen] ?? null, hung[slot] ?? null];
      if (lead === null || one === null || lead.series === one.series) return null;
      const link = linkBetween(lead.series, one.series);
      return link.kind === 'none' ? null : link.words;
    },
    note,
    pointAt,
    kept() {
      if (planes === null) return null;
      const { volume, view, before } = planes;
      const { studyUid, seriesUid } = volume.source;
      return {
        ...{ studyUid, seriesUid, view, crosshair: point?.place ?? null },
        before: { slots: before.hung.map(keptHanging), layout: before.layout, chosen: before.chosen },
      };
    },
    comeBack,
    ties: () => ({ linked, lines, matches }),
    tie(kept) {
      setLinked(kept.linked);
      setLines(kept.lines);
      setMatches(kept.matches);
    },
    fusionBack(images, kept, keptPlanes) {
      const inUse = studies.flatMap((study) =>
        study.images.series.filter(
          (one) => study.images.studyUid === keptPlanes?.studyUid && one.seriesUid === keptPlanes.seriesUid,
        ),
      );
      return fusion.comeBack(images, kept, inUse);
    },
    run(command) {
      switch (command.type) {
        case 'toggle-planes':
          if (planes === null) open();
          else leave();
          return true;
        case 'slab-thickness':
          if (planes !== null) change({ ...planes.view, slab: thicker(planes.view.slab, command.by) });
          else setWords('A slab is made of planes: open the planes first.');
          return true;
        case 'slab-mode':
          if (planes !== null) change({ ...planes.view, slab: nextMode(planes.view.slab) });
          else setWords('A slab is made of planes: open the planes first.');
          return true;
        case 'turn-oblique':
          lean(command.about, command.by * stepDegrees);
          return true;
        case 'toggle-link':
          setLinked(!linked);
          return true;
        case 'toggle-lines':
          setLines(!lines);
          return true;
        case 'match-stacks':
          matchByHand();
          return true;
        case 'layout':
        case 'hang-prior':
        case 'next-prior':
          // Another layout is another hanging: the planes go, and what hung before them comes back into it.
          leave();
          return false;
        default:
          return fusion.run(command);
      }
    },
  };
}
