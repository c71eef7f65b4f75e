import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import {
  type EarlierMeasurement,
  type Growth,
  growthOf,
  type ImageMeasurement,
  type ImagePlace,
  isAnnotation,
  type KeyImage,
  kindWords,
  measurementText,
  quantityText,
} from '../../../shared/domain/measurement/index.ts';
import { shownDate } from '../../case/index.ts';
import { type CaseStudy, seriesName, studyWord } from './hung.ts';
import type { Marks } from './use-marks.ts';

/** A measurement that an SR in the archive tells of: another's, or one of an earlier reading. It is shown and measured again, never changed. */
export type ToldMeasurement = {
  readonly key: string;
  readonly measurement: EarlierMeasurement &
    Pick<ImageMeasurement, 'spacing' | 'points'> & { readonly place: ImagePlace | null };
  /** Who says so, and when: "OHIF, 2026-01-03". */
  readonly source: string;
};

export type MarksPanelHandle = { editLabel(): void };

type Props = {
  readonly marks: Marks;
  readonly told: readonly ToldMeasurement[];
  readonly studies: readonly CaseStudy[];
  /** The lesion that the next drawing measures again. */
  readonly again: EarlierMeasurement | null;
  /** What the archive said to the last saving; null before. */
  readonly saved: string | null;
  readonly canSave: boolean;
  readonly onShow: (place: ImagePlace, id: string | null) => void;
  readonly onInsert: (one: ImageMeasurement) => void;
  readonly onAgain: (one: EarlierMeasurement | null) => void;
  readonly onSave: () => void;
  readonly ref?: Ref<MarksPanelHandle>;
};

