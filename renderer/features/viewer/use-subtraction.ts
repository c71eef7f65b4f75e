import { useRef, useState } from 'react';
import { acquiredSeries, type Imaging, type Point, type ReaderMask, type SeriesImages } from '../../imaging/index.ts';
import { asAcquired, type Hung } from './hung.ts';
import type { Slots } from './use-slots.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';

export type Subtraction = {
  /** Why the last thing that was asked for cannot be done; null when it can. */
  readonly words: string | null;
  /** What is said beside an image that could be seen subtracted and is not; null for all others. */
  offer(hung: Hung | null, slice: number): string | null;
  /** True when the command was one about masks. */
  run(command: ViewerKeyCommand): boolean;
};

const untouched: ReaderMask = { frame: null, shift: [0, 0] };

/** Frames of an angiogram less their mask: computed on demand in the chosen viewport, never shown by itself. */
export function useSubtraction(imaging: Imaging, epoch: number, slots: Slots, onByHand: () => void): Subtraction {
  /** What the reader changed of a series' masks, for as long as the case is open. */
  const changed = useRef(new Map<SeriesImages, ReaderMask>());
  const [words, setWords] = useState<string | null>(null);
  const { active, handle, chosen, setHung } = slots;

  function put(change: Pick<Hung, 'images' | 'series' | 'display'>): void {
    const index = Math.max(0, (handle?.state().slice ?? 1) - 1);
    onByHand();
    setHung((before) =>
      before.map((one, slot) => (one !== null && slot === chosen ? { ...one, ...change, index } : one)),
    );
  }

  function subtract(by: ReaderMask): void {
    const subtractions = imaging.subtractions(epoch);
    const images = imaging.images(epoch);
    if (active === null || active.series.computed !== undefined || subtractions === null || images === null) {
      setWords('Choose a series of frames first: a mask is subtracted from them.');
      return;
    }
    const source = acquiredSeries(active.series);
    const opened = subtractions.open(images, source, by);
    if (opened === null) {
      setWords(
        source.frames.length < 2
          ? 'This image is a single frame: there is no mask to subtract.'
          : 'This series names no mask: go to the frame that shall be the mask and press Alt+Shift+X.',
      );
      return;
    }
    setWords(null);
    changed.current.set(source, by);
    // Its windows are of differences: remembered beside those of the frames as acquired.
    put({ ...opened, display: { ...(active.display ?? asAcquired), window: null, windowName: 'subtracted' } });
  }

  function asItWas(): void {
    const images = imaging.images(epoch);
    if (active?.series.subtracted === undefined || images === null) return;
    put({ images, series: active.series.subtracted.source, display: null });
  }

  const of = (series: SeriesImages): ReaderMask => changed.current.get(acquiredSeries(series)) ?? untouched;

  function shift(by: Point): void {
    if (active?.series.subtracted === undefined) {
      setWords('The mask is moved where it is subtracted: press Alt+Shift+D first.');
      return;
    }
    const before = of(active.series);
    subtract({ ...before, shift: [before.shift[0] + by[0], before.shift[1] + by[1]] });
  }

  function maskHere(): void {
    const state = handle?.state() ?? null;
    if (active === null || state === null || state.instanceUid === null || state.frame === null) return;
    subtract({ frame: { instanceUid: state.instanceUid, frame: state.frame }, shift: [0, 0] });
  }

  return {
    words,
    offer(hung, slice) {
      const reference = hung?.series.frames[slice - 1];
      if (hung === null || hung.series.subtracted !== undefined || reference === undefined) return null;
      return reference.masks.length === 0 ? null : 'names a mask: subtract with Alt+Shift+D';
    },
    run(command) {
      switch (command.type) {
        case 'toggle-subtraction':
          if (active?.series.subtracted !== undefined) asItWas();
          else subtract(active === null ? untouched : of(active.series));
          return true;
        case 'mask-here':
          maskHere();
          return true;
        case 'shift-mask':
          shift([command.down, command.right]);
          return true;
        case 'mask-as-sent':
          subtract(untouched);
          return true;
        default:
          return false;
      }
    },
  };
}
