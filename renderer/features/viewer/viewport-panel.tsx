import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SeriesCoverage } from '../../../shared/domain/coverage/index.ts';
import {
  type CaseMarks,
  type ImageMeasurement,
  type Point,
  type Quantity,
  samePlace,
} from '../../../shared/domain/measurement/index.ts';
import { shownDate, shownName, type ViewerTool } from '../../case/index.ts';
import type {
  FrameReference,
  Imaging,
  SeriesProgress,
  ValuesOfInterest,
  ViewportHandle,
  ViewportState,
  Window,
} from '../../imaging/index.ts';
import { FusionLayer } from './fusion-layer.tsx';
import { type Hung, seriesName, studyWord } from './hung.ts';
import { inThisFrame } from './in-this-frame.ts';
import { LinesLayer } from './lines-layer.tsx';
import { MeasurementLayer } from './measurement-layer.tsx';
import { prepare } from './placing.ts';
import { StackGutter } from './stack-gutter.tsx';
import type { Coverage } from './use-coverage.ts';
import { type DrawnMark, type HandKeys, useHand } from './use-hand.ts';
import type { ViewParts } from './use-view-parts.ts';
import type { Volumes } from './use-volumes.ts';
import { uptakeWords, windowName } from './window-presets.ts';

export type ViewportPanelProps = {
  /** 1-based. */
  readonly number: number;
  readonly imaging: Imaging;
  readonly hung: Hung | null;
  /** What an empty viewport says: why it is empty and the next step. */
  readonly emptyWords: string;
  readonly active: boolean;
  readonly tool: ViewerTool;
  readonly progress: SeriesProgress | null;
  readonly marks: CaseMarks;
  /** What SRs in the archive tell of, drawn beside the reader's own. */
  readonly told: readonly ImageMeasurement[];
  readonly selected: string | null;
  readonly coverage: Coverage;
  /** How far an image that must be shown pixel for pixel was; null for others. */
  readonly viewWords: ViewParts['words'];
  readonly onActivate: () => void;
  readonly onHandle: (handle: ViewportHandle | null) => void;
  readonly onState: (state: ViewportState) => void;
  /** Where this viewport says what keys do in it. */
  readonly hands: Map<number, HandKeys>;
  readonly onDrawn: (mark: DrawnMark) => void;
  readonly onMoved: (id: string, points: readonly Point[], quantities: readonly Quantity[]) => void;
  readonly onSelect: (id: string) => void;
  readonly onActivity: () => void;
  readonly volumes: Volumes;
  /** What objects of the study lay over the frame on the canvas. */
  readonly overlay?: (handle: ViewportHandle, state: ViewportState) => ReactNode;
  /** What else is said in the corner of the image; null for nothing. */
  readonly notes?: (handle: ViewportHandle, state: ViewportState) => readonly (string | null)[];
};

