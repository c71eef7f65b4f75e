import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { CaseContext } from '../../../shared/domain/reading/index.ts';
import type { Measurement } from '../../../shared/domain/report/index.ts';
import type { CaseCommand, MarksHolder, ViewerLayout, ViewerTool, WindowPreset } from '../../case/index.ts';
import {
  type Imaging,
  rescaleOf,
  type SeriesImages,
  type ViewportHandle,
  type ViewportState,
} from '../../imaging/index.ts';
import { useCommands } from '../../ui/index.ts';
import { DocumentPanel } from './document-panel.tsx';
import { type CaseStudy, firstSlice, type Hung, layouts, placeOf } from './hung.ts';
import { MarksPanel } from './marks-panel.tsx';
import { RejectionBar, useRejections } from './rejections.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { drawnTold, toldMeasurements } from './told-measurements.ts';
import { ToolBar } from './tool-bar.tsx';
import { toolGroups } from './tool-groups.ts';
import { useCine } from './use-cine.ts';
import type { HandKeys } from './use-hand.ts';
import { useKeptView } from './use-kept-view.ts';
import { useMarkActions } from './use-mark-actions.ts';
import { useMarks } from './use-marks.ts';
import { type PriorSource, type StudySource, useStudies } from './use-studies.ts';
import { type KeptView, keptSeen, keptSlot, type ViewerHandle } from './view-memory.ts';
import { type ViewerKeyCommand, viewerCommandList } from './viewer-commands.ts';
import { emptyWords, progressOf } from './viewer-words.ts';
import { ViewportPanel } from './viewport-panel.tsx';
import { presetWindow } from './window-presets.ts';
import './viewer.css';
import './marks.css';

export type ViewerProps = {
  /** Another epoch is another case: everything of the one before is gone with the same render. */
  readonly context: CaseContext;
  /** Null when the order's images have not come. */
  readonly study: StudySource | null;
  /** Relevant priors, best first; `label` is what stands beside PRIOR: "3 months". */
  readonly priors?: readonly PriorSource[];
  readonly imaging: Imaging;
  /** Commands of other features and of dictation devices; the returned function stops listening. */
  readonly onCommand?: (listener: (command: CaseCommand) => void) => () => void;
  /** A measurement that the reader wants in the report (key M). */
  readonly onMeasurement?: (measurement: Measurement, epoch: number) => void;
  readonly onActivity?: () => void;
  readonly onComparisonOpened?: (studyUid: string, epoch: number) => void;
  readonly onProgress?: (ready: number, total: number, epoch: number) => void;
  readonly onTrouble?: (words: string, epoch: number) => void;
  /** How the images of this study stood when its reading was suspended: they are hung so again. */
  readonly kept?: KeptView | null;
  /** Where marks are kept with the draft; absent where there is none. */
  readonly marks?: MarksHolder;
  /** Puts the case's marks into the archive and answers in words; absent where that cannot be done. */
  readonly onSaveMarks?: () => Promise<string>;
  readonly ref?: Ref<ViewerHandle>;
};

/** The images of a case: series, viewports, tools. A new epoch mounts a new one, so nothing of another case can be left in it. */
export function Viewer(props: ViewerProps) {
  return <CaseViewer key={props.context.epoch} {...props} />;
}

