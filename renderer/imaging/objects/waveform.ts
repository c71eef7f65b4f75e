import type { DataSet } from 'dicom-parser';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { swapped } from '../lookup-tables.ts';
import type { ImagingFailure } from '../types.ts';
import { fileItems, fileText } from './file-text.ts';

/** One lead or signal. Samples are in `unit`: sensitivity, correction and baseline have been applied (PS3.3 C.10.9.1.4). */
export type WaveformChannel = {
  readonly name: string;
  /** UCUM; mV for all voltages. */
  readonly unit: string;
  readonly samples: Float32Array;
  /** Its largest sample either way, in `unit`. */
  readonly most: number;
  /** Seconds by which its samples come later than the group's. */
  readonly skew: number;
  /** "0.05 to 150 Hz, notch 50 Hz"; empty where nothing is said. */
  readonly filters: string;
  /** Why its values are not to be trusted as figures: "not calibrated"; empty where they are. */
  readonly doubt: string;
};

export type WaveformGroup = {
  readonly label: string;
  readonly originality: string;
  /** Samples a second. */
  readonly frequency: number;
  readonly sampleCount: number;
  /** Seconds from the start of the acquisition. */
  readonly offset: number;
  readonly channels: readonly WaveformChannel[];
};

export type WaveformAnnotation = {
  readonly words: string;
  /** 0-based group and 0-based channel that it is on; null: all. */
  readonly group: number | null;
  readonly channel: number | null;
  /** Seconds from the start of its group; empty for one about the whole. */
  readonly seconds: readonly number[];
};

export type Waveform = {
  readonly groups: readonly WaveformGroup[];
  readonly annotations: readonly WaveformAnnotation[];
  /** Groups that are not drawn, each with its reason. */
  readonly left: readonly string[];
};

const most = { groups: 32, channels: 64, samples: 30_000_000, annotations: 2_000 };

type Reading = { readonly bytes: number; read(view: DataView, at: number, little: boolean): number };
/** Waveform Sample Interpretation (5400,1006) that is linear (PS3.3 C.10.9.1.5). */
const readings: Readonly<Record<string, Reading>> = {
  SB: { bytes: 1, read: (view, at) => view.getInt8(at) },
  UB: { bytes: 1, read: (view, at) => view.getUint8(at) },
  SS: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  US: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  SL: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  UL: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
};

/** Millivolts of the voltage units. */
const millivolts: Readonly<Record<string, number>> = { V: 1000, mV: 1, uV: 0.001, µV: 0.001, nV: 0.000_001 };

/** The waveforms of an object (PS3.3 C.10.9). Every byte is hostile; sizes are held to what the bytes can hold. */
export function readWaveform(data: DataSet, bigEndian: boolean): Result<Waveform, ImagingFailure> {
  const text = fileText(data);
  const left: string[] = [];
  const groups: WaveformGroup[] = [];
  /** Where each group of the object went among those that are drawn. */
  const places = new Map<number, number>();
  let budget = most.samples;
  const listed = fileItems(data, 'x54000100', most.groups);
  for (const [index, item] of listed.entries()) {
    const read = readGroup(item, bigEndian, text, budget);
    if (!read.ok) {
      left.push(`Group ${index + 1}${groupName(item, text)}: ${read.error}`);
      continue;
    }
    budget -= read.value.sampleCount * read.value.channels.length;
    places.set(index, groups.length);
    groups.push(read.value);
  }
  if (groups.length === 0) {
    const why = left.length === 0 ? 'it holds no waveform' : left.join(' ');
    return err({ code: 'not-displayable', words: `This waveform cannot be drawn: ${why}` });
  }
  return ok({ groups, annotations: annotationsOf(data, groups, places, text), left });
}

type Text = ReturnType<typeof fileText>;

function groupName(item: DataSet, text: Text): string {
  const label = text(item, 'x003a0020', 64);
  return label === '' ? '' : ` (${label})`;
}

