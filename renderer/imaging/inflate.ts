import { Inflate } from 'fflate';

export type InflateBudget = { readonly maximumBytes: number; readonly maximumRatio: number };

/** A CT series' data set deflates by 2 to 4; a hundred is not an image but a bomb. */
export const inflateBudget: InflateBudget = { maximumBytes: 1_073_741_824, maximumRatio: 200 };

export type Inflated =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: 'over-budget' | 'broken' };

const step = 65_536;

/** Inflates a raw deflate stream (RFC 1951, PS3.5 A.5) and stops as soon as it grows beyond its budget. */
export function inflateWithin(deflated: Uint8Array, budget: InflateBudget): Inflated {
  const limit = Math.min(budget.maximumBytes, Math.max(1_048_576, deflated.length * budget.maximumRatio));
  const chunks: Uint8Array[] = [];
  let total = 0;
  let finished = false;
  let over = false;
  const inflate = new Inflate((chunk, final) => {
    total += chunk.length;
    if (total > limit) over = true;
    else chunks.push(chunk);
    finished = final;
  });
  try {
    for (let at = 0; at < deflated.length && !over && !finished; at += step) {
      inflate.push(deflated.subarray(at, at + step), at + step >= deflated.length);
    }
  } catch {
    return { ok: false, why: over ? 'over-budget' : 'broken' };
  }
  if (over) return { ok: false, why: 'over-budget' };
  if (!finished) return { ok: false, why: 'broken' };
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { ok: true, bytes };
}
