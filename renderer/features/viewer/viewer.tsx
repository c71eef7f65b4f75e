import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { neverOpened } from '../../../shared/domain/coverage/index.ts';
import type { CaseContext } from '../../../shared/domain/reading/index.ts';
import type { Measurement } from '../../../shared/domain/report/index.ts';
import type { CaseCommand, CoverageHolder, MarksHolder, ViewerTool } from '../../case/index.ts';
import { acquiredSeries, type Imaging, type SeriesImages, type Window } from '../../imaging/index.ts';
import { useCommands } from '../../ui/index.ts';
import { tileClips } from './clips.ts';
import { DocumentPanel } from './document-panel.tsx';
import { described } from './hang-slots.ts';
import { HangingLine } from './hanging-line.tsx';
import { type CaseStudy, gridOf, placeOf } from './hung.ts';
import { MarksPanel } from './marks-panel.tsx';
import { nextDocument } from './objects/next-document.ts';
import { ObjectsBar } from './objects/objects-bar.tsx';
import { useObjects } from './objects/use-objects.tsx';
import { useOverlayPlanes } from './objects/use-overlay-planes.tsx';
import { prepare } from './placing.ts';
import { RejectionBar, useRejections } from './rejections.tsx';
import type { RuleKeeper } from './rules/rule-keeper.ts';
import { screenOf } from './rules/screen-of.ts';
import { useRules } from './rules/use-rules.tsx';
import { runViewerCommand } from './run-viewer-command.ts';
import { SeriesPanel } from './series-panel.tsx';
import { shippedRules } from './shipped-rules.ts';
import { studiesToRead } from './studies-to-read.ts';
import { drawnTold, toldMeasurements } from './told-measurements.ts';
import { ToolBar } from './tool-bar.tsx';
import { toolGroups } from './tool-groups.ts';
import { useCine } from './use-cine.ts';
import { goToUnseen, useCoverage } from './use-coverage.ts';
import type { HandKeys } from './use-hand.ts';
import { type StagesOfWindow, useHanging } from './use-hanging.ts';
import { useKeptView } from './use-kept-view.ts';
import { useKeyPictures } from './use-key-pictures.ts';
import { useMarkActions } from './use-mark-actions.ts';
import { useMarks } from './use-marks.ts';
import { usePlacing } from './use-placing.ts';
import { useShownBefore } from './use-shown-before.ts';
import { useSlots } from './use-slots.ts';
import { type PriorSource, type StudySource, useStudies } from './use-studies.ts';
import { useSubtraction } from './use-subtraction.ts';
import { useThumbButtons } from './use-thumb-buttons.ts';
import { useTrueSize } from './use-true-size.ts';
import { useViewParts } from './use-view-parts.ts';
import { useVolumes } from './use-volumes.ts';
import { type KeptView, keptSlot, type ViewerHandle } from './view-memory.ts';
import { type ViewerKeyCommand, viewerCommandList } from './viewer-commands.ts';
import { emptyWords, progressOf } from './viewer-words.ts';
import { ViewportPanel } from './viewport-panel.tsx';
import './viewer.css';
import { offeredWindows } from './window-presets.ts';
import './hanging.css';
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
  /** An image stands on the canvas with this frame. */
  readonly onImage?: () => void;
  readonly onActivity?: () => void;
  readonly onComparisonOpened?: (studyUid: string, epoch: number) => void;
  readonly onProgress?: (ready: number, total: number, epoch: number) => void;
  readonly onTrouble?: (words: string, epoch: number) => void;
  /** How the images of this study stood when its reading was suspended: they are hung so again. */
  readonly kept?: KeptView | null;
  /** Where marks are kept with the draft; absent where there is none. */
  readonly marks?: MarksHolder;
  /** Where it is told what was on the screen: for this reader alone, and for no longer than the reading. */
  readonly coverage?: CoverageHolder;
  /** Puts the case's marks into the archive and answers in words; absent where that cannot be done. */
  readonly onSaveMarks?: () => Promise<string>;
  readonly ref?: Ref<ViewerHandle>;
  /** Rules that hang beside those that came with the program, and where they are kept. */
  readonly rules?: RuleKeeper;
  /** The site where the exam was made: its rules hang, those of other sites do not. */
  readonly siteId?: string | null;
  /** Screens on which images hang. */
  readonly screens?: number;
  /** CSS pixels to a millimetre of the screen under this window; answers null while nobody has measured it. */
  readonly screenMillimetre?: () => number | null;
  /** Where this window is one of several: which stage of a rule it shows. */
  readonly stages?: StagesOfWindow;
  /** Windows that the reader gave to series, for as long as she is signed in. */
  readonly windows?: Map<string, Window>;
};