function readGroup(item: DataSet, bigEndian: boolean, text: Text, budget: number): Result<WaveformGroup, string> {
  const count = item.uint16('x003a0005') ?? 0;
  const sampleCount = item.uint32('x003a0010') ?? 0;
  const frequency = item.floatString('x003a001a') ?? 0;
  const interpretation = text(item, 'x54001006', 16);
  const bits = item.uint16('x54001004') ?? 0;
  if (interpretation === 'MB' || interpretation === 'AB')
    return err(`its samples are packed by ${interpretation === 'MB' ? 'mu-law' : 'A-law'}, as sound is: not drawn.`);
  const reading = Object.hasOwn(readings, interpretation) ? readings[interpretation] : undefined;
  if (reading === undefined || reading.bytes * 8 !== bits)
    return err(`its samples are of a kind that is not defined (${bits} bits, "${interpretation}").`);
  if (count < 1 || count > most.channels) return err(`it says that it has ${count} channels.`);
  if (!(frequency > 0) || frequency > 1_000_000) return err('it does not say how many samples a second has.');
  const element = item.elements.x54001010;
  const bytes = item.byteArray as Uint8Array;
  const available = element === undefined ? 0 : Math.min(element.length, bytes.length - element.dataOffset);
  const needed = sampleCount * count * reading.bytes;
  if (sampleCount < 1 || element === undefined || available < needed)
    return err(`it is cut short: ${Math.max(0, available)} of ${needed} bytes of samples came.`);
  if (sampleCount * count > budget) return err(`it has ${sampleCount * count} samples: more than is opened.`);
  const stored = bytes.subarray(element.dataOffset, element.dataOffset + available);
  // Bytes in words are turned with their words (PS3.5 7.3).
  const ordered = bigEndian && reading.bytes === 1 && element.vr === 'OW' ? swapped(stored, 2) : stored;
  const view = new DataView(ordered.buffer, ordered.byteOffset, ordered.byteLength);
  const definitions = fileItems(item, 'x003a0200', most.channels);
  const padding = paddingOf(item, reading, bigEndian);
  const channels = Array.from({ length: count }, (_, channel) => {
    const definition = definitions[channel];
    const samples = new Float32Array(sampleCount);
    const scale = scaleOf(definition, text);
    let largest = 0;
    for (let at = 0; at < sampleCount; at += 1) {
      const value = reading.read(view, (at * count + channel) * reading.bytes, !bigEndian);
      const sample = value === padding ? Number.NaN : value * scale.slope + scale.baseline;
      samples[at] = sample;
      if (Math.abs(sample) > largest) largest = Math.abs(sample);
    }
    return {
      name: channelName(definition, channel, text),
      unit: scale.unit,
      samples,
      most: largest,
      skew: skewOf(definition, frequency),
      filters: filtersOf(definition),
      doubt: scale.doubt,
    };
  });
  return ok({
    label: text(item, 'x003a0020', 64),
    originality: text(item, 'x003a0004', 16).toLowerCase(),
    frequency,
    sampleCount,
    offset: (item.floatString('x00181068') ?? 0) / 1000,
    channels,
  });
}

function paddingOf(item: DataSet, reading: Reading, bigEndian: boolean): number | null {
  const element = item.elements.x5400100a;
  if (element === undefined || element.length < reading.bytes) return null;
  const bytes = (item.byteArray as Uint8Array).subarray(element.dataOffset, element.dataOffset + reading.bytes);
  if (bytes.length < reading.bytes) return null;
  return reading.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, !bigEndian);
}

function firstItem(data: DataSet | undefined, tag: string): DataSet | undefined {
  return data === undefined ? undefined : fileItems(data, tag, 1)[0];
}

