import { useCallback, useEffect, useRef, useState } from 'react';

/** Where the images of a case are: `undrawn` while what draws them is loaded itself, `none` where there are none to wait for. */
export type ImagesAre = 'here' | 'afar' | 'undrawn' | 'none';

/**
 * Milliseconds after which the rest of the screen is built whatever the images do. From afar the first one may be a fifth of a second away
 * (`firstLook`), and building the rest beside it costs it as much again.
 */
const longestWait: Readonly<Record<ImagesAre, number>> = { here: 300, afar: 250, undrawn: 900, none: 0 };

/** A reader opens a case to see its images: what stands beside them is built when the first of them stands on the screen, or is late. */
export function useImagesFirst(images: ImagesAre): {
  /** True when the rest of the screen may be there. */
  readonly restStands: boolean;
  /** An image stands on the canvas with this frame. */
  readonly imageStands: () => void;
} {
  const [patience] = useState(longestWait[images]);
  const [restStands, setRestStands] = useState(patience === 0);
  useEffect(() => {
    if (restStands) return;
    const late = setTimeout(() => setRestStands(true), patience);
    return () => clearTimeout(late);
  }, [restStands, patience]);
  const told = useRef(false);
  const imageStands = useCallback(() => {
    if (told.current) return;
    told.current = true;
    // With the frame after the next: the next one brings the image to the screen, and what is built before it would hold it back.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => setRestStands(true))));
  }, []);
  return { restStands, imageStands };
}
