import type { CacheWriter } from './frame-cache.ts';
import type { ResumedParts } from './resumed-parts.ts';

/**
 * What came whole of an answer that broke off is kept, if it is more than was kept before; otherwise nothing of it is. After a commit of
 * the whole this does nothing.
 */
export function keepBegun(writer: CacheWriter, contentType: string, resumed: ResumedParts, before: number): void {
  const places = resumed.places();
  if (resumed.mismatch() || places.length <= before) writer.abandon();
  else writer.commit({ contentType, parts: places.length, places, begun: true });
}