function scaleOf(definition: DataSet | undefined, text: Text) {
  const raw = { slope: 1, baseline: 0, unit: '', doubt: 'not calibrated: in stored values' };
  const sensitivity = definition?.floatString('x003a0210');
  const units = firstItem(definition, 'x003a0211');
  const unit = units === undefined ? '' : text(units, 'x00080100', 16);
  if (definition === undefined || sensitivity === undefined || !Number.isFinite(sensitivity) || sensitivity === 0)
    return raw;
  const finite = (value: number | undefined, other: number): number =>
    value !== undefined && Number.isFinite(value) ? value : other;
  const correction = finite(definition.floatString('x003a0212'), 1);
  const baseline = finite(definition.floatString('x003a0213'), 0);
  const factor = Object.hasOwn(millivolts, unit) ? (millivolts[unit] ?? 1) : 1;
  return {
    slope: sensitivity * correction * factor,
    baseline: baseline * factor,
    unit: Object.hasOwn(millivolts, unit) ? 'mV' : unit,
    doubt: unit === '' ? 'unit not given' : '',
  };
}

function channelName(definition: DataSet | undefined, channel: number, text: Text): string {
  const own = definition === undefined ? '' : text(definition, 'x003a0203', 32);
  const source = firstItem(definition, 'x003a0208');
  const coded = source === undefined ? '' : text(source, 'x00080104', 64);
  // "Lead I (Einthoven)" is I to who reads it.
  const short = /^Lead ([A-Za-z0-9]+)\b/.exec(coded)?.[1] ?? coded;
  return short === '' ? (own === '' ? `channel ${channel + 1}` : own) : short;
}

function skewOf(definition: DataSet | undefined, frequency: number): number {
  const seconds = definition?.floatString('x003a0214');
  const samples = definition?.floatString('x003a0215');
  const skew = seconds ?? (samples === undefined ? 0 : samples / frequency);
  return Number.isFinite(skew) && Math.abs(skew) < 3_600 ? skew : 0;
}

function filtersOf(definition: DataSet | undefined): string {
  const figure = (tag: string): number | null => {
    const value = definition?.floatString(tag);
    return value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
  };
  const low = figure('x003a0220');
  const high = figure('x003a0221');
  const notch = figure('x003a0222');
  const band =
    low !== null && high !== null
      ? `${low} to ${high} Hz`
      : low !== null
        ? `above ${low} Hz`
        : high !== null
          ? `below ${high} Hz`
          : '';
  return [band, notch === null ? '' : `notch ${notch} Hz`].filter((words) => words !== '').join(', ');
}

/** Waveform Annotation (PS3.3 C.10.10): words, measurements and marks in time. */
function annotationsOf(
  data: DataSet,
  groups: readonly WaveformGroup[],
  places: ReadonlyMap<number, number>,
  text: Text,
): readonly WaveformAnnotation[] {
  return fileItems(data, 'x0040b020', most.annotations).flatMap((item) => {
    const name = firstItem(item, 'x0040a043');
    const code = firstItem(item, 'x0040a168');
    const units = firstItem(item, 'x004008ea');
    const value = text(item, 'x0040a30a', 64);
    const said = [
      text(item, 'x00700006', 1_024),
      name === undefined ? '' : text(name, 'x00080104', 64),
      code === undefined ? '' : text(code, 'x00080104', 64),
      value === '' ? '' : `${value} ${units === undefined ? '' : text(units, 'x00080100', 16)}`.trim(),
    ].filter((words) => words !== '');
    if (said.length === 0) return [];
    const named = (item.uint16('x0040a0b0', 0) ?? 0) - 1;
    const channel = (item.uint16('x0040a0b0', 1) ?? 0) - 1;
    const group = places.get(named) ?? null;
    const frequency = groups[group ?? 0]?.frequency ?? 1;
    const positions = item.elements.x0040a132;
    const count = positions === undefined ? 0 : Math.min(64, Math.floor(positions.length / 4));
    // Positions are counted from 1 (0040,A132).
    const seconds = Array.from({ length: count }, (_, at) => ((item.uint32('x0040a132', at) ?? 1) - 1) / frequency);
    return [{ words: said.join(': '), group, channel: channel < 0 ? null : channel, seconds }];
  });
}
