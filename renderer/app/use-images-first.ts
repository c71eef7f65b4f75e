import { useCallback, useEffect, useRef, useState } from 'react';

/** Milliseconds after which the rest of the screen is built whatever the images do. */
const longestWait = 300;

/**
 * A reader opens a case to see its images: what stands beside them is built in the gaps while they are asked for, and at once when the
 * first of them stands on the screen or is late.
 */
export function useImagesFirst(awaited: boolean): {
  /** True when the rest of the screen may be there. */
  readonly restStands: boolean;
  /** An image stands on the canvas with this frame. */
  readonly imageStands: () => void;
} {
  const [restStands, setRestStands] = useState(!awaited);
  useEffect(() => {
    if (restStands) return;
    const late = setTimeout(() => setRestStands(true), longestWait);
    return () => clearTimeout(late);
  }, [restStands]);
  const told = useRef(false);
  const imageStands = useCallback(() => {
    if (told.current) return;
    told.current = true;
    // With the frame after the next: the next one brings the image to the screen, and what is built before it would hold it back.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => setRestStands(true))));
  }, []);
  return { restStands, imageStands };
}
