import type { FrameReference, SeriesImages } from '../../imaging/index.ts';

/** What a viewport shows at this moment, or has been asked to show. */
export type ShownFrame = { readonly series: SeriesImages; readonly reference: FrameReference; readonly index: number };

/** Which frame each viewport shows, told at once to whoever draws lines from one into the other. */
export type ShownFrames = {
  at(slot: number): ShownFrame | null;
  all(): readonly (readonly [slot: number, shown: ShownFrame])[];
  put(slot: number, shown: ShownFrame | null): void;
  /** Something is drawn at another place: lines have to be drawn anew. */
  moved(): void;
  subscribe(listener: () => void): () => void;
  version(): number;
};

export function shownFrames(): ShownFrames {
  const shown = new Map<number, ShownFrame>();
  const listeners = new Set<() => void>();
  let version = 0;
  const tell = (): void => {
    version += 1;
    for (const listener of listeners) listener();
  };
  return {
    at: (slot) => shown.get(slot) ?? null,
    all: () => [...shown],
    put(slot, next) {
      const before = shown.get(slot) ?? null;
      if (before?.reference === next?.reference) return;
      if (next === null) shown.delete(slot);
      else shown.set(slot, next);
      tell();
    },
    moved: tell,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    version: () => version,
  };
}

/** Whether places in the one are places in the other: one frame of reference (0020,0052), or pictures of one volume. */
export function sameSpace(one: SeriesImages, other: SeriesImages): boolean {
  if (one === other) return true;
  if (one.epoch !== other.epoch) return false;
  const source = one.computed?.source ?? one;
  if (source === (other.computed?.source ?? other)) return true;
  return one.frameOfReferenceUid !== null && one.frameOfReferenceUid === other.frameOfReferenceUid;
}