export function ViewportPanel(props: ViewportPanelProps) {
  const { imaging, hung, number } = props;
  const group = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const [handle, setHandle] = useState<ViewportHandle | null>(null);
  const [state, setState] = useState<ViewportState | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const hand = useHand({
    tool: props.tool,
    handle: () => handle,
    surface: () => group.current,
    marks: props.marks.measurements,
    selected: props.selected,
    onDrawn: props.onDrawn,
    onMoved: props.onMoved,
    onSelect: props.onSelect,
    onActivity: props.onActivity,
    onPoint: (pixel) => props.volumes.pointAt(number - 1, pixel),
  });
  const { cancel } = hand;
  const { hands } = props;
  useEffect(() => {
    hands.set(number, hand.keys);
    return () => void hands.delete(number);
  });

  useLayoutEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const said = inThisFrame<ViewportState>((next) => {
      setState(next);
      latest.current.onState(next);
    });
    const opened = imaging.openViewport(element, (next) => {
      // Written here and not by React: no frame may be drawn while the page still says what the canvas held before.
      writeAttributes(group.current, next);
      said.say(next);
    });
    setHandle(opened);
    latest.current.onHandle(opened);
    const observer = new ResizeObserver(() => opened.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      opened.close();
      said.close();
      writeAttributes(group.current, null);
      setHandle(null);
      setState(null);
      latest.current.onHandle(null);
    };
  }, [imaging]);

  const hungBefore = useRef<Hung | null>(null);
  useLayoutEffect(() => {
    if (handle === null) return;
    const before = hungBefore.current;
    hungBefore.current = hung;
    if (hung === null) return handle.clear();
    handle.show(hung.images, hung.series, hung.index);
    // What the reader did to its first image while the rest was being described stays.
    const isDescribedNow =
      before !== hung && before?.series.partOf !== undefined && before.series.seriesUid === hung.series.seriesUid;
    if (hung.display !== null && !isDescribedNow) prepare(handle, hung.display);
  }, [handle, hung]);

  // Places in a stack are told of the one that hangs: before all of it was described its one image had another.
  const isOfHung = state !== null && state.partOf === (hung?.series.partOf ?? null);
  const frame = state === null || hung === null || !isOfHung ? undefined : hung.series.frames[state.slice - 1];
  const imageId = frame?.imageId ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a drawing ends when another image or tool comes.
  useEffect(() => cancel(), [imageId, props.tool]);

  const place =
    frame === undefined || hung === null
      ? null
      : {
          studyUid: hung.series.studyUid,
          seriesUid: hung.series.seriesUid,
          instanceUid: frame.instanceUid,
          frame: frame.frame,
          frameOfReferenceUid: null,
        };
  const isHere = (one: { readonly place: CaseMarks['keyImages'][number]['place'] }): boolean =>
    place !== null && samePlace(one.place, place);
  const prior = hung?.study.prior ?? null;
  const laid = props.volumes.fusion.over(hung);
  const shown = hung !== null && isOfHung && state.seriesUid === hung.series.seriesUid ? state : null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a viewport is a group of image and overlays, not a fieldset.
    <div
      ref={group}
      role="group"
      aria-label={`Viewport ${number}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the reader moves among viewports by Tab, and keys act on the one in focus.
      tabIndex={0}
      className={`viewport${props.active ? ' active' : ''}${prior === null ? '' : ' prior'}`}
      data-plane={hung?.plane ?? 'stack'}
      data-painted="false"
      data-covered="true"
      onPointerDownCapture={props.onActivate}
      onFocus={props.onActivate}
      onContextMenu={(event) => event.preventDefault()}
      {...hand.pointer}
    >
      <div ref={surface} className="viewport-surface" />
      {handle !== null && shown !== null && !shown.covered ? props.overlay?.(handle, shown) : null}
      {handle !== null && shown !== null && !shown.covered ? (
        <MeasurementLayer
          handle={handle}
          marks={[...props.told, ...props.marks.measurements].filter(isHere)}
          inHand={hand.inHand}
          selected={props.selected}
          cursor={hand.cursor}
          grip={hand.grip}
        />
      ) : null}
      {handle !== null && shown !== null && !shown.covered && laid !== null ? (
        <FusionLayer slot={number - 1} handle={handle} shown={props.volumes.shown} laid={laid} />
      ) : null}
      {handle !== null && shown !== null && !shown.covered ? (
        <LinesLayer
          slot={number - 1}
          handle={handle}
          shown={props.volumes.shown}
          lines={props.volumes.lines}
          point={props.volumes.point}
        />
      ) : null}
      {shown !== null && !shown.covered && props.marks.keyImages.some(isHere) ? (
        <p className="key-mark">KEY IMAGE</p>
      ) : null}
      {hung === null ? (
        <p className="viewport-words">{props.emptyWords}</p>
      ) : (
        <Overlays
          hung={hung}
          state={shown}
          progress={hung.series.partOf === undefined ? props.progress : null}
          handle={handle}
          seen={props.coverage.of(hung.series)}
          ties={[
            ...(handle === null || shown === null ? [] : (props.notes?.(handle, shown) ?? [])),
            props.viewWords(hung, shown?.instanceUid ?? null),
            props.volumes.fusion.words(hung),
            props.volumes.linkWords(number - 1),
          ]}
        />
      )}
    </div>
  );
}

function writeAttributes(group: HTMLDivElement | null, state: ViewportState | null): void {
  if (group === null) return;
  group.dataset.painted = String(state?.painted ?? false);
  group.dataset.covered = String(state?.covered ?? true);
  const values = {
    studyUid: state?.studyUid ?? null,
    // A computed picture is no instance of any archive.
    instanceUid: state === null || state.plane !== 'stack' ? null : state.instanceUid,
    slice: state === null || state.slice === 0 || state.partOf !== null ? null : String(state.slice),
    slices: state === null || state.slice === 0 ? null : String(state.partOf ?? state.slices),
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === null) delete group.dataset[name];
    else group.dataset[name] = value;
  }
}

type OverlayProps = {
  readonly hung: Hung;
  readonly state: ViewportState | null;
  readonly progress: SeriesProgress | null;
  readonly handle: ViewportHandle | null;
  readonly seen: SeriesCoverage;
  /** What lies over the image, and what ties this viewport to the chosen one; null where nothing does. */
  readonly ties: readonly (string | null)[];
};

/** Who upper left, when upper right, slice lower left, window lower right: always the same corners. */
function Overlays({ hung, state, progress, handle, seen, ties }: OverlayProps) {
  const { series, study } = hung;
  const person = study.images;
  const name = shownName(person.patientName);
  const reference = state === null ? undefined : series.frames[state.slice - 1];
  const letters = state?.letters;
  const waiting = progress !== null && progress.loaded < progress.total && progress.state !== 'complete';
  return (
    <>
      <p className="corner upper-left">
        <b>{name.given === '' ? name.family.toUpperCase() : `${name.family.toUpperCase()}, ${name.given}`}</b>
        <br />
        {[person.sex, person.birthDate === '' ? 'birth date not given' : shownDate(person.birthDate)].join(' ')}
        <br />
        {study.prior === null ? null : (
          <>
            {person.patientId === '' ? 'no patient id' : person.patientId} (
            {person.issuer === '' ? 'issuer not given' : person.issuer})
            <br />
          </>
        )}
        {seriesName(series)}
        {series.laterality === null ? '' : ` · ${series.laterality}`}
      </p>
      <p className="corner upper-right">
        <b>
          {person.studyDate === ''
            ? 'date not given'
            : `${shownDate(person.studyDate)} ${clock(person.studyTime, person.timezone)}`}
        </b>
        <br />
        {study.prior === null ? (
          <span className="tag boxed">CURRENT</span>
        ) : (
          <span className="tag prior">{studyWord(study)}</span>
        )}
      </p>
      {state === null ? null : (
        <>
          <p className="corner lower-left">
            {waiting && progress !== null ? (
              <>
                {progress.loaded} of {progress.total} images
                <br />
              </>
            ) : null}
            {progress !== null && progress.words !== '' ? (
              <>
                {progress.words}
                <br />
              </>
            ) : null}
            {state.marks.map((mark) => (
              <span key={mark} className="image-mark">
                {mark}{' '}
              </span>
            ))}
            {ties.map((words) =>
              words === null ? null : (
                <span key={words} className="tie">
                  {words}{' '}
                </span>
              ),
            )}
            {series.partOf !== undefined ? null : (
              <>
                {state.plane === 'stack' ? 'Slice' : 'Plane'} <b>{state.slice}</b> of {state.slices}
              </>
            )}
            {reference === undefined ? null : placeWords(hung.plane, reference)}
          </p>
          <p className="corner lower-right">
            {state.window === null
              ? ''
              : windowWords(state.window, state.shownBy, series.modality, reference?.uptake ?? null)}
            {state.invert ? ' inverted' : ''}
            <br />
            {turnWords(state)}
            {state.zoom === null ? '' : `zoom ${state.zoom.toFixed(1)}×`}
          </p>
          {letters === undefined || state.covered ? null : (
            <>
              <p className="edge-letter edge-top">{letters.top}</p>
              <p className="edge-letter edge-right">{letters.right}</p>
              <p className="edge-letter edge-bottom">{letters.bottom}</p>
              <p className="edge-letter edge-left">{letters.left}</p>
            </>
          )}
          {state.problem === null ? null : (
            <div className="viewport-words problem" role="status">
              {state.problem}
              <br />
              The other images of this study are not affected.
              <br />
              <button
                type="button"
                className="button"
                onPointerDown={(event) => event.stopPropagation()}
                onClick={() => handle?.again()}
              >
                Try again
              </button>
            </div>
          )}
          {state.problem === null && !state.painted ? (
            <p className={state.covered ? 'viewport-words' : 'viewport-words late'}>{progressWords(progress)}</p>
          ) : null}
          {series.frames.length === 1 ? null : (
            <StackGutter
              slice={state.slice}
              seen={seen}
              window={state.paint?.window ?? null}
              onPick={(index) => handle?.goTo(index)}
            />
          )}
        </>
      )}
    </>
  );
}

/** How far along the patient the image lies, where its plane goes across one of the patient's axes. */
function placeWords(plane: Hung['plane'], { position, orientation }: FrameReference): ReactNode {
  if (position === null || orientation.kind !== 'cosines' || plane === 'oblique') return null;
  const [name, value] =
    plane === 'sagittal' ? ['x', position[0]] : plane === 'coronal' ? ['y', position[1]] : ['z', position[2]];
  return (
    <>
      <br />
      {name} {value.toFixed(1)} mm
    </>
  );
}

function progressWords(progress: SeriesProgress | null): string {
  if (progress === null || progress.total === 0) return 'Asking the archive for the images';
  return `${progress.loaded} of ${progress.total} images`;
}

/** The exam's time with its zone: the images' own offset, or the mark that they name none and the site's clock is meant. */
function clock(time: string, timezone: string): string {
  const found = /^(\d{2}):?(\d{2})/.exec(time);
  if (found === null) return '';
  const offset = /^([+-]\d{2})(\d{2})$/.exec(timezone);
  return `${found[1]}:${found[2]} ${offset === null ? 'site’s zone' : `UTC${offset[1]}:${offset[2]}`}`;
}

function windowWords(
  window: Window,
  shownBy: ValuesOfInterest | null,
  modality: string,
  uptake: number | null,
): string {
  const by = shownBy?.kind === 'presented' ? shownBy.by : shownBy;
  const behind = shownBy?.kind === 'presented' && shownBy.table !== null ? ', presentation table' : '';
  if (by?.kind === 'table') return `table ${by.table.explanation}`.trim() + behind;
  const figure = (value: number): string =>
    Math.abs(value) >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2);
  const name =
    uptake === null
      ? (windowName(window, modality)?.toLowerCase() ?? null)
      : uptakeWords(window, by?.function ?? 'linear', uptake);
  return `W ${figure(window.width)} L ${figure(window.center)}${name === null ? '' : ` ${name}`}${by?.function === 'sigmoid' ? ' sigmoid' : ''}${behind}`;
}

function turnWords(state: ViewportState): string {
  // The flips are kept in the image's own axes; a quarter turn exchanges them as they are seen.
  const quarter = state.rotation % 180 !== 0;
  const words = [
    (quarter ? state.flippedVertically : state.flippedHorizontally) ? 'flipped left-right' : '',
    (quarter ? state.flippedHorizontally : state.flippedVertically) ? 'flipped up-down' : '',
    state.rotation === 0 ? '' : `turned ${state.rotation}°`,
  ].filter((word) => word !== '');
  return words.length === 0 ? '' : `${words.join(', ')} · `;
}
