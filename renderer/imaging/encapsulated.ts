export type Joined =
  | { readonly ok: true; readonly frames: readonly Uint8Array[] }
  | { readonly ok: false; readonly why: string };

/**
 * Frames out of the fragments of encapsulated Pixel Data (PS3.5 A.4). A Basic Offset Table decides where there is one. Without it,
 * one fragment a frame is taken as such; otherwise fragments are joined by the start and end marks of their codec.
 *
 * @param offsets offsets of the Basic Offset Table, in bytes from the first fragment's item tag; empty when it is empty.
 */
export function joinFragments(
  fragments: readonly Uint8Array[],
  offsets: readonly number[],
  frameCount: number,
): Joined {
  if (fragments.length === 0) return { ok: false, why: 'the pixel data hold no fragment' };
  if (frameCount === 1) return { ok: true, frames: [concatenate(fragments)] };
  if (offsets.length === frameCount) {
    const byTable = joinByOffsets(fragments, offsets);
    if (byTable !== null) return { ok: true, frames: byTable };
  }
  if (fragments.length === frameCount) return { ok: true, frames: fragments };
  const byMarks = joinByMarks(fragments);
  if (byMarks.length === frameCount) return { ok: true, frames: byMarks };
  return {
    ok: false,
    why: `${fragments.length} fragments could not be joined to ${frameCount} frames (no usable offset table)`,
  };
}

/** Each fragment stands behind an item header of 8 bytes (PS3.5 A.4). */
function joinByOffsets(fragments: readonly Uint8Array[], offsets: readonly number[]): readonly Uint8Array[] | null {
  const startOf = new Map<number, number>();
  let at = 0;
  fragments.forEach((fragment, index) => {
    startOf.set(at, index);
    at += 8 + fragment.length;
  });
  const firsts: number[] = [];
  for (const offset of offsets) {
    const index = startOf.get(offset);
    if (index === undefined) return null;
    if (firsts.length > 0 && index <= (firsts.at(-1) ?? -1)) return null;
    firsts.push(index);
  }
  if (firsts[0] !== 0) return null;
  return firsts.map((first, frame) => concatenate(fragments.slice(first, firsts[frame + 1] ?? fragments.length)));
}

function joinByMarks(fragments: readonly Uint8Array[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (const fragment of fragments) {
    if (startsCodestream(fragment) && open.length > 0) {
      frames.push(concatenate(open));
      open = [];
    }
    open.push(fragment);
  }
  if (open.length > 0) frames.push(concatenate(open));
  return frames;
}

/** JPEG and JPEG-LS begin with SOI FFD8 FF (T.81 B.1.1.3), JPEG 2000 and HTJ2K with SOC SIZ FF4F FF51 (T.800 A.4.1). */
export function startsCodestream(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff) return false;
  if (bytes[1] === 0xd8) return bytes[2] === 0xff;
  return bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51;
}

function concatenate(fragments: readonly Uint8Array[]): Uint8Array {
  const [only] = fragments;
  if (fragments.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(fragments.reduce((sum, fragment) => sum + fragment.length, 0));
  let at = 0;
  for (const fragment of fragments) {
    joined.set(fragment, at);
    at += fragment.length;
  }
  return joined;
}
