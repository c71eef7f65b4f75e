import type { DecodedFrame, ImagingFailure } from './types.ts';

export type FrameState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'loaded'; readonly frame: DecodedFrame }
  | { readonly kind: 'failed'; readonly failure: ImagingFailure };

export type FrameStore = {
  state(imageId: string): FrameState;
  put(imageId: string, frame: DecodedFrame): void;
  fail(imageId: string, failure: ImagingFailure): void;
  /** A frame that a viewport shows is never put out. */
  pin(imageId: string): void;
  unpin(imageId: string): void;
  isPinned(imageId: string): boolean;
  forget(imageIds: Iterable<string>): void;
  bytes(): number;
  full(): boolean;
};

const absent: FrameState = { kind: 'absent' };

/** Decoded frames of the window up to a limit in bytes; the least recently used go first. `onEvict` frees what others hold of them. */
export function frameStore(maximumBytes: number, onEvict: (imageId: string) => void): FrameStore {
  const states = new Map<string, FrameState>();
  const pins = new Map<string, number>();
  let total = 0;

  function drop(imageId: string): void {
    const state = states.get(imageId);
    if (state === undefined) return;
    if (state.kind === 'loaded') total -= state.frame.pixels.byteLength;
    states.delete(imageId);
    onEvict(imageId);
  }

  function makeRoom(keep: string): void {
    if (total <= maximumBytes) return;
    // A Map keeps its order of insertion, and `state` moves what is used to the end.
    for (const [imageId, state] of states) {
      if (total <= maximumBytes) return;
      if (state.kind === 'loaded' && imageId !== keep && !pins.has(imageId)) drop(imageId);
    }
  }

  return {
    state(imageId) {
      const state = states.get(imageId);
      if (state === undefined) return absent;
      states.delete(imageId);
      states.set(imageId, state);
      return state;
    },
    put(imageId, frame) {
      drop(imageId);
      states.set(imageId, { kind: 'loaded', frame });
      total += frame.pixels.byteLength;
      makeRoom(imageId);
    },
    fail(imageId, failure) {
      if (states.get(imageId)?.kind === 'loaded') return;
      states.set(imageId, { kind: 'failed', failure });
    },
    pin: (imageId) => void pins.set(imageId, (pins.get(imageId) ?? 0) + 1),
    unpin(imageId) {
      const left = (pins.get(imageId) ?? 0) - 1;
      if (left > 0) pins.set(imageId, left);
      else pins.delete(imageId);
    },
    isPinned: (imageId) => pins.has(imageId),
    forget(imageIds) {
      for (const imageId of imageIds) {
        pins.delete(imageId);
        drop(imageId);
      }
    },
    bytes: () => total,
    full: () => total >= maximumBytes,
  };
}
