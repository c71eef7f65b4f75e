import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Waveform, WaveformAnnotation, WaveformGroup } from '../../../imaging/index.ts';
import { drawWaveform } from './waveform-canvas.ts';
import {
  type Caliper,
  caliperWords,
  gains,
  hasTwelveLeads,
  secondsOf,
  secondsShown,
  speeds,
  stripsOf,
  type TraceArrangement,
} from './waveform-layout.ts';

/** CSS defines 96 pixels as an inch: the page's own millimetre. What a screen makes of it only its owner can measure. */
const pixelsPerMm = 96 / 25.4;

/** Waveforms of one object: groups, leads on paper of a stated scale, calipers, the object's own words. */
export function WaveformView({ waveform }: { readonly waveform: Waveform }) {
  const [chosen, setChosen] = useState(0);
  const group = waveform.groups[chosen] ?? waveform.groups[0];
  if (group === undefined) return null;
  const here = waveform.annotations.filter((one) => one.group === null || one.group === chosen);
  return (
    <>
      {waveform.groups.length < 2 ? null : (
        <p className="trace-tools">
          {waveform.groups.map((one, at) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place in the object.
              key={at}
              type="button"
              className="tool"
              aria-pressed={at === chosen}
              onClick={() => setChosen(at)}
            >
              {groupWords(one, at)}
            </button>
          ))}
        </p>
      )}
      <Tracing key={chosen} group={group} annotations={here} name={groupWords(group, chosen)} />
      {waveform.left.map((words) => (
        <p key={words} role="status">
          {words}
        </p>
      ))}
      <Words annotations={here} />
    </>
  );
}

function groupWords(group: WaveformGroup, at: number): string {
  const label = group.label === '' ? `Group ${at + 1}` : group.label;
  return `${label}, ${secondsOf(group).toFixed(1)} s`;
}

function Words({ annotations }: { readonly annotations: readonly WaveformAnnotation[] }) {
  const words = annotations.filter((one) => one.seconds.length === 0).map((one) => one.words);
  if (words.length === 0) return null;
  return (
    <section className="trace-words">
      <h4>What the object says of it (by machine or by others; not checked here)</h4>
      <ul>
        {words.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: annotations have no other name than their place.
          <li key={at}>{one}</li>
        ))}
      </ul>
    </section>
  );
}

