import { useLayoutEffect, useRef } from 'react';
import type { Strip } from '../../../shared/domain/display/index.ts';
import { testPattern } from './test-pattern.ts';

/** The pattern, one of its pixels on each pixel of the screen: the canvas is set on whole device pixels, wherever its box stands. */
export function PatternCanvas(props: { readonly digits: Readonly<Record<Strip, string>> }) {
  const { digits } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const [around, surface] = [box.current, canvas.current];
    if (around === null || surface === null) return;
    const draw = (): void => {
      const ratio = window.devicePixelRatio;
      const { left, top, width, height } = around.getBoundingClientRect();
      const [across, down] = [Math.floor(width * ratio) - 1, Math.floor(height * ratio) - 1];
      if (across < 320 || down < 200) return;
      const snapped = (at: number): string => `${Math.ceil(at * ratio) / ratio - at}px`;
      Object.assign(surface.style, {
        left: snapped(left),
        top: snapped(top),
        width: `${across / ratio}px`,
        height: `${down / ratio}px`,
      });
      surface.width = across;
      surface.height = down;
      const greys = testPattern(across, down, digits);
      const pixels = new ImageData(across, down);
      const words = new Uint32Array(pixels.data.buffer);
      for (let at = 0; at < greys.length; at += 1) words[at] = 0xff000000 | ((greys[at] ?? 0) * 0x010101);
      surface.getContext('2d', { alpha: false })?.putImageData(pixels, 0, 0);
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(around);
    window.addEventListener('resize', draw);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', draw);
    };
  }, [digits]);
  return (
    <div ref={box} className="display-pattern">
      <canvas
        ref={canvas}
        role="img"
        aria-label="Test pattern: patches from black to white, digits in three strips, ramps, lines of one pixel"
      />
    </div>
  );
}
