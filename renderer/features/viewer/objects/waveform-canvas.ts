import type { WaveformAnnotation, WaveformGroup } from '../../../imaging/index.ts';
import { type Strip, type TraceScale, traceOf } from './waveform-layout.ts';

const paper = {
  ground: '#0b0d0f',
  fine: '#3d2529',
  coarse: '#6b3d42',
  line: '#e8eef2',
  ink: '#c9d3da',
  mark: '#8fd0e6',
};

/** Draws paper, strips and the object's own marks in time. The canvas is sized for the device's pixels; units are CSS pixels. */
export function drawWaveform(
  canvas: HTMLCanvasElement,
  size: { readonly width: number; readonly height: number },
  group: WaveformGroup,
  strips: readonly Strip[],
  scale: TraceScale,
  annotations: readonly WaveformAnnotation[],
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = paper.ground;
  context.fillRect(0, 0, size.width, size.height);
  grid(context, size, scale);
  for (const strip of strips) {
    const channel = group.channels[strip.channel];
    if (channel === undefined) continue;
    context.save();
    context.beginPath();
    context.rect(strip.left, strip.top, strip.width, strip.height);
    context.clip();
    markTimes(context, strip, scale, annotations, strip === strips.at(-1));
    context.strokeStyle = paper.line;
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    for (const run of traceOf(channel, group.frequency, strip, scale)) {
      context.beginPath();
      for (const [at, [x, y]] of run.entries()) {
        if (at === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      context.stroke();
    }
    context.restore();
    context.fillStyle = paper.ink;
    context.font = '600 13px "IBM Plex Sans Variable", sans-serif';
    context.fillText(strip.name, strip.left + 6, strip.top + 15);
    const beside = [strip.scaleWords, channel.doubt].filter((words) => words !== '').join(', ');
    if (beside === '') continue;
    context.font = '400 11px "IBM Plex Sans Variable", sans-serif';
    context.fillText(beside, strip.left + 14 + context.measureText(strip.name).width * 1.3, strip.top + 15);
  }
}

/** Lines of 1 mm, stronger ones of 5 mm: 40 ms and 200 ms at 25 mm/s. */
function grid(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  { pixelsPerMm }: TraceScale,
): void {
  for (const [every, colour] of [
    [1, paper.fine],
    [5, paper.coarse],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = every === 5 ? 1 : 0.5;
    context.beginPath();
    const step = every * pixelsPerMm;
    for (let x = 0; x <= width; x += step) {
      context.moveTo(x, 0);
      context.lineTo(x, height);
    }
    for (let y = 0; y <= height; y += step) {
      context.moveTo(0, y);
      context.lineTo(width, y);
    }
    context.stroke();
  }
}

function markTimes(
  context: CanvasRenderingContext2D,
  strip: Strip,
  scale: TraceScale,
  annotations: readonly WaveformAnnotation[],
  /** What is meant for all channels stands below the last strip alone. */
  isLast: boolean,
): void {
  context.fillStyle = paper.mark;
  context.strokeStyle = paper.mark;
  context.lineWidth = 0.75;
  context.font = '400 10px "IBM Plex Sans Variable", sans-serif';
  const width = scale.speed * scale.pixelsPerMm;
  const marks = annotations
    .filter((one) => (one.channel === null ? isLast : one.channel === strip.channel))
    .flatMap((one) =>
      one.seconds.map((seconds) => ({ x: strip.left + (seconds - strip.from) * width, words: one.words })),
    )
    .filter(({ x }) => x >= strip.left && x <= strip.left + strip.width)
    .sort((left, right) => left.x - right.x);
  // Words that would stand on one another are left out; every mark keeps its line.
  let free = Number.NEGATIVE_INFINITY;
  for (const { x, words } of marks) {
    context.beginPath();
    context.moveTo(x, strip.top + strip.height - 14);
    context.lineTo(x, strip.top + strip.height);
    context.stroke();
    const said = words.slice(0, 24);
    if (x < free) continue;
    context.fillText(said, x + 2, strip.top + strip.height - 5);
    free = x + 6 + context.measureText(said).width;
  }
}
