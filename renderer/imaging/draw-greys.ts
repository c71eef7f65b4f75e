import type { Types } from '@cornerstonejs/core';
import type { DecodedFrame, ValuesOfInterest } from './types.ts';
import { greysOf, type Rescale, storedRange } from './window.ts';

export type Greys = {
  readonly frame: DecodedFrame;
  readonly rescale: Rescale;
  readonly voi: ValuesOfInterest;
  readonly inverse: boolean;
};

/** What of Cornerstone3D 5.14 takes any curve; it draws straight windows only by its own properties. */
type CpuViewport = { voiLUT?: { id: string; firstValueMapped: number; lut: readonly number[] } | undefined };
type Curved = {
  readonly _cpuFallbackEnabledElement?: { readonly viewport?: CpuViewport };
  getTransferFunction?(): TransferFunction | undefined;
};
type TransferFunction = {
  removeAllPoints(): void;
  addRGBPoint(x: number, red: number, green: number, blue: number): void;
};

/** Steps of a curve on the graphics card: Cornerstone3D's texture holds as many. */
const curveSteps = 1024;
const curved = new WeakSet<object>();
let curvesMade = 0;

/**
 * Tells Cornerstone3D how stored values become grey. Straight windows go by its own properties; sigmoids and tables, which its CPU
 * path does not draw and its GPU path only samples, are computed here and handed over as curves.
 */
export function drawGreys(viewport: Types.IStackViewport, cpu: boolean, greys: Greys): void {
  const { frame, rescale, voi, inverse } = greys;
  const parts = viewport as unknown as Curved;
  if (voi.kind === 'window' && voi.function !== 'sigmoid') {
    const range = storedRange(voi.window, rescale, voi.function);
    const invert = inverse !== range.turned;
    const { lower } = range;
    // A width of 1 has no slope: all above it is white. The graphics card cannot divide by nothing.
    const upper = Math.max(range.upper, lower + 0.05);
    viewport.setProperties({ voiRange: { lower, upper }, invert });
    if (cpu) setCpuCurve(parts, undefined);
    else if (curved.delete(viewport)) {
      setNodes(parts, [
        [lower, invert ? 1 : 0],
        [upper, invert ? 0 : 1],
      ]);
    }
    return;
  }
  const { min, max } = frame;
  viewport.setProperties({ voiRange: { lower: min, upper: Math.max(max, min + 1) }, invert: cpu && inverse });
  const levels = greysOf(voi, rescale, min, max);
  if (cpu) {
    curvesMade += 1;
    // One entry more, never reached, is white: Cornerstone3D takes the depth of a table from its highest entry.
    const lut = [...Array.from(levels, Math.round), 255];
    setCpuCurve(parts, { id: `curve-${curvesMade}`, firstValueMapped: min, lut });
    return;
  }
  curved.add(viewport);
  setNodes(parts, nodesOf(levels, min, inverse));
}

function setCpuCurve(parts: Curved, table: CpuViewport['voiLUT']): void {
  const viewport = parts._cpuFallbackEnabledElement?.viewport;
  if (viewport !== undefined) viewport.voiLUT = table;
}

/** Steps are spent where the curve rises and falls, not on its flat ends. */
function nodesOf(levels: Float32Array, min: number, inverse: boolean): readonly (readonly [number, number])[] {
  const last = levels.length - 1;
  let from = 0;
  let to = last;
  while (from < last && levels[from + 1] === levels[0]) from += 1;
  while (to > from + 1 && levels[to - 1] === levels[last]) to -= 1;
  const count = Math.max(2, Math.min(curveSteps, to - from + 1));
  return Array.from({ length: count }, (_, step) => {
    const at = Math.round(from + (step / (count - 1)) * Math.max(1, to - from));
    const grey = (levels[Math.min(last, at)] ?? 0) / 255;
    return [min + at, inverse ? 1 - grey : grey] as const;
  });
}

function setNodes(parts: Curved, nodes: readonly (readonly [number, number])[]): void {
  const transfer = parts.getTransferFunction?.();
  if (transfer === undefined) return;
  transfer.removeAllPoints();
  for (const [at, grey] of nodes) transfer.addRGBPoint(at, grey, grey, grey);
}
