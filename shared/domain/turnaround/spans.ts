import { type Instant, type Millis, millis } from '../../lib/instant.ts';

/** Time from one instant up to another, the end not included. */
export type Span = { readonly from: Instant; readonly to: Instant };

/** The same time as disjoint spans, oldest first; empty and backward ones hold no time. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.filter((one) => one.to > one.from).sort((left, right) => left.from - right.from);
  const found: Span[] = [];
  for (const span of sorted) {
    const last = found.at(-1);
    if (last === undefined || span.from > last.to) found.push(span);
    else if (span.to > last.to) found[found.length - 1] = { from: last.from, to: span.to };
  }
  return found;
}

/** What of `spans` is not in `taken`; both are merged. */
export function without(spans: readonly Span[], taken: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    let { from } = span;
    for (const one of taken) {
      if (one.to <= from) continue;
      if (one.from >= span.to) break;
      if (one.from > from) found.push({ from, to: one.from });
      from = one.to;
    }
    if (from < span.to) found.push({ from, to: span.to });
  }
  return found;
}

export function total(spans: readonly Span[]): Millis {
  return millis(spans.reduce((sum, one) => sum + (one.to - one.from), 0));
}
