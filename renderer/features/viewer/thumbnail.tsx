import { useEffect, useRef } from 'react';
import {
  type CaseImages,
  type DecodedFrame,
  type FrameReference,
  greyOf,
  rescaleOf,
  type SeriesImages,
  valuesOfInterest,
} from '../../imaging/index.ts';

const side = 96;

/** The middle image of a series, drawn from its decoded pixels: nothing is asked of the archive for it alone but that frame. */
export function Thumbnail({ images, series }: { readonly images: CaseImages; readonly series: SeriesImages }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    const reference = series.frames[Math.floor(series.frames.length / 2)];
    if (reference === undefined) return;
    void images.want(series, reference).then((answer) => {
      // In the page's own memory: a surface of the graphics card for so few pixels holds up the first image of the case.
      const context = canvas.current?.getContext('2d', { willReadFrequently: true });
      if (gone || answer.kind !== 'loaded' || !context) return;
      const drawn = thumbnailPixels(reference, series, answer.frame, side);
      context.putImageData(new ImageData(drawn, side, side), 0, 0);
    });
    return () => {
      gone = true;
    };
  }, [images, series]);
  return <canvas ref={canvas} width={side} height={side} className="thumbnail" />;
}

/** RGBA of a square with the whole image inside, by nearest pixel, in the window that the image asks for. */
export function thumbnailPixels(
  reference: FrameReference,
  series: SeriesImages,
  frame: DecodedFrame,
  size: number,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(size * size * 4);
  const voi = valuesOfInterest(reference, series, frame, null);
  const { slope, intercept } = rescaleOf(reference, frame);
  const row = reference.pixelSize.kind === 'unknown' ? 1 : reference.pixelSize.row;
  const column = reference.pixelSize.kind === 'unknown' ? 1 : reference.pixelSize.column;
  const millimetres = Math.max(frame.rows * row, frame.columns * column) / size;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const to = (y * size + x) * 4;
      out[to + 3] = 255;
      const sourceX = Math.floor(((x - size / 2) * millimetres) / column + frame.columns / 2);
      const sourceY = Math.floor(((y - size / 2) * millimetres) / row + frame.rows / 2);
      if (sourceX < 0 || sourceY < 0 || sourceX >= frame.columns || sourceY >= frame.rows) continue;
      const from = sourceY * frame.columns + sourceX;
      if (frame.colour) {
        for (let part = 0; part < 3; part += 1) out[to + part] = frame.pixels[from * 4 + part] ?? 0;
        continue;
      }
      const value = (frame.pixels[from] ?? 0) * slope + intercept;
      const grey = greyOf(value, voi) * 255;
      out[to] = reference.inverse ? 255 - grey : grey;
      out[to + 1] = out[to] ?? 0;
      out[to + 2] = out[to] ?? 0;
    }
  }
  return out;
}
