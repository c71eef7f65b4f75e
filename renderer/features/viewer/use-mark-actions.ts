import { type Ref, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  type EarlierMeasurement,
  type ImageMeasurement,
  type ImagePlace,
  isAnnotation,
  leadingQuantity,
  reportText,
  samePlace,
} from '../../../shared/domain/measurement/index.ts';
import type { Measurement } from '../../../shared/domain/report/index.ts';
import type { SeriesImages, ViewportHandle } from '../../imaging/index.ts';
import { placeOfFrame } from './frame-pixels.ts';
import type { CaseStudy, Hung } from './hung.ts';
import { lookOf } from './key-image-look.ts';
import type { MarksPanelHandle } from './marks-panel.tsx';
import type { DrawnMark, HandKeys } from './use-hand.ts';
import type { Marks } from './use-marks.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';

export type MarkActions = {
  readonly panel: Ref<MarksPanelHandle>;
  readonly again: EarlierMeasurement | null;
  readonly saved: string | null;
  /** Whether the image in the chosen viewport is a key image. */
  isKey(): boolean;
  keep(mark: DrawnMark): void;
  insert(one: ImageMeasurement | null): void;
  show(place: ImagePlace, id: string | null): void;
  measureAgain(one: EarlierMeasurement | null): void;
  /** Commands about marks; others are left alone. */
  run(command: ViewerKeyCommand): void;
};

/** What the reader does with marks beyond drawing them: jump, name, track, insert into the report, save. */
export function useMarkActions(parts: {
  readonly marks: Marks;
  readonly studies: readonly CaseStudy[];
  /** Of the viewports on screen. */
  readonly hung: readonly (Hung | null)[];
  readonly handles: readonly (ViewportHandle | null)[];
  readonly chosen: number;
  readonly hands: ReadonlyMap<number, HandKeys>;
  readonly hang: (slot: number, study: CaseStudy, series: SeriesImages, index?: number) => void;
  readonly activate: (slot: number) => void;
  readonly onInsert: (measurement: Measurement) => void;
  readonly onSave: (() => Promise<string>) | null;
}): MarkActions {
  const { marks, hung, handles, chosen } = parts;
  const panel = useRef<MarksPanelHandle>(null);
  const [again, setAgain] = useState<EarlierMeasurement | null>(null);
  const [saved, setSaved] = useState<string | null>(null);

  function keep(mark: DrawnMark): void {
    const lesion = isAnnotation(mark.kind) ? null : again;
    flushSync(() => {
      marks.add(mark, lesion);
      if (lesion !== null) setAgain(null);
    });
    // Words are typed at once: the very next letter is one of the name, and no command.
    if (isAnnotation(mark.kind)) panel.current?.editLabel();
  }

  function insertMeasurement(chosenOne: ImageMeasurement | null): void {
    const { measurements } = marks.marks;
    const one =
      chosenOne ??
      measurements.find(({ id }) => id === marks.selected) ??
      measurements.findLast(({ kind }) => !isAnnotation(kind));
    const value = one === undefined ? null : leadingQuantity(one);
    if (one === undefined || value === null) return;
    const { id, place, kind } = one;
    const { studyUid, seriesUid, instanceUid, frame } = place;
    parts.onInsert({
      id,
      studyUid,
      seriesUid,
      instanceUid,
      frame,
      tool: kind,
      text: reportText(one),
      value: value.value,
      unit: value.unit,
    });
  }

  /** Brings the very frame to the chosen viewport; nothing where no study of this case holds it. */
  function showPlace(place: ImagePlace, id: string | null): void {
    for (const study of parts.studies) {
      if (study.images.studyUid !== place.studyUid) continue;
      for (const series of study.images.series) {
        if (series.seriesUid !== place.seriesUid) continue;
        const index = series.frames.findIndex(
          (one) => one.instanceUid === place.instanceUid && one.frame === place.frame,
        );
        if (index === -1) continue;
        // Where it stands already beside the chosen viewport, that one is taken: a prior never goes over the study itself.
        const slot = hung.findIndex((one) => one?.series === series);
        if (slot !== -1) {
          parts.activate(slot);
          handles[slot]?.goTo(index);
        } else parts.hang(chosen, study, series, index);
        if (id !== null) marks.select(id);
      }
    }
  }

  function stepMeasurement(by: 1 | -1): void {
    const { measurements } = marks.marks;
    const at = measurements.findIndex((one) => one.id === marks.selected);
    const next =
      measurements[
        at === -1 ? (by === 1 ? 0 : measurements.length - 1) : (at + by + measurements.length) % measurements.length
      ];
    if (next !== undefined) showPlace(next.place, next.id);
  }

  function activePlace(): ImagePlace | null {
    const shown = handles[chosen]?.current() ?? null;
    if (shown === null) return null;
    return placeOfFrame(shown.series, shown.reference);
  }

  async function saveMarks(): Promise<void> {
    if (parts.onSave === null) return;
    setSaved('Saving to the archive…');
    setSaved(await parts.onSave());
  }

  function run(command: ViewerKeyCommand): void {
    const hand = parts.hands.get(chosen + 1);
    switch (command.type) {
      case 'insert-measurement':
        insertMeasurement(null);
        return;
      case 'delete-measurement': {
        const gone = marks.selected ?? marks.marks.measurements.at(-1)?.id;
        if (gone !== undefined) marks.remove(gone);
        return;
      }
      case 'show-measurement':
        showPlace({ ...command.measurement, frameOfReferenceUid: null }, command.measurement.id);
        return;
      case 'undo-mark':
        marks.undo();
        return;
      case 'redo-mark':
        marks.redo();
        return;
      case 'step-measurement':
        stepMeasurement(command.by);
        return;
      case 'mark-key-image': {
        const place = activePlace();
        // A key object selection names instances of the archive (PS3.3 A.35.4): a computed picture is none.
        if (place?.computed !== undefined) setSaved('A computed picture can be no key image: mark the slice itself.');
        else if (place !== null) marks.toggleKeyImage(place, lookOf(handles[chosen] ?? null));
        return;
      }
      case 'save-marks':
        void saveMarks();
        return;
      case 'name-measurement':
        panel.current?.editLabel();
        return;
      case 'nudge':
        hand?.nudge(command.right, command.down);
        return;
      case 'set-point':
        hand?.setPoint();
        return;
      case 'next-handle':
        hand?.nextHandle();
        return;
      default:
        return;
    }
  }

  return {
    panel,
    again,
    saved,
    isKey: () => {
      const place = activePlace();
      return place !== null && marks.marks.keyImages.some((one) => samePlace(one.place, place));
    },
    keep,
    insert: insertMeasurement,
    show: showPlace,
    measureAgain: setAgain,
    run,
  };
}
