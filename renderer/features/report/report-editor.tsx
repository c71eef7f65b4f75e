import { Fragment, type Ref, useCallback, useImperativeHandle, useRef } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { DictatedText } from '../../../shared/domain/dictation/index.ts';
import {
  type Draft,
  type DraftPlace,
  doubtsAt,
  examSections,
  fieldBeside,
  isTogether,
  keepOwnWords,
  type Measurement,
  placesIn,
  reportSections,
  type SectionCode,
  type SourcedWords,
  samePlace,
  staleWords,
  takeSourceWords,
  withDoubts,
  withWords,
  wordsAt,
} from '../../../shared/domain/report/index.ts';
import { unbroken } from '../../ui/index.ts';
import { putMeasurement } from './editor/put-measurement.ts';
import { SectionEditor, type SectionEditorHandle } from './editor/section-editor.tsx';
import { sourceLine } from './editor/source-line.ts';
import { SourceStale } from './editor/source-stale.tsx';
import { misspellingBeside } from './editor/spelled-words.ts';
import type { ReportHistory } from './editor/use-report-history.ts';
import { ExamBlocks } from './exam-blocks.tsx';
import { InsertedMeasurements } from './inserted-measurements.tsx';
import { SpellingNoteLine } from './spelling/spelling-note.tsx';
import type { Spelling } from './spelling/use-spelling.tsx';

/** A place in the words of a section; `at` counts UTF-16 units. */
export type SectionCaret = {
  readonly section: SectionCode;
  readonly exam?: string | undefined;
  readonly at?: number | undefined;
};

export type ReportEditorHandle = {
  focusSection(code: SectionCode): void;
  focusFirst(): void;
  /** At the caret of Findings, or at its end where nobody has been there. */
  insert(measurement: Measurement): void;
  /** What is dictated from now on goes where the caret is, or was last; else to the end of Findings. */
  markPlace(): void;
  /** Words of an utterance, where it began; false where nothing may be written. */
  putDictated(dictated: DictatedText): boolean;
  /** The words of the last utterance out again; false where they do not stand as they were put in. */
  scratchDictated(): boolean;
  /** Dictated words that were not heard well and not touched since, in the order of the report. */
  doubtful(): readonly string[];
  /** The section that the caret is in, or was in last, and where; null where it was in none yet. `at` is absent where nobody has been in it. */
  caretPlace(): SectionCaret | null;
  /** Puts the caret there, with the next drawing of the words, and gives it the hand. */
  caretTo(place: SectionCaret): void;
  /** The next (1) or previous (-1) field of the report, from the caret, and round again; in a report without fields, the next section. */
  stepField(by: 1 | -1): boolean;
  /** The next (1) or previous (-1) word that is in no word list, from the caret and round again, with what may be meant. */
  stepMisspelling(by: 1 | -1): void;
  undo(): void;
  redo(): void;
  /** The words that a source says now, in the place of those that it put in: of the section at the caret, else of the first that has such. */
  takeNewWords(): void;
};

export type ReportEditorProps = {
  readonly draft: Draft;
  /** The draft as it is at this moment, between two drawings of the screen too. */
  readonly current: () => Draft;
  readonly prefill: CaseDetail['prefill'];
  /** The open exam's heading, shown in a report over several. */
  readonly heading: string;
  readonly readOnly: boolean;
  /** While the dialog shows its own Reason, this one is plain text: one textbox of that name at a time. */
  readonly reasonElsewhere: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly history: ReportHistory;
  readonly onLeave: () => void;
  readonly onShowMeasurement: (measurement: Measurement) => void;
  readonly spelling: Spelling;
  readonly ref?: Ref<ReportEditorHandle>;
};

const findings = '59776-5' satisfies SectionCode;
const sectionOf = (code: SectionCode): DraftPlace => ({ kind: 'section', code, exam: null });

function isOfExam(code: SectionCode): boolean {
  return examSections.some((one) => one.code === code);
}

/** The name under which the editor holds the field of a place. */
const nameOf = (place: DraftPlace): string =>
  place.kind === 'section' ? `${place.code}|${place.exam ?? ''}` : place.kind;

/** What each place of the report needs to be an editor of its words. */
export type PlaceEditor = (place: DraftPlace, name: string, placeholder?: string) => React.JSX.Element;