function Tracing(props: {
  readonly group: WaveformGroup;
  readonly annotations: readonly WaveformAnnotation[];
  readonly name: string;
}) {
  const { group, annotations } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [from, setFrom] = useState(0);
  const [speed, setSpeed] = useState<number>(25);
  const [gain, setGain] = useState<number>(10);
  const [arrangement, setArrangement] = useState<TraceArrangement>(hasTwelveLeads(group) ? '3x4' : 'stacked');
  const [caliper, setCaliper] = useState<Caliper | null>(null);
  const [cursor, setCursor] = useState<readonly [number, number] | null>(null);
  const drag = useRef<number | null>(null);
  const scale = { pixelsPerMm, speed, gain };
  const most = Math.max(0, secondsOf(group) - secondsShown(width, scale));
  const start = Math.min(from, most);
  const { strips, height } = stripsOf(group, arrangement, width, start, scale);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0)
      drawWaveform(canvas.current, { width, height }, group, strips, scale, annotations);
  });

  const under = caliper === null ? null : (strips.find((strip) => inside(strip, caliper.from)) ?? null);
  const pointOf = (event: PointerEvent<HTMLDivElement>): readonly [number, number] => {
    const rect = event.currentTarget.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };
  function onKey(event: KeyboardEvent): void {
    const step = event.shiftKey ? 10 : 1;
    const at = cursor ?? [width / 2, strips[0]?.zero ?? 0];
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    const page = secondsShown(width, scale) * 0.8;
    if (move !== undefined) {
      const next = [
        Math.min(width, Math.max(0, at[0] + move[0])),
        Math.min(height, Math.max(0, at[1] + move[1])),
      ] as const;
      setCursor(next);
      if (caliper !== null && drag.current === -1) setCaliper({ from: caliper.from, to: next });
    } else if (event.key === 'Enter') {
      // The first Enter sets one end, the second the other.
      if (drag.current === -1) drag.current = null;
      else {
        drag.current = -1;
        setCaliper({ from: at, to: at });
      }
      setCursor(at);
    } else if (event.key === 'PageDown') setFrom(Math.min(most, start + page));
    else if (event.key === 'PageUp') setFrom(Math.max(0, start - page));
    else if (event.key === 'Home') setFrom(0);
    else if (event.key === 'End') setFrom(most);
    else if (event.key === 'Escape' && (caliper !== null || cursor !== null)) {
      setCaliper(null);
      setCursor(null);
      drag.current = null;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <p className="trace-tools">
        {hasTwelveLeads(group)
          ? (['3x4', 'stacked'] as const).map((one) => (
              <Choice
                key={one}
                on={arrangement === one}
                words={one === '3x4' ? '3×4 + II' : 'stacked'}
                pick={() => setArrangement(one)}
              />
            ))
          : null}
        <span>Speed</span>
        {speeds.map((one) => (
          <Choice key={one} on={speed === one} words={`${one} mm/s`} pick={() => setSpeed(one)} />
        ))}
        <span>Gain</span>
        {gains.map((one) => (
          <Choice key={one} on={gain === one} words={`${one} mm/mV`} pick={() => setGain(one)} />
        ))}
        <span className="quiet-words">
          small square {(1000 / speed).toFixed(0)} ms × {(1 / gain).toFixed(2)} mV; millimetres of the page, not
          measured on this screen
        </span>
      </p>
      <div
        ref={box}
        className="trace"
        role="application"
        aria-label={`Tracing ${props.name}. Arrow keys move a crosshair, Enter sets the ends of a caliper, Page keys move in time.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: calipers are set by keys as by the hand.
        tabIndex={0}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = event.pointerId;
          setCaliper({ from: pointOf(event), to: pointOf(event) });
        }}
        onPointerMove={(event) => {
          if (drag.current !== event.pointerId || caliper === null) return;
          setCaliper({ from: caliper.from, to: pointOf(event) });
        }}
        onPointerUp={(event) => {
          if (drag.current === event.pointerId) drag.current = null;
        }}
        onWheel={(event) => setFrom(Math.min(most, Math.max(0, start + Math.sign(event.deltaY) * 0.5)))}
      >
        <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
        <svg className="trace-caliper" aria-hidden="true" width={width} height={height}>
          {cursor === null ? null : <path d={`M${cursor[0] - 8},${cursor[1]}h16M${cursor[0]},${cursor[1] - 8}v16`} />}
          {caliper === null ? null : (
            <>
              <path d={`M${caliper.from[0]},0V${height}M${caliper.to[0]},0V${height}`} />
              <path
                className="faint"
                d={`M${caliper.from[0]},${caliper.from[1]}H${caliper.to[0]}M${caliper.from[0]},${caliper.to[1]}H${caliper.to[0]}`}
              />
            </>
          )}
        </svg>
      </div>
      {most === 0 ? null : (
        <label className="trace-time">
          {start.toFixed(1)} s of {secondsOf(group).toFixed(1)} s
          <input
            type="range"
            autoComplete="off"
            aria-label="Time"
            min={0}
            max={most}
            step={0.1}
            value={start}
            onChange={(event) => setFrom(Number(event.target.value))}
          />
        </label>
      )}
      <p className="trace-measure" role="status">
        {caliper === null || (caliper.from[0] === caliper.to[0] && caliper.from[1] === caliper.to[1]) ? (
          <span className="quiet-words">Drag over the tracing, or press Enter twice, to measure.</span>
        ) : (
          <>
            Caliper{' '}
            <b>
              {caliperWords(caliper, scale, under, under === null ? null : (group.channels[under.channel] ?? null))}
            </b>
            {under === null ? '' : ` on ${under.name}`}
          </>
        )}
      </p>
      <p className="quiet-words">
        {group.frequency.toFixed(0)} samples a second{group.originality === '' ? '' : `, ${group.originality}`}.{' '}
        {filterWords(group)}
      </p>
    </>
  );
}

function inside(
  strip: { readonly left: number; readonly width: number; readonly top: number; readonly height: number },
  [x, y]: readonly [number, number],
): boolean {
  return x >= strip.left && x < strip.left + strip.width && y >= strip.top && y < strip.top + strip.height;
}

function Choice(props: { readonly on: boolean; readonly words: string; readonly pick: () => void }) {
  return (
    <button type="button" className="tool" aria-pressed={props.on} onClick={props.pick}>
      {props.words}
    </button>
  );
}

/** What filters the object names, once where all channels have the same. */
function filterWords(group: WaveformGroup): string {
  const named = [...new Set(group.channels.map((channel) => channel.filters))];
  const [only] = named;
  if (named.length === 1 && only !== undefined) return only === '' ? 'No filter is named.' : `Filters: ${only}.`;
  return `Filters: ${group.channels.map((channel) => `${channel.name} ${channel.filters === '' ? 'none named' : channel.filters}`).join('; ')}.`;
}