/** What is measured and marked on the images of the case: the list beside which the image that each came from is one press away. */
export function MarksPanel(props: Props) {
  const { marks, told, studies, again } = props;
  const { measurements, keyImages } = marks.marks;
  const labelField = useRef<HTMLInputElement>(null);
  useImperativeHandle(props.ref, () => ({
    editLabel: () => {
      labelField.current?.focus();
      labelField.current?.select();
    },
  }));
  const dateOf = (studyUid: string): string =>
    studies.find((one) => one.images.studyUid === studyUid)?.images.studyDate ?? '';
  const earlier: readonly EarlierMeasurement[] = [
    ...told.map((one) => one.measurement),
    ...measurements.map((one) => ({ ...one, studyUid: one.place.studyUid, studyDate: dateOf(one.place.studyUid) })),
  ];
  const mine = measurements.length + keyImages.length;
  return (
    <section className="marks-panel" aria-label="Marks">
      <div className="marks-head">
        <b>{measurements.length === 1 ? '1 measurement' : `${measurements.length} measurements`}</b>
        <span className="quiet-words">
          {keyImages.length === 1 ? '1 key image' : `${keyImages.length} key images`}
          {mine === 0 ? '' : marks.keeping === 'draft' ? ' · kept with your draft' : ' · kept in this window only'}
        </span>
        {props.saved === null || again !== null ? null : (
          <span className="marks-note" role="status">
            {props.saved}
          </span>
        )}
        {again === null ? null : (
          <span className="marks-note" role="status">
            The next drawing measures {again.label === '' ? kindWords[again.kind].toLowerCase() : again.label} of{' '}
            {shownDate(again.studyDate)} again
            <button type="button" className="button quiet" onClick={() => props.onAgain(null)}>
              No
            </button>
          </span>
        )}
        <span className="marks-actions">
          <button type="button" className="button quiet" disabled={!marks.canUndo} onClick={marks.undo}>
            Undo
          </button>
          <button type="button" className="button quiet" disabled={!marks.canRedo} onClick={marks.redo}>
            Redo
          </button>
          {props.canSave ? (
            <button
              type="button"
              className="button quiet"
              disabled={mine === 0}
              title="Measurements as SR and, drawn over the images, as presentation states (GSPS); key images as KOS. Documents of their own beside the images, no part of the report."
              onClick={props.onSave}
            >
              Save to archive
            </button>
          ) : null}
        </span>
      </div>
      <div className="marks-body">
        <ul className="marks-list" aria-label="Measurements">
          {measurements.length === 0 && told.length === 0 ? (
            <li className="quiet-words">
              Nothing is measured. Press <b>D</b> and draw a length; every tool stands in the bar above.
            </li>
          ) : null}
          {measurements.map((one) => (
            <MarkItem
              key={one.id}
              {...props}
              one={one}
              growth={growthOf(one, earlier)}
              where={whereOf(one.place, studies)}
              fieldRef={one.id === marks.selected ? labelField : null}
            />
          ))}
          {told.map((one) => (
            <li key={one.key} className="mark-row told">
              <button
                type="button"
                className="mark-show"
                disabled={one.measurement.place === null}
                title={
                  one.measurement.place === null
                    ? 'It names no image of this case.'
                    : 'Shows the image that it was measured on.'
                }
                onClick={() => one.measurement.place !== null && props.onShow(one.measurement.place, null)}
              >
                <span>{one.measurement.label === '' ? kindWords[one.measurement.kind] : one.measurement.label}</span>{' '}
                <b>{measurementText({ ...one.measurement, label: '' })}</b>
              </button>
              <span className="quiet-words">{one.source}</span>
              {isAnnotation(one.measurement.kind) ? null : (
                <button type="button" className="button quiet" onClick={() => props.onAgain(one.measurement)}>
                  Measure again
                </button>
              )}
            </li>
          ))}
        </ul>
        {keyImages.length === 0 ? null : (
          <ul className="marks-list" aria-label="Key images">
            {keyImages.map((one) => (
              <KeyItem key={one.id} one={one} where={whereOf(one.place, studies)} {...props} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

type Where = { readonly words: string; readonly here: boolean; readonly isPrior: boolean };

/** Study, series and slice of a place in words; said to be absent where the case does not hold it. */
function whereOf(place: ImagePlace, studies: readonly CaseStudy[]): Where {
  for (const study of studies) {
    if (study.images.studyUid !== place.studyUid) continue;
    // Computed pictures are in no series of the archive; what they are is all that there is to say.
    if (place.computed !== undefined)
      return { words: place.computed.words, here: false, isPrior: study.prior !== null };
    for (const series of study.images.series) {
      if (series.seriesUid !== place.seriesUid) continue;
      const index = series.frames.findIndex(
        (one) => one.instanceUid === place.instanceUid && one.frame === place.frame,
      );
      if (index === -1) continue;
      const word = study.prior === null ? '' : `${studyWord(study)} · `;
      return { words: `${word}${seriesName(series)}, ${index + 1}`, here: true, isPrior: study.prior !== null };
    }
  }
  return { words: 'its image is not in this case now', here: false, isPrior: false };
}

function growthWords({ difference, percent, now, studyDate }: Growth): string {
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '±';
  const size = quantityText({ ...now, value: Math.abs(difference) });
  const share = percent === null ? '' : ` (${sign}${Math.abs(percent).toFixed(0)}%)`;
  return `${sign}${size}${share} since ${studyDate === '' ? 'the prior' : shownDate(studyDate)}`;
}

function MarkItem(
  props: Props & {
    readonly one: ImageMeasurement;
    readonly growth: Growth | null;
    readonly where: Where;
    readonly fieldRef: Ref<HTMLInputElement> | null;
  },
) {
  const { one, marks, growth, where } = props;
  const text = measurementText({ ...one, label: isAnnotation(one.kind) ? one.label : '' });
  const chosen = one.id === marks.selected;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <li ref={row} className={`mark-row${chosen ? ' chosen' : ''}${where.isPrior ? ' prior' : ''}`}>
      <button
        type="button"
        className="mark-show"
        aria-pressed={chosen}
        disabled={!where.here}
        title={where.words}
        onClick={() => {
          marks.select(one.id);
          props.onShow(one.place, one.id);
        }}
      >
        <span className="mark-number">{one.number}</span> {kindWords[one.kind]}{' '}
        <b>{text === '' ? 'not named' : text}</b>
        {one.label === '' || isAnnotation(one.kind) ? '' : ` ${one.label}`}
      </button>
      {growth === null ? null : <span className="mark-growth">{growthWords(growth)}</span>}
      <span className="quiet-words cut">{where.words}</span>
      {chosen ? (
        <>
          <LabelField one={one} marks={marks} fieldRef={props.fieldRef} />
          {isAnnotation(one.kind) ? null : (
            <button type="button" className="button quiet" onClick={() => props.onInsert(one)}>
              To report
            </button>
          )}
          {where.isPrior && !isAnnotation(one.kind) ? (
            <button
              type="button"
              className="button quiet"
              onClick={() => props.onAgain({ ...one, studyUid: one.place.studyUid, studyDate: dateIn(props, one) })}
            >
              Measure again
            </button>
          ) : null}
          <button type="button" className="button quiet" onClick={() => marks.remove(one.id)}>
            Delete
          </button>
        </>
      ) : null}
    </li>
  );
}

function dateIn(props: Props, one: ImageMeasurement): string {
  return props.studies.find((study) => study.images.studyUid === one.place.studyUid)?.images.studyDate ?? '';
}

/** Taken over on Enter and on leaving: one step to undo, not one a letter. */
function LabelField(props: {
  readonly one: ImageMeasurement;
  readonly marks: Marks;
  readonly fieldRef: Ref<HTMLInputElement> | null;
}) {
  const { one, marks } = props;
  const [words, setWords] = useState(one.label);
  useEffect(() => setWords(one.label), [one.label]);
  const take = (): void => {
    if (words.trim() !== one.label) marks.label(one.id, words.trim());
  };
  return (
    <input
      ref={props.fieldRef}
      className="mark-label"
      aria-label={`Name of measurement ${one.number}`}
      placeholder={one.kind === 'text' || one.kind === 'arrow' ? 'words' : one.kind === 'spine' ? 'T12, L1…' : 'name'}
      autoComplete="off"
      maxLength={200}
      value={words}
      onChange={(event) => setWords(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        take();
        event.currentTarget.blur();
      }}
    />
  );
}

function KeyItem(props: Props & { readonly one: KeyImage; readonly where: Where }) {
  const { one, where, marks } = props;
  return (
    <li className={where.isPrior ? 'mark-row prior' : 'mark-row'}>
      <button type="button" className="mark-show" disabled={!where.here} onClick={() => props.onShow(one.place, null)}>
        Key image <b>{where.words}</b>
      </button>
      <button
        type="button"
        className="button quiet"
        aria-label={`No key image: ${where.words}`}
        onClick={() => marks.toggleKeyImage(one.place)}
      >
        Take out
      </button>
    </li>
  );
}
