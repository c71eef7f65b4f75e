import { useRef, useState } from 'react';
import {
  type Draft,
  type DraftPlace,
  doubtsAt,
  fieldBeside,
  reportSections,
  samePlace,
  withDoubts,
  withWords,
  wordsAt,
} from '../../../shared/domain/report/index.ts';
import { SectionEditor, type SectionEditorHandle } from './editor/section-editor.tsx';
import './report.css';

/**
 * Words with fields as a report has them, to be tried: the report's own sections and its own keys, and nothing of it is kept. It begins
 * anew with each other draft that is given.
 */
export function ReportTrial({ draft: given }: { readonly draft: Draft }) {
  const [tried, setTried] = useState({ given, draft: given });
  const draft = tried.given === given ? tried.draft : given;
  const now = useRef(draft);
  now.current = draft;
  const editors = useRef(new Map<string, SectionEditorHandle>());
  const edit = (change: (before: Draft) => Draft): void => {
    now.current = change(now.current);
    setTried({ given, draft: now.current });
  };
  const places = reportSections
    .filter(
      ({ code }) =>
        given.sections[code] !== '' ||
        (given.fields ?? []).some((one) => one.section === code && one.exam === undefined),
    )
    .map(({ code, title }) => ({ title, place: { kind: 'section', code, exam: null } satisfies DraftPlace }));
  const stepField = (from: DraftPlace, by: 1 | -1): boolean => {
    const editor = places.find(({ place }) => samePlace(place, from));
    const handle = editor === undefined ? undefined : editors.current.get(editor.title);
    const found = fieldBeside(
      now.current,
      { place: from, at: handle?.caret() ?? 0, key: handle?.caretField().inside ?? null },
      by,
    );
    const target = places.find(({ place }) => found !== null && samePlace(place, found.place));
    if (found === null || target === undefined) return false;
    editors.current.get(target.title)?.enterField(found.field.key);
    return true;
  };
  return (
    <div className="report-sections">
      {places.map(({ title, place }) => (
        <SectionEditor
          key={title}
          ref={(handle) => {
            if (handle === null) editors.current.delete(title);
            else editors.current.set(title, handle);
          }}
          name={title}
          words={wordsAt(draft, place)}
          source={null}
          untouched={false}
          readOnly={false}
          doubts={doubtsAt(draft, place)}
          spelling={null}
          onWords={(next, doubts) => edit((before) => withDoubts(withWords(before, place, next), place, doubts))}
          onLeave={() => undefined}
          onStepField={(by) => stepField(place, by)}
          onUndo={() => setTried({ given, draft: given })}
          onRedo={() => undefined}
        />
      ))}
    </div>
  );
}
