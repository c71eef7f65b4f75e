import type { WaveformChannel, WaveformGroup } from '../../../imaging/index.ts';

/** Screen scale of a tracing. `pixelsPerMm` is the size of the page's millimetre: true only where the screen is calibrated. */
export type TraceScale = {
  readonly pixelsPerMm: number;
  /** Millimetres of a second: 25 or 50. */
  readonly speed: number;
  /** Millimetres of a millivolt: 5, 10 or 20. */
  readonly gain: number;
};

export const speeds = [12.5, 25, 50] as const;
export const gains = [5, 10, 20] as const;
export type TraceArrangement = '3x4' | 'stacked';

/** One strip: a stretch of one channel in a box of the drawing, in CSS pixels. */
export type Strip = {
  readonly channel: number;
  readonly name: string;
  readonly left: number;
  readonly width: number;
  /** Where the zero of the channel stands. */
  readonly zero: number;
  readonly top: number;
  readonly height: number;
  /** Seconds of the group at its left edge. */
  readonly from: number;
  /** Pixels of one unit of the channel; of mV where it is a voltage. */
  readonly unitPixels: number;
  /** What the reader must know of its scale: empty for voltages. */
  readonly scaleWords: string;
};

const columns: readonly (readonly string[])[] = [
  ['I', 'II', 'III'],
  ['aVR', 'aVL', 'aVF'],
  ['V1', 'V2', 'V3'],
  ['V4', 'V5', 'V6'],
];
/** Millimetres between the zero lines of rows: 30 mm leave room for 1.5 mV either way at 10 mm/mV. */
const rowMm = 30;
/** Seconds: what is shorter is one beat and no rhythm. */
const shortest = 4;

/** Whether a group holds the twelve leads by their names. */
export function hasTwelveLeads(group: WaveformGroup): boolean {
  return columns.flat().every((name) => leadOf(group, name) !== -1);
}

function leadOf(group: WaveformGroup, name: string): number {
  return group.channels.findIndex((channel) => channel.name.toUpperCase() === name.toUpperCase());
}

export function secondsOf(group: WaveformGroup): number {
  return group.sampleCount / group.frequency;
}

/** Seconds that fit into the width. */
export function secondsShown(width: number, scale: TraceScale): number {
  return width / (scale.speed * scale.pixelsPerMm);
}

/** The strips of a group in a drawing of this width, from this second on, and the height that they need. */
export function stripsOf(
  group: WaveformGroup,
  arrangement: TraceArrangement,
  width: number,
  from: number,
  scale: TraceScale,
): { readonly strips: readonly Strip[]; readonly height: number } {
  const rowHeight = rowMm * scale.pixelsPerMm;
  const strip = (channel: number, row: number, left: number, wide: number, at: number): Strip => {
    const found = group.channels[channel];
    return {
      channel,
      name: found?.name ?? '',
      left,
      width: wide,
      top: row * rowHeight,
      height: rowHeight,
      zero: row * rowHeight + rowHeight / 2,
      from: at,
      ...unitOf(found, scale, rowHeight),
    };
  };
  if (arrangement === '3x4' && hasTwelveLeads(group)) {
    const total = secondsOf(group);
    // A median beat stands in every column; a rhythm runs on from one to the next, as on paper, each lead with its own quarter.
    const isBeat = total < shortest;
    const each = Math.min(secondsShown(width / 4, scale), isBeat ? total : total / 4);
    const wide = each * scale.speed * scale.pixelsPerMm;
    const strips = columns.flatMap((names, column) =>
      names.map((name, row) =>
        strip(leadOf(group, name), row, column * wide, wide, isBeat ? from : from + column * each),
      ),
    );
    return { strips: [...strips, strip(leadOf(group, 'II'), 3, 0, width, from)], height: rowHeight * 4 };
  }
  return {
    strips: group.channels.map((_, channel) => strip(channel, channel, 0, width, from)),
    height: rowHeight * group.channels.length,
  };
}

function unitOf(channel: WaveformChannel | undefined, scale: TraceScale, rowHeight: number) {
  if (channel?.unit === 'mV') return { unitPixels: scale.gain * scale.pixelsPerMm, scaleWords: '' };
  // Pressures and stored values have no scale on paper: theirs is made to fill the row and is said.
  const most = channel?.most ?? 0;
  const unitPixels = most === 0 ? 1 : (rowHeight * 0.45) / most;
  const unit = channel?.unit === '' || channel === undefined ? 'stored values' : channel.unit;
  return { unitPixels, scaleWords: `row = ±${(rowHeight / 2 / unitPixels).toPrecision(3)} ${unit}` };
}

/**
 * The line of a strip: one column of pixels at a time, from its lowest to its highest sample, so that no spike between two columns is
 * lost. Padding leaves a gap.
 */
export function traceOf(
  channel: WaveformChannel,
  frequency: number,
  strip: Strip,
  scale: TraceScale,
): readonly (readonly (readonly [number, number])[])[] {
  const runs: (readonly [number, number])[][] = [];
  let run: [number, number][] = [];
  const perPixel = frequency / (scale.speed * scale.pixelsPerMm);
  const first = (strip.from - channel.skew) * frequency;
  const y = (value: number): number => strip.zero - value * strip.unitPixels;
  const end = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  if (perPixel <= 1) {
    const from = Math.max(0, Math.ceil(first));
    const to = Math.min(channel.samples.length - 1, Math.floor(first + strip.width * perPixel));
    for (let at = from; at <= to; at += 1) {
      const value = channel.samples[at] ?? Number.NaN;
      if (Number.isNaN(value)) end();
      else run.push([strip.left + (at - first) / perPixel, y(value)]);
    }
    end();
    return runs;
  }
  for (let x = 0; x < strip.width; x += 1) {
    const from = Math.max(0, Math.floor(first + x * perPixel));
    const to = Math.min(channel.samples.length, Math.floor(first + (x + 1) * perPixel));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = from; at < to; at += 1) {
      const value = channel.samples[at] ?? Number.NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) end();
    else run.push([strip.left + x, y(high)], [strip.left + x, y(low)]);
  }
  end();
  return runs;
}

/** Two points of a drawing, in CSS pixels. */
export type Caliper = { readonly from: readonly [number, number]; readonly to: readonly [number, number] };

/** "400 ms · 150 /min · 1.20 mV" between the two points of a caliper; no voltage where its strip has no calibrated one. */
export function caliperWords(
  caliper: Caliper,
  scale: TraceScale,
  strip: Strip | null,
  channel: WaveformChannel | null,
): string {
  const seconds = Math.abs(caliper.to[0] - caliper.from[0]) / (scale.speed * scale.pixelsPerMm);
  const milliseconds = seconds * 1000;
  const rate = seconds < 0.02 ? '' : `${(60 / seconds).toFixed(0)} /min`;
  const value = strip === null ? 0 : Math.abs(caliper.to[1] - caliper.from[1]) / strip.unitPixels;
  const height =
    strip === null || channel === null || channel.doubt !== '' ? '' : `${value.toPrecision(3)} ${channel.unit}`;
  return [`${milliseconds.toFixed(0)} ms`, rate, height].filter((words) => words !== '').join(' · ');
}
