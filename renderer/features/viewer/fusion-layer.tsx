import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { finestStep, thinSlab } from '../../../shared/domain/volume/index.ts';
import { type DecodedFrame, planeOfFrame, type ViewportHandle } from '../../imaging/index.ts';
import { coarser, fusionOpacities, fusionPixels, fusionScale, hotMetal } from './fusion.ts';
import type { ShownFrames } from './shown-frames.ts';
import type { Laid } from './use-fusion.ts';

type Props = {
  readonly slot: number;
  readonly handle: ViewportHandle;
  readonly shown: ShownFrames;
  readonly laid: Laid;
};

/** The PET's picture of one frame: it is drawn over that very frame and over no other. */
type Picture = { readonly imageId: string; readonly frame: DecodedFrame };

/** PET in colours over the image on the canvas, resampled onto the image's own plane. */
export function FusionLayer({ slot, handle, shown, laid }: Props) {
  const version = useSyncExternalStore(shown.subscribe, shown.version);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const here = shown.at(slot);
  const imageId = here?.reference.imageId ?? null;
  const { volume, level, strength } = laid;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the image id stands for the frame.
  useEffect(() => {
    const plane = here === null ? null : planeOfFrame(here.reference);
    if (imageId === null || plane === null) return;
    let gone = false;
    void volume.picture(coarser(plane, finestStep(volume.grid) / 3), thinSlab, `over ${slot}`).then((answer) => {
      if (gone) return;
      if (answer.ok) setPicture({ imageId, frame: answer.value });
      else if (answer.error.code !== 'cancelled') setProblem(answer.error.words);
    });
    return () => {
      gone = true;
    };
  }, [imageId, volume, slot]);

  // What belongs to another frame goes before anything is painted, not when the next picture is here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for where the image is drawn.
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(element.clientWidth * ratio);
    element.height = Math.round(element.clientHeight * ratio);
    const state = handle.state();
    const scale = volume.scale();
    const current = handle.current();
    if (picture === null || scale === null || state.covered || picture.imageId !== imageId) return;
    if (current === null || current.reference.imageId !== imageId) return;
    const { rows, columns } = current.reference.description;
    const [corner, right, down] = [handle.toScreen([0, 0]), handle.toScreen([columns, 0]), handle.toScreen([0, rows])];
    if (corner === null || right === null || down === null) return;
    const { frame } = picture;
    const colours = fusionScale(volume.source, level, highestOf(frame, scale));
    const pixels = fusionPixels(frame, scale.outside, scale, colours, fusionOpacities[strength] ?? 0.6);
    const own = new OffscreenCanvas(frame.columns, frame.rows);
    own.getContext('2d')?.putImageData(new ImageData(pixels, frame.columns, frame.rows), 0, 0);
    context.imageSmoothingEnabled = true;
    context.setTransform(
      (ratio * (right[0] - corner[0])) / frame.columns,
      (ratio * (right[1] - corner[1])) / frame.columns,
      (ratio * (down[0] - corner[0])) / frame.rows,
      (ratio * (down[1] - corner[1])) / frame.rows,
      ratio * corner[0],
      ratio * corner[1],
    );
    context.drawImage(own, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawBar(context, element.clientWidth, element.clientHeight, colours.top, colours.unit);
  }, [version, picture, level, strength, imageId, handle, volume]);

  return (
    <>
      <canvas ref={canvas} className="fusion" role="img" aria-label="PET in colours" />
      {problem === null ? null : <p className="fusion-problem">{problem}</p>}
    </>
  );
}

/** The highest value of the whole volume, so that colours mean the same on every plane. */
function highestOf(frame: DecodedFrame, scale: { readonly slope: number; readonly intercept: number }): number {
  const [low, high] = frame.volumeRange ?? [frame.min, frame.max];
  return Math.max(low * scale.slope + scale.intercept, high * scale.slope + scale.intercept) || 1;
}

function drawBar(context: CanvasRenderingContext2D, width: number, height: number, top: number, unit: string): void {
  const [x, y, long] = [width - 16, height / 2 + 20, Math.min(110, height / 4)];
  const colours = context.createLinearGradient(0, y + long, 0, y);
  for (let at = 0; at <= 10; at += 1) colours.addColorStop(at / 10, `rgb(${hotMetal(at / 10).join(' ')})`);
  context.fillStyle = colours;
  context.fillRect(x, y, 8, long);
  context.strokeStyle = 'rgb(200 200 200)';
  context.strokeRect(x, y, 8, long);
  context.font = '11px sans-serif';
  context.textAlign = 'right';
  context.fillStyle = 'rgb(230 230 230)';
  const figure = top >= 100 ? top.toFixed(0) : String(top);
  context.fillText(`${figure} ${unit}`, x - 4, y + 8);
  context.fillText('0', x - 4, y + long);
}
