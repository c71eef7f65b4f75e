import { type RefObject, useEffect, useRef } from 'react';
import type { CaseCommand } from '../../case/index.ts';
import { mouse } from './mouse-map.ts';

/** Back and forward button of a mouse over the images. The browser's own meaning, leaving the page, never happens there. */
export function useThumbButtons(root: RefObject<HTMLElement | null>, run: (command: CaseCommand) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const isThumb = (event: MouseEvent): boolean => event.button === 3 || event.button === 4;
    const onDown = (event: PointerEvent): void => {
      if (!isThumb(event)) return;
      // Not prevented: then no mouse event would follow, and it is at the mouse event that the browser asks whether it may go back.
      event.stopPropagation();
      const map = mouse.getState();
      const action = event.button === 3 ? map.back : map.forward;
      if (action !== 'nothing') latest.current({ type: action });
    };
    const swallow = (event: MouseEvent): void => {
      if (isThumb(event)) event.preventDefault();
    };
    element.addEventListener('pointerdown', onDown, true);
    for (const name of ['mousedown', 'mouseup', 'auxclick'] as const) element.addEventListener(name, swallow, true);
    return () => {
      element.removeEventListener('pointerdown', onDown, true);
      for (const name of ['mousedown', 'mouseup', 'auxclick'] as const)
        element.removeEventListener(name, swallow, true);
    };
  }, [root]);
}
