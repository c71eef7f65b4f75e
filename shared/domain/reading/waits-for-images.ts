import type { Instant } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';

/** The part of a row that says whether its images are still coming. */
export type ArrivingRow = {
  readonly priority: Priority;
  readonly codeStudy?: string | undefined;
  readonly arrival?:
    | { readonly kind: 'arriving'; readonly quietAt: Instant }
    | { readonly kind: 'complete' }
    | undefined;
};

/** STAT and code studies are read with what is there: they are offered with their first image. */
export function neverWaits(row: Pick<ArrivingRow, 'priority' | 'codeStudy'>): boolean {
  return row.priority === 'stat' || row.codeStudy !== undefined;
}

/**
 * Whether a study is not offered yet because its images are still arriving; whoever wants it opens it all the same. Past its quiet
 * period it waits no longer even where no host has written the judgement down: a study must not stay away for want of a host.
 */
export function waitsForImages(row: ArrivingRow, now: Instant): boolean {
  return row.arrival?.kind === 'arriving' && !neverWaits(row) && now < row.arrival.quietAt;
}
