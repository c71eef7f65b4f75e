import { setFlagsFromString } from 'node:v8';

/**
 * Bytes that stream through the host lie outside V8's heap. By its usual rule V8 collects all garbage after every 64 MB of them, whatever
 * the size of the heap, so that a host with a long list went through the whole of it several times for each series that it passed on: half
 * of the processor time of a stream, and most of what a change costs with 100,000 orders. Counted into the heap's own limit they are freed
 * by the small collections. A V8 that does not know the rule says so
 * on standard error and goes on as usual.
 */
export function countOutsideMemory(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