function CaseViewer(props: ViewerProps) {
  const { context, imaging } = props;
  const studies = useStudies(imaging, context, props.study, props.priors ?? []);
  const [layout, setLayout] = useState<ViewerLayout>('1x1');
  const [active, setActive] = useState(0);
  const [document, setDocument] = useState<{ study: CaseStudy; series: SeriesImages } | null>(null);
  const [tool, setTool] = useState<ViewerTool>('window');
  const [hung, setHung] = useState<readonly (Hung | null)[]>([null, null, null, null]);
  const [handles, setHandles] = useState<readonly (ViewportHandle | null)[]>([null, null, null, null]);
  /** A prior that was asked for and is not here yet. */
  const [wanted, setWanted] = useState<string | null>(null);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const pendingSeen = useRef(new Set<string>());
  const latest = useRef(props);
  latest.current = props;

  const count = layouts[layout].rows * layouts[layout].columns;
  const chosen = Math.min(active, count - 1);
  const handle = handles[chosen] ?? null;
  const activeHung = hung[chosen] ?? null;
  const onActivity = useCallback(() => latest.current.onActivity?.(), []);
  const cine = useCine(handle, activeHung?.series ?? null, onActivity);
  const { images, current, priors } = studies;

  const hang = useCallback(
    (slot: number, study: CaseStudy, series: SeriesImages, index: number = firstSlice(series)): void => {
      if (images === null || series.frames.length === 0) return;
      images.stream(series, 'front');
      setHung((before) => before.map((one, at) => (at === slot ? { images, study, series, index } : one)));
      if (study.prior !== null) latest.current.onComparisonOpened?.(series.studyUid, latest.current.context.epoch);
    },
    [images],
  );

  const root = useRef<HTMLElement>(null);
  const sizeOf = useCallback((slot: number): [number, number] | null => {
    const surface = root.current?.querySelectorAll<HTMLElement>('.viewport-surface')[slot];
    return surface === undefined ? null : [surface.clientWidth, surface.clientHeight];
  }, []);
  const kept = props.kept?.studyUid === props.study?.studyUid ? (props.kept ?? null) : null;
  const marks = useMarks(context.epoch, props.marks ?? null, kept?.marks ?? null);
  const hands = useRef(new Map<number, HandKeys>());
  const acts = useMarkActions({
    marks,
    studies: current === null ? [] : [current, ...priors],
    hung: hung.slice(0, count),
    handles,
    chosen,
    hands: hands.current,
    hang,
    activate: setActive,
    onInsert: (measurement) => latest.current.onMeasurement?.(measurement, latest.current.context.epoch),
    onSave: props.onSaveMarks ?? null,
  });
  const onPainted = useKeptView({
    kept,
    current,
    priors,
    hang,
    sizeOf,
    show: (view, seenBefore) => {
      setLayout(view.layout);
      setActive(view.active);
      setTool(view.tool);
      marks.select(view.selected);
      setSeen((before) => new Set([...before, ...seenBefore]));
    },
  });
  useImperativeHandle(props.ref, () => ({
    keep: () => {
      if (current === null) return null;
      const studiesNow = [current.images, ...priors.map((one) => one.images)];
      return {
        studyUid: current.images.studyUid,
        layout,
        active,
        tool,
        slots: hung.map((one, slot) => (slot < count ? keptSlot(one, handles[slot] ?? null, sizeOf(slot)) : null)),
        marks: marks.marks,
        selected: marks.selected,
        seen: keptSeen(seen, studiesNow),
      };
    },
  }));

  const taken = useRejections(current, priors, setHung, marks);

  // The first hanging: the first series of images that is no localizer, and everything else behind it.
  useEffect(() => {
    if (images === null || current === null) return;
    const shown = current.images.series.filter((series) => series.frames.length > 0);
    const first = shown.find((series) => series.frames.length > 3) ?? shown[0];
    if (first !== undefined && kept === null) hang(0, current, first);
    for (const series of shown) images.stream(series, 'back');
  }, [images, current, hang, kept]);

  useEffect(() => {
    const all = [...studies.progress.values()];
    const total = current?.images.series.reduce((sum, series) => sum + series.frames.length, 0) ?? 0;
    const own = new Set(current?.images.series.map((series) => series.seriesUid));
    const ready = all.reduce((sum, one) => sum + (own.has(one.seriesUid) ? one.loaded : 0), 0);
    latest.current.onProgress?.(ready, total, latest.current.context.epoch);
  }, [studies.progress, current]);

  useEffect(() => {
    for (const words of studies.problems) latest.current.onTrouble?.(words, latest.current.context.epoch);
  }, [studies.problems]);

  // Slices are noted as they are painted and told to React a few times a second.
  useEffect(() => {
    const timer = setInterval(() => {
      if (pendingSeen.current.size === 0) return;
      const fresh = pendingSeen.current;
      pendingSeen.current = new Set();
      setSeen((before) => new Set([...before, ...fresh]));
    }, 250);
    return () => clearInterval(timer);
  }, []);

  function note(slot: number, state: ViewportState): void {
    onPainted(slot, state, handles[slot] ?? null);
    const frame = hung[slot]?.series.frames[state.slice - 1];
    if (state.painted && frame !== undefined && state.seriesUid === hung[slot]?.series.seriesUid) {
      if (!seen.has(frame.imageId)) pendingSeen.current.add(frame.imageId);
    }
  }

  function moveSeries(by: number): void {
    if (activeHung === null) return;
    const list = activeHung.study.images.series.filter((series) => series.frames.length > 0);
    const next = list[list.indexOf(activeHung.series) + by];
    if (next !== undefined) hang(chosen, activeHung.study, next);
  }

  function nextPrior(): void {
    const at = activeHung === null ? -1 : priors.indexOf(activeHung.study);
    const prior = priors[(at + 1) % Math.max(1, priors.length)];
    if (prior !== undefined) hangPrior(prior);
  }

  function hangPrior(prior: CaseStudy): void {
    const modality = current?.images.series.find((series) => series.frames.length > 0)?.modality;
    const shown = prior.images.series.filter((series) => series.frames.length > 0);
    const series = shown.find((one) => one.modality === modality && one.frames.length > 3) ?? shown[0];
    if (series === undefined) return;
    // The prior hangs beside the current study, never in its place.
    const slot = count === 1 ? 1 : chosen === 0 ? 1 : chosen;
    if (count === 1) setLayout('1x2');
    setActive(slot);
    hang(slot, prior, series);
  }

  function goToUnseen(): void {
    if (activeHung === null || handle === null) return;
    const here = handle.state().slice - 1;
    const { frames } = activeHung.series;
    const order = [...frames.keys()].map((step) => (here + 1 + step) % frames.length);
    const next = order.find((index) => !seen.has(frames[index]?.imageId ?? ''));
    if (next !== undefined) handle.goTo(next);
  }

  function applyPreset(name: WindowPreset): void {
    if (handle === null) return;
    const shown = handle.current();
    if (name === 'full-range') {
      if (shown === null || shown.frame.colour) return;
      const { slope, intercept } = rescaleOf(shown.reference, shown.frame);
      const ends = [shown.frame.min, shown.frame.max].map((value) => value * slope + intercept);
      const [low = 0, high = 0] = ends.sort((one, other) => one - other);
      handle.setWindow({ center: (low + high + 1) / 2, width: high - low + 1 });
    } else if (name === 'default' || activeHung?.series.modality === 'CT') handle.setWindow(presetWindow(name));
  }

  function run(command: ViewerKeyCommand): void {
    onActivity();
    const slice = (handle?.state().slice ?? 1) - 1;
    switch (command.type) {
      case 'step':
        handle?.goTo(slice + command.slices);
        return;
      case 'first-slice':
        handle?.goTo(0);
        return;
      case 'last-slice':
        handle?.goTo(Number.MAX_SAFE_INTEGER);
        return;
      case 'next-series':
        moveSeries(1);
        return;
      case 'previous-series':
        moveSeries(-1);
        return;
      case 'next-prior':
        nextPrior();
        return;
      case 'hang-prior': {
        const prior = priors.find((one) => one.images.studyUid === command.studyUid);
        if (prior === undefined) setWanted(command.studyUid);
        else hangPrior(prior);
        return;
      }
      case 'next-viewport':
        setActive((chosen + 1) % count);
        return;
      case 'go-to-unseen':
        goToUnseen();
        return;
      case 'window-preset':
        applyPreset(command.name);
        return;
      case 'tool':
        setTool(command.name);
        return;
      case 'layout':
        setLayout(command.name);
        return;
      case 'invert':
        handle?.setInvert(!handle.state().invert);
        return;
      case 'rotate':
        handle?.rotate();
        return;
      case 'flip-horizontal':
        handle?.flip('horizontal');
        return;
      case 'flip-vertical':
        handle?.flip('vertical');
        return;
      case 'reset-view':
        handle?.reset();
        return;
      case 'toggle-cine':
        cine.toggle();
        return;
      case 'cine-rate':
        cine.changeRate(command.factor);
        return;
      default:
        // The other commands are for the marks, the report and the app.
        acts.run(command);
        return;
    }
  }
  // A prior that was asked for before its series were known hangs as soon as they are.
  const wantedPrior = priors.find((one) => one.images.studyUid === wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it hangs once, when it comes.
  useEffect(() => {
    if (wantedPrior === undefined) return;
    setWanted(null);
    hangPrior(wantedPrior);
  }, [wantedPrior]);

  // What may not be seen any more leaves the screen at once.
  useEffect(() => {
    const here = new Set<CaseStudy>(current === null ? priors : [current, ...priors]);
    setHung((before) =>
      before.some((one) => one !== null && one.study.prior !== null && !here.has(one.study))
        ? before.map((one) => (one === null || one.study.prior === null || here.has(one.study) ? one : null))
        : before,
    );
  }, [current, priors]);

  const runLatest = useRef(run);
  runLatest.current = run;

  const told = useMemo(
    () => toldMeasurements(current === null ? [] : [current, ...priors], marks.marks),
    [current, priors, marks.marks],
  );
  const toldMarks = useMemo(() => drawnTold(told), [told]);
  const commands = useMemo(() => viewerCommandList((command) => runLatest.current(command)), []);
  useCommands(commands);
  const { onCommand } = props;
  useEffect(() => onCommand?.((command) => runLatest.current(command)), [onCommand]);

  return (
    <section className="viewer" aria-label="Images" ref={root}>
      <ToolBar groups={toolGroups(commands, tool, layout, cine, activeHung?.series.modality === 'CT', acts.isKey())} />
      <div className="viewer-body">
        <SeriesPanel
          images={images}
          current={current}
          priors={priors}
          chosen={activeHung?.series ?? null}
          seen={seen}
          progress={studies.progress}
          onHang={(study, series) => hang(chosen, study, series)}
          onOpenDocument={(study, series) => setDocument({ study, series })}
        />
        <div className={`viewports layout-${layout}`}>
          {Array.from({ length: count }, (_, slot) => (
            <ViewportPanel
              // biome-ignore lint/suspicious/noArrayIndexKey: a viewport is its place.
              key={slot}
              number={slot + 1}
              imaging={imaging}
              hung={hung[slot] ?? null}
              emptyWords={emptyWords(props.study, studies, slot)}
              active={slot === chosen}
              tool={tool}
              progress={progressOf(hung[slot] ?? null, studies.progress)}
              marks={marks.marks}
              told={toldMarks}
              selected={marks.selected}
              hands={hands.current}
              seen={seen}
              onActivate={() => setActive(slot)}
              onHandle={(opened) => setHandles((before) => before.map((one, at) => (at === slot ? opened : one)))}
              onState={(state) => note(slot, state)}
              onDrawn={acts.keep}
              onMoved={marks.move}
              onSelect={marks.select}
              onActivity={onActivity}
            />
          ))}
        </div>
        {document === null ? null : (
          <DocumentPanel
            {...document}
            onShow={({ instanceUid, frame }) => {
              const place = placeOf(document.study, instanceUid, frame);
              return place === null ? null : () => hang(chosen, document.study, place.series, place.index);
            }}
            onClose={() => setDocument(null)}
          />
        )}
      </div>
      <RejectionBar
        current={current}
        priors={priors}
        withRejected={studies.withRejected}
        taken={taken}
        onShow={studies.showRejected}
      />
      <MarksPanel
        ref={acts.panel}
        marks={marks}
        told={told}
        studies={current === null ? [] : [current, ...priors]}
        again={acts.again}
        saved={acts.saved}
        canSave={props.onSaveMarks !== undefined}
        onShow={acts.show}
        onInsert={acts.insert}
        onAgain={acts.measureAgain}
        onSave={() => acts.run({ type: 'save-marks' })}
      />
      {studies.problems.length === 0 ? null : (
        <div className="viewer-problems" role="status">
          <span>{studies.problems.join(' ')} What is shown can be read; the rest was not opened.</span>
          <button type="button" className="button" onClick={studies.again}>
            Try again
          </button>
        </div>
      )}
    </section>
  );
}
