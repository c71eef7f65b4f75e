import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  type CaseMarks,
  changed,
  freshHistory,
  type ImageMeasurement,
  type ImagePlace,
  type KeyImageLook,
  type MarkHistory,
  marksChange,
  mergeMarks,
  mostMarks,
  nextNumber,
  nextVertebra,
  noMarks,
  type Point,
  type Quantity,
  rebased,
  redone,
  samePlace,
  uidOfUuid,
  undone,
} from '../../../shared/domain/measurement/index.ts';
import type { MarksHolder, MarksKeeping, MarksState } from '../../case/index.ts';
import type { DrawnMark } from './use-hand.ts';

export type Marks = {
  readonly marks: CaseMarks;
  readonly selected: string | null;
  readonly keeping: MarksKeeping;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  select(id: string | null): void;
  /** Null where there is no room for more. */
  /** `lesion`: what an earlier study measured and this measures again, so that growth is computed. */
  add(mark: DrawnMark, lesion: Pick<ImageMeasurement, 'trackingUid' | 'label'> | null): string | null;
  move(id: string, points: readonly Point[], quantities: readonly Quantity[]): void;
  label(id: string, words: string): void;
  remove(id: string): void;
  /** `look`: how the image stands on the screen now; a picture in the report is drawn by it. */
  toggleKeyImage(place: ImagePlace, look?: KeyImageLook): void;
  undo(): void;
  redo(): void;
};

/**
 * The marks of one opening of a case. The draft's are taken in when it opens, without losing what was drawn before it came; what changes
 * here goes to the draft. The viewer is mounted anew for every epoch, so nothing of another case can be in it.
 */
export function useMarks(epoch: number, holder: MarksHolder | null, kept: CaseMarks | null): Marks {
  const [history, setHistory] = useState<MarkHistory>(() => {
    const there = holder?.state.getState();
    const own = kept ?? freshHistory.present;
    // The images were closed and opened again within one case, or another window drew before these came: its marks stand already.
    const present = there === undefined || there.epoch !== epoch ? own : mergeMarks(there.marks, own);
    return { ...freshHistory, present };
  });
  const [selected, select] = useState<string | null>(null);
  const [keeping, setKeeping] = useState<MarksKeeping>(() => holder?.state.getState().keeping ?? 'window');
  const now = useRef(history);
  now.current = history;

  const set = useCallback((next: MarkHistory): void => {
    now.current = next;
    setHistory(next);
  }, []);
  const change = useCallback(
    (next: CaseMarks): void => {
      const after = changed(now.current, next);
      if (after === now.current) return;
      set(after);
      holder?.put(epoch, 'images', after.present);
    },
    [epoch, holder, set],
  );
  const go = useCallback(
    (step: (history: MarkHistory) => MarkHistory): void => {
      const after = step(now.current);
      if (after === now.current) return;
      set(after);
      holder?.put(epoch, 'images', after.present);
    },
    [epoch, holder, set],
  );

  useEffect(() => {
    if (holder === null) return;
    let last = holder.state.getState();
    const take = (): void => {
      const before = last.epoch === epoch ? last.marks : noMarks;
      const state = holder.state.getState();
      last = state;
      if (state.epoch !== epoch) return;
      setKeeping(state.keeping);
      if (state.from === 'window') {
        const change = marksChange(before, state.marks);
        if (change !== null) set(rebased(now.current, change));
        return;
      }
      takeDraft(state);
    };
    const takeDraft = (state: MarksState): void => {
      if (state.from !== 'draft') return;
      const before = now.current;
      const present = mergeMarks(before.present, state.marks);
      if (present === before.present) return;
      // What was there before this window drew anything was not a step of hers: undo does not take it away.
      set({ ...before, past: before.past.map((one) => mergeMarks(one, state.marks)), present });
      if (before.present.measurements.length + before.present.keyImages.length > 0)
        holder.put(epoch, 'images', present);
    };
    take();
    return holder.state.subscribe(take);
  }, [epoch, holder, set]);

  const { present } = history;
  return useMemo(() => {
    const edit = (id: string, change1: (one: ImageMeasurement) => ImageMeasurement): void => {
      const { present: marks } = now.current;
      change({ ...marks, measurements: marks.measurements.map((one) => (one.id === id ? change1(one) : one)) });
    };
    return {
      marks: present,
      selected,
      keeping,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      select,
      add: (mark, lesion) => {
        const { present: marks } = now.current;
        if (marks.measurements.length >= mostMarks) return null;
        const id = crypto.randomUUID();
        const names = marks.measurements
          .filter((one) => one.kind === 'spine' && one.place.studyUid === mark.place.studyUid)
          .map((one) => one.label);
        const made: ImageMeasurement = {
          ...mark,
          id,
          number: nextNumber(marks),
          label: mark.kind === 'spine' ? nextVertebra(names) : (lesion?.label ?? ''),
          trackingUid: lesion?.trackingUid ?? uidOfUuid(id),
        };
        change({ ...marks, measurements: [...marks.measurements, made] });
        select(id);
        return id;
      },
      move: (id, points, quantities) => edit(id, (one) => ({ ...one, points, quantities })),
      label: (id, words) => edit(id, (one) => (one.label === words ? one : { ...one, label: words.slice(0, 200) })),
      remove: (id) => {
        const { present: marks } = now.current;
        change({ ...marks, measurements: marks.measurements.filter((one) => one.id !== id) });
        select(null);
      },
      toggleKeyImage: (place, look) => {
        const { present: marks } = now.current;
        const without = marks.keyImages.filter((one) => !samePlace(one.place, place));
        const keyImages =
          without.length < marks.keyImages.length
            ? without
            : [...without, { id: crypto.randomUUID(), place, ...(look === undefined ? {} : { look }) }];
        if (keyImages.length <= mostMarks) change({ ...marks, keyImages });
      },
      undo: () => go(undone),
      redo: () => go(redone),
    };
  }, [present, selected, keeping, history, change, go]);
}