/** The images of a case: series, viewports, tools. A new epoch mounts a new one, so nothing of another case can be left in it. */
export function Viewer(props: ViewerProps) {
  return <CaseViewer key={props.context.epoch} {...props} />;
}

function CaseViewer(props: ViewerProps) {
  const { context, imaging } = props;
  const studies = useStudies(imaging, context, props.study, props.priors ?? []);
  const { images, current, priors } = studies;
  const [document, setDocument] = useState<{ study: CaseStudy; series: SeriesImages } | null>(null);
  const [tool, setTool] = useState<ViewerTool>('window');
  const latest = useRef(props);
  latest.current = props;
  const coverage = useCoverage(context.epoch, props.coverage ?? null, (studyUid) =>
    latest.current.onComparisonOpened?.(studyUid, context.epoch),
  );

  const memory = useShownBefore(props.windows ?? null);
  const touch = useRef((): void => undefined);
  const slots = useSlots(images, studies, memory, { onByHand: () => touch.current() });
  const { layout, count, chosen, hung, handles, handle, hang } = slots;
  const all = useMemo(() => (current === null ? [] : [current, ...priors]), [current, priors]);
  const toRead = useMemo(() => studiesToRead(current, priors, coverage.lossy), [current, priors, coverage.lossy]);
  useEffect(() => {
    if (toRead.length > 0) latest.current.coverage?.know(context.epoch, toRead);
  }, [toRead, context.epoch]);
  const volumes = useVolumes(imaging, context.epoch, slots, all);
  const onActivity = useCallback(() => latest.current.onActivity?.(), []);
  const cine = useCine(handle, slots.active?.series ?? null, onActivity, slots.besides);

  const root = useRef<HTMLElement>(null);
  const sizeOf = useCallback((slot: number): [number, number] | null => {
    const surface = root.current?.querySelectorAll<HTMLElement>('.viewport-surface')[slot];
    return surface === undefined ? null : [surface.clientWidth, surface.clientHeight];
  }, []);
  const kept = props.kept?.studyUid === props.study?.studyUid ? (props.kept ?? null) : null;
  const marks = useMarks(context.epoch, props.marks ?? null, kept?.marks ?? null);
  useKeyPictures(context.epoch, props.marks ?? null, images, all);
  const hands = useRef(new Map<number, HandKeys>());
  const hangByHand: typeof hang = (...asked) => {
    touch.current();
    hang(...asked);
  };
  const viewParts = useViewParts({ slots, coverage, studies: all, toRead, hang: hangByHand });
  const acts = useMarkActions({
    marks,
    studies: current === null ? [] : [current, ...priors],
    hung: hung.slice(0, count),
    handles,
    chosen,
    hands: hands.current,
    hang: hangByHand,
    activate: slots.activate,
    onInsert: (measurement) => latest.current.onMeasurement?.(measurement, latest.current.context.epoch),
    onSave: props.onSaveMarks ?? null,
  });
  const screenMillimetre = useCallback(() => latest.current.screenMillimetre?.() ?? null, []);
  const trueSize = useTrueSize(slots.active, handle, screenMillimetre);
  const objects = useObjects({ images, hung: hung.slice(0, count), handles, chosen, sizeOf, screenMillimetre });
  const overlayPlanes = useOverlayPlanes();
  const subtraction = useSubtraction(imaging, context.epoch, slots, () => touch.current());
  const onPainted = useKeptView({
    kept,
    current,
    priors,
    hang,
    sizeOf,
    show: (view) => {
      slots.setLayout(view.layout);
      slots.activate(view.active);
      setTool(view.tool);
      volumes.tie(view.ties);
      marks.select(view.selected);
      coverage.add(view.coverage);
    },
    planesBack: (view) => images !== null && view.planes !== null && volumes.comeBack(images, view.planes, view.slots),
    fusionBack: (view) =>
      images !== null && view.fusion !== null && volumes.fusionBack(images, view.fusion, view.planes),
  });
  useImperativeHandle(props.ref, () => ({
    keep: () => {
      if (current === null) return null;
      return {
        studyUid: current.images.studyUid,
        layout,
        active: chosen,
        tool,
        slots: hung.map((one, slot) => (slot < count ? keptSlot(one, handles[slot] ?? null, sizeOf(slot)) : null)),
        planes: volumes.kept(),
        ties: volumes.ties(),
        fusion: volumes.fusion.kept(),
        marks: marks.marks,
        selected: marks.selected,
        coverage: coverage.now(),
      };
    },
  }));

  const taken = useRejections(current, priors, slots.setHung, marks);

  const [shipped] = useState(shippedRules);
  const rules = useRules(props.rules ?? null, props.siteId ?? null, shipped);
  const hanging = useHanging({
    rules: rules.rules,
    studies: { ...studies, current: current ?? studies.first },
    isDescribed: current !== null,
    sources: props.priors ?? [],
    screens: props.screens ?? 1,
    kept: kept !== null,
    slots,
    before: memory,
    stages: props.stages ?? null,
  });
  touch.current = hanging.touch;
  usePlacing({ hung, count, handles, sizeOf, screenMillimetre });

  // What does not hang at first is brought behind what does.
  useEffect(() => {
    if (images === null || current === null) return;
    for (const series of current.images.series) if (series.frames.length > 0) images.stream(series, 'back');
  }, [images, current]);

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

  function run(command: ViewerKeyCommand): void {
    onActivity();
    const unseen = (): void => goToUnseen(slots.active, handle, coverage);
    // The other commands are for the marks, the report and the app.
    if (volumes.run(command)) {
      if (command.type === 'toggle-planes') touch.current();
      return;
    }
    const see = () =>
      current === null
        ? null
        : {
            study: described(current),
            screen: screenOf(gridOf(layout), hung, handles, priors),
            name: hanging.hanging?.rule?.protocol.hangingProtocolName ?? current.images.description.slice(0, 64),
          };
    if (rules.run(command, see)) return;
    const onReset = (): void => {
      const display = slots.active?.display ?? null;
      if (handle !== null && display !== null) prepare(handle, display);
    };
    const parts = { slots, hanging, cine, setTool, goToUnseen: unseen, onReset };
    if (command.type === 'next-view-part') viewParts.next();
    else if (command.type === 'hang-unopened') hangUnopened();
    else if (command.type === 'tile-clips') tileClips(slots);
    else if (command.type === 'next-document') setDocument(nextDocument(current, priors, document));
    else if (overlayPlanes.run(command) || subtraction.run(command) || trueSize.run(command)) return;
    else if (!objects.run(command) && !runViewerCommand(command, parts)) acts.run(command);
  }
  function hangUnopened(): void {
    const [first] = neverOpened(
      coverage.now(),
      toRead.flatMap((one) => one.series),
    );
    const study = all.find((one) => one.images.studyUid === first?.studyUid);
    const series = study?.images.series.find((one) => one.seriesUid === first?.seriesUid);
    if (study !== undefined && series !== undefined) hangByHand(chosen, study, series);
  }
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
  useThumbButtons(root, (command) => runLatest.current(command));

  return (
    <section className="viewer" aria-label="Images" ref={root}>
      <ToolBar
        groups={toolGroups(commands, tool, cine, offeredWindows(slots.active?.series ?? null), acts.isKey(), volumes)}
      />
      <HangingLine now={hanging} layout={layout} commands={commands} onLayout={slots.changeLayout}>
        {rules.kept === null ? null : <span role="status">{rules.kept}</span>}
      </HangingLine>
      {rules.dialog}
      <div className="viewer-body">
        <SeriesPanel
          images={images}
          current={current}
          priors={priors}
          chosen={
            slots.active === null ? null : (slots.active.series.computed?.source ?? acquiredSeries(slots.active.series))
          }
          coverage={coverage}
          progress={studies.progress}
          onHang={(study, series) => hangByHand(chosen, study, series)}
          onOpenDocument={(study, series) => setDocument({ study, series })}
        />
        <div className={`viewports rows-${gridOf(layout).rows} columns-${gridOf(layout).columns}`}>
          {Array.from({ length: count }, (_, slot) => (
            <ViewportPanel
              // biome-ignore lint/suspicious/noArrayIndexKey: a viewport is its place.
              key={slot}
              number={slot + 1}
              imaging={imaging}
              hung={hung[slot] ?? null}
              emptyWords={hanging.emptyWords(slot) ?? emptyWords(props.study, studies, slot)}
              active={slot === chosen}
              tool={tool}
              progress={progressOf(hung[slot] ?? null, studies.progress)}
              marks={marks.marks}
              told={toldMarks}
              selected={marks.selected}
              hands={hands.current}
              coverage={coverage}
              viewWords={viewParts.words}
              onActivate={() => slots.activate(slot)}
              onHandle={(opened) => slots.opened(slot, opened)}
              onState={(state) => {
                if (state.painted) latest.current.onImage?.();
                // Where it lies in its stack is not known yet: nothing is remembered of it.
                if (state.partOf !== null) return;
                onPainted(slot, state, handles[slot] ?? null);
                memory.note(hung[slot] ?? null, state);
                coverage.note(hung[slot] ?? null, state, handles[slot] ?? null);
                viewParts.note(slot, state, handles[slot] ?? null);
                volumes.note(slot, state);
              }}
              onDrawn={acts.keep}
              onMoved={marks.move}
              onSelect={marks.select}
              onActivity={onActivity}
              volumes={volumes}
              overlay={(opened, state) => (
                <>
                  {overlayPlanes.layer(opened, state, objects.activated(slot, state))}
                  {objects.overlay(slot, opened, state)}
                </>
              )}
              notes={(opened, state) => [
                overlayPlanes.words(hung[slot] ?? null, opened, state, objects.activated(slot, state)),
                subtraction.offer(hung[slot] ?? null, state.slice),
                trueSize.note(hung[slot] ?? null, state),
              ]}
            />
          ))}
        </div>
        {document === null || images === null ? null : (
          <DocumentPanel
            images={images}
            {...document}
            onShow={({ instanceUid, frame }) => {
              const place = placeOf(document.study, instanceUid, frame);
              return place === null ? null : () => hangByHand(chosen, document.study, place.series, place.index);
            }}
            onClose={() => setDocument(null)}
          />
        )}
      </div>
      {(trueSize.words ?? subtraction.words ?? volumes.words) === null ? null : (
        <p className="viewer-problems" role="status">
          {trueSize.words ?? subtraction.words ?? volumes.words}
        </p>
      )}
      {viewParts.said === null ? null : (
        <p className="viewer-problems" role="status">
          {viewParts.said}
        </p>
      )}
      <ObjectsBar objects={objects} />
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
