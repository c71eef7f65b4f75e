import { between, cross, dot, unit, type Vector } from './vector.ts';

/** A stack of pictures as linking needs it: where each lies. Null positions and directions make no link by place. */
export type StackPlaces = {
  readonly frameOfReferenceUid: string | null;
  readonly slices: readonly {
    readonly position: Vector | null;
    readonly directions: { readonly row: Vector; readonly column: Vector } | null;
  }[];
};

/** Two slices that the reader says show the same level, by 0-based index. */
export type HandMatch = { readonly one: number; readonly other: number };

export type Link =
  /** Same Frame of Reference UID (0020,0052) and parallel: positions in the patient are compared. */
  | { readonly kind: 'by-place'; readonly words: string }
  /** Matched by hand: `scale` is slices of the other for one slice of this one. */
  | { readonly kind: 'by-hand'; readonly match: HandMatch; readonly scale: number; readonly words: string }
  | { readonly kind: 'none'; readonly why: string };

/** Degrees between two stacks' slices; null where either does not say. */
export function degreesApart(one: StackPlaces, other: StackPlaces): number | null {
  const [first, second] = [normalOf(one), normalOf(other)];
  if (first === null || second === null) return null;
  return (Math.acos(Math.min(1, Math.abs(dot(first, second)))) * 180) / Math.PI;
}

function normalOf(stack: StackPlaces): Vector | null {
  const directions = stack.slices[0]?.directions ?? null;
  return directions === null ? null : unit(cross(directions.row, directions.column));
}

/** Millimetres from slice to slice along the stack's own normal, signed in its order; null where it is no walk through space. */
function stepOf(stack: StackPlaces, normal: Vector): number | null {
  const [first, last] = [stack.slices[0]?.position ?? null, stack.slices.at(-1)?.position ?? null];
  if (first === null || last === null || stack.slices.length < 2) return null;
  const step = dot(between(first, last), normal) / (stack.slices.length - 1);
  return Math.abs(step) < 0.01 ? null : step;
}

/**
 * How two stacks scroll together. By the patient where both are of one frame of reference and parallel; else by the reader's own match,
 * whose quality is told in words, since a patient never lies twice in the same way.
 */
export function linkOf(one: StackPlaces, other: StackPlaces, match: HandMatch | null): Link {
  const angle = degreesApart(one, other);
  const sameFrame = one.frameOfReferenceUid !== null && one.frameOfReferenceUid === other.frameOfReferenceUid;
  if (match === null) {
    if (!sameFrame) return { kind: 'none', why: 'not of one frame of reference: match them by hand' };
    if (angle === null) return { kind: 'none', why: 'not all images say where they lie: match them by hand' };
    return angle > 20
      ? { kind: 'none', why: `${angle.toFixed(0)}° apart` }
      : { kind: 'by-place', words: 'linked by frame of reference' };
  }
  const normal = normalOf(one);
  const [step, otherStep] = normal === null ? [null, null] : [stepOf(one, normal), stepOf(other, normal)];
  const pair = `matched by hand at ${match.one + 1} and ${match.other + 1}`;
  if (angle === null || step === null || otherStep === null)
    return { kind: 'by-hand', match, scale: 1, words: `${pair}, slice by slice (rough: distances not known)` };
  const quality =
    angle <= 5 ? 'good' : angle <= 15 ? `fair: ${angle.toFixed(0)}° apart` : `rough: ${angle.toFixed(0)}° apart`;
  return { kind: 'by-hand', match, scale: step / otherStep, words: `${pair} (${quality}, true near that level)` };
}

export type Partner = {
  readonly index: number;
  /** Millimetres between the two slices along the normal; null where it is not known. */
  readonly away: number | null;
};

/**
 * The slice of the other stack that belongs to this slice, brought into the stack; null where nothing links them. Of several images of one
 * place (phases, directions) it is the one nearest to `now`, the slice that is shown.
 */
export function partnerOf(link: Link, one: StackPlaces, other: StackPlaces, index: number, now = 0): Partner | null {
  const last = other.slices.length - 1;
  if (link.kind === 'none' || last < 0) return null;
  if (link.kind === 'by-hand') {
    const at = Math.round(link.match.other + (index - link.match.one) * link.scale);
    return { index: Math.min(last, Math.max(0, at)), away: null };
  }
  const from = one.slices[index]?.position ?? null;
  return from === null ? null : nearestSlice(other, from, now);
}

/** The slice that lies nearest to a point, measured along the slices' normal; null where they do not say where they lie. */
export function nearestSlice(stack: StackPlaces, point: Vector, now = 0): Partner | null {
  let best: Partner | null = null;
  const same = 0.01;
  for (const [index, { position, directions }] of stack.slices.entries()) {
    if (position === null || directions === null) continue;
    const normal = unit(cross(directions.row, directions.column));
    const away = dot(between(position, point), normal);
    const gain = best === null ? Number.POSITIVE_INFINITY : Math.abs(best.away ?? 0) - Math.abs(away);
    const isNearerToNow = best !== null && Math.abs(index - now) < Math.abs(best.index - now);
    if (gain > same || (gain > -same && isNearerToNow)) best = { index, away };
  }
  return best;
}