/** The words of one draft: the five sections, or an addendum with its reason. */
export function ReportEditor(props: ReportEditorProps) {
  const { draft, readOnly, edit, onLeave, history, current, prefill } = props;
  const editors = useRef(new Map<string, SectionEditorHandle>());
  const last = useRef<string | null>(null);
  /** Where the utterance under way goes, and where the last one went. */
  const speaking = useRef<DraftPlace | null>(null);
  const spokenAt = useRef<DraftPlace | null>(null);
  const isAddendum = draft.kind === 'addendum';
  const firstPlace: DraftPlace = isAddendum ? { kind: 'addendum' } : sectionOf(findings);
  const at = (place: DraftPlace): SectionEditorHandle | undefined => editors.current.get(nameOf(place));
  const isStale = useCallback((one: SourcedWords) => staleWords(one, prefill) !== null, [prefill]);

  /** The place of the editor that has the caret, or had it last. */
  const placeAtCaret = (): DraftPlace | null => {
    const places = placesIn(current());
    const focused = places.find((place) => at(place)?.hasFocus());
    return focused ?? places.find((place) => nameOf(place) === last.current && at(place) !== undefined) ?? null;
  };
  const enter = (found: ReturnType<typeof fieldBeside>): boolean => {
    const target = found === null || isAddendum ? undefined : at(found.place);
    if (found === null || target === undefined) return false;
    target.enterField(found.field.key);
    return true;
  };
  const stepField = (by: 1 | -1): boolean => {
    const place = placeAtCaret();
    const editor = place === null ? undefined : at(place);
    const from =
      place === null || editor === undefined
        ? null
        : { place, at: editor.caret() ?? 0, key: editor.caretField().inside };
    return enter(fieldBeside(current(), from, by));
  };
  const stepSection = (by: 1 | -1): boolean => {
    const places = placesIn(current()).filter((place) => at(place) !== undefined);
    const here = placeAtCaret() ?? firstPlace;
    const next = places[places.findIndex((place) => samePlace(place, here)) + by];
    if (next === undefined) return false;
    at(next)?.focus();
    return true;
  };
  const stepMisspelling = (by: 1 | -1): void => {
    const places = placesIn(current()).filter((place) => at(place) !== undefined);
    const here = placeAtCaret() ?? firstPlace;
    const begin = Math.max(
      0,
      places.findIndex((place) => samePlace(place, here)),
    );
    const caret = at(here)?.caret() ?? 0;
    // Round the report once: the rest of this section, the others, and this one from its other end.
    for (let step = 0; step <= places.length; step += 1) {
      const place = places.at((begin + by * step) % places.length);
      const editor = place === undefined ? undefined : at(place);
      const from = step === 0 ? caret - (by === 1 ? 0 : 1) : by === 1 ? 0 : Number.MAX_SAFE_INTEGER;
      const found = misspellingBeside(editor?.misspellings() ?? [], from, by);
      if (editor === undefined || found === null) continue;
      props.spelling.say(null);
      editor.correct(found);
      return;
    }
    props.spelling.say({
      words: props.spelling.failed
        ? 'The word lists could not be read: spelling is not checked. Load the page again.'
        : 'Every word is in a word list.',
      undo: null,
    });
  };
  const go = (step: ReportHistory['undo']): void => {
    const found = step();
    const editor = found === null ? undefined : at(found.place);
    if (found === null || editor === undefined) return;
    editor.moveCaret(found.at);
    editor.focus();
  };
  const stale = (of: Draft): readonly { readonly one: SourcedWords; readonly now: string }[] =>
    of.kind !== 'report'
      ? []
      : (of.sourced ?? []).flatMap((one) => {
          const now = staleWords(one, prefill);
          return now === null ? [] : [{ one, now }];
        });
  const take = (key: string, now: string): void => edit((before) => takeSourceWords(before, key, now) ?? before);

  useImperativeHandle(props.ref, () => ({
    focusSection: (code) => at(sectionOf(code))?.focus(),
    focusFirst: () => at(firstPlace)?.focus(),
    insert: (measurement) => {
      // A number goes to the words of the exam whose image it was taken from.
      const other = isAddendum ? undefined : draft.together?.find((exam) => exam.studyUid === measurement.studyUid);
      const place: DraftPlace =
        other === undefined ? firstPlace : { kind: 'section', code: findings, exam: other.studyUid };
      const editor = at(place);
      edit((before) => {
        const put = putMeasurement(before, place, measurement, editor?.caret() ?? null, editor?.caretField());
        editor?.moveCaret(put.caret);
        return put.draft;
      });
    },
    markPlace: () => {
      speaking.current = placeAtCaret() ?? firstPlace;
      at(speaking.current)?.markPlace();
    },
    putDictated: (dictated) => {
      const place = speaking.current ?? placeAtCaret() ?? firstPlace;
      speaking.current = null;
      spokenAt.current = place;
      return at(place)?.putDictated(dictated) ?? false;
    },
    doubtful: () => placesIn(current()).flatMap((place) => at(place)?.doubtful() ?? []),
    scratchDictated: () => (spokenAt.current === null ? false : (at(spokenAt.current)?.scratchDictated() ?? false)),
    caretPlace: () => {
      const place = placeAtCaret();
      if (place === null || place.kind !== 'section') return null;
      const { code, exam } = place;
      return { section: code, exam: exam ?? undefined, at: at(place)?.caret() ?? undefined };
    },
    caretTo: ({ section, exam, at: index }) => {
      const editor = at({ kind: 'section', code: section, exam: exam ?? null });
      if (index !== undefined) editor?.moveCaret(index);
      // After a dialog that closes has given the focus back.
      setTimeout(() => editor?.focus(), 0);
    },
    stepField: (by) => {
      const place = placeAtCaret();
      if (place !== null) at(place)?.settleField();
      // Behind the last field a command begins with the first again.
      return stepField(by) || enter(fieldBeside(current(), null, by)) || stepSection(by);
    },
    stepMisspelling,
    undo: () => go(history.undo),
    redo: () => go(history.redo),
    takeNewWords: () => {
      const all = stale(current());
      const place = placeAtCaret();
      const found = all.find(({ one }) => place !== null && samePlace(sectionOf(one.section), place)) ?? all[0];
      if (found !== undefined && !readOnly) take(found.one.key, found.now);
    },
  }));

  const editorOf: PlaceEditor = (place, name, placeholder) => {
    const words = wordsAt(draft, place);
    const line = draft.kind === 'report' ? sourceLine(draft.sourced, place, words, prefill) : null;
    return (
      <SectionEditor
        key={nameOf(place)}
        ref={(handle) => {
          if (handle === null) editors.current.delete(nameOf(place));
          else editors.current.set(nameOf(place), handle);
        }}
        name={name}
        words={words}
        source={line?.words ?? null}
        untouched={line?.whole ?? false}
        isStale={isStale}
        readOnly={readOnly}
        doubts={doubtsAt(draft, place)}
        spelling={props.spelling.section}
        onWords={(next, doubts) => {
          last.current = nameOf(place);
          edit((before) => withDoubts(withWords(before, place, next), place, doubts));
        }}
        onLeave={() => {
          last.current = nameOf(place);
          onLeave();
        }}
        onStepField={stepField}
        onUndo={() => go(history.undo)}
        onRedo={() => go(history.redo)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
    );
  };
  const several = isTogether(draft) && !isAddendum;
  // Of several exams, what is of all stands first and each exam's own words under its heading.
  const sections = several
    ? [...reportSections].sort((left, right) => Number(isOfExam(left.code)) - Number(isOfExam(right.code)))
    : reportSections;
  const firstOwn = several ? sections.find(({ code }) => isOfExam(code))?.code : undefined;
  const news = stale(draft);
  return (
    <div className="report-sections">
      <SpellingNoteLine spelling={props.spelling} />
      {isAddendum
        ? editorOf({ kind: 'addendum' }, 'Addendum')
        : sections.map(({ code, title }) => (
            <Fragment key={code}>
              {code === firstOwn ? <h3 className="exam-heading">{unbroken(props.heading)}</h3> : null}
              {editorOf(sectionOf(code), title)}
              {news
                .filter(({ one }) => one.section === code)
                .map(({ one, now }) => (
                  <SourceStale
                    key={one.key}
                    one={one}
                    now={now}
                    readOnly={readOnly}
                    onTake={() => take(one.key, now)}
                    onKeep={() => edit((before) => keepOwnWords(before, one.key))}
                  />
                ))}
            </Fragment>
          ))}
      {isAddendum ? null : <ExamBlocks draft={draft} editorOf={editorOf} />}
      {draft.kind === 'report' ? null : props.reasonElsewhere ? (
        <div className="report-section">
          <div className="report-section-head">Reason</div>
          <p className="report-text">{draft.reason}</p>
        </div>
      ) : (
        editorOf({ kind: 'reason' }, 'Reason', isAddendum ? 'why words are added' : 'why the report is corrected')
      )}
      <InsertedMeasurements draft={draft} readOnly={readOnly} edit={edit} onShow={props.onShowMeasurement} />
    </div>
  );
}
