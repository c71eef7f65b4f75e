import type { SeriesImages } from '../../imaging/index.ts';
import type { Slots } from './use-slots.ts';

/** A multi-frame image among the frames of a series: 0-based, both ends included. */
export type Clip = { readonly from: number; readonly to: number };

/** The clips of a series in its order; frames that are images of their own belong to none. */
export function clipsOf(series: Pick<SeriesImages, 'frames'>): readonly Clip[] {
  const clips: { from: number; to: number }[] = [];
  for (const [at, frame] of series.frames.entries()) {
    if (frame.description.frames < 2) continue;
    const last = clips.at(-1);
    if (last !== undefined && last.to === at - 1 && series.frames[last.from]?.instanceUid === frame.instanceUid)
      last.to = at;
    else clips.push({ from: at, to: at });
  }
  return clips;
}

/** The frame after this one when it plays: a clip begins again at its own first frame and never runs into the next. */
export function nextFrame(clips: readonly Clip[], frames: number, index: number): number {
  const clip = clips.find(({ from, to }) => index >= from && index <= to) ?? { from: 0, to: frames - 1 };
  return index >= clip.to ? clip.from : index + 1;
}

/** Each clip of the series that hangs in a viewport of its own, as many as the largest layout holds. */
export function tileClips(slots: Slots): void {
  const { active } = slots;
  if (active === null) return;
  const clips = clipsOf(active.series).slice(0, 16);
  if (clips.length < 2) return;
  slots.changeLayout(clips.length === 2 ? '1x2' : clips.length <= 4 ? '2x2' : clips.length <= 9 ? '3x3' : '4x4');
  for (const [slot, clip] of clips.entries()) slots.hang(slot, active.study, active.series, clip.from);
  slots.activate(0);
}
