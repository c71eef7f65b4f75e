import { useState } from 'react';
import { sentencesOf } from '../../../shared/domain/checks/index.ts';
import type { FollowUpReading } from '../../../shared/domain/follow-up/index.ts';
import { ReadingForm } from './reading-form.tsx';

const nothingSaid: FollowUpReading = { modalities: [], bodyPart: null, exam: '', interval: null, condition: '' };

/** Words that no rule found: the reader points at the sentence and says what it recommends. Only words of the report can be chosen. */
export function ChooseForm(props: {
  readonly sections: readonly { readonly code: string; readonly text: string }[];
  readonly onKeep: (section: string, quote: string, reading: FollowUpReading) => Promise<string | null>;
  readonly onCancel: () => void;
}) {
  const sentences = props.sections
    .flatMap(({ code, text }) => sentencesOf(text).map(({ from, to }) => ({ code, quote: text.slice(from, to) })))
    .filter(({ quote }) => quote.length > 3)
    .reverse();
  const [chosen, setChosen] = useState(0);
  const sentence = sentences[chosen];
  if (sentence === undefined)
    return (
      <p className="report-line dim" role="status">
        The report has no words yet.
      </p>
    );
  return (
    <div className="follow-up-choose">
      <label className="field">
        The words that recommend it
        {/* biome-ignore lint/a11y/noAutofocus: the form was asked for, and the hands are on the keys. */}
        <select autoFocus value={chosen} autoComplete="off" onChange={(event) => setChosen(Number(event.target.value))}>
          {sentences.map(({ code, quote }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may stand twice.
            <option key={`${place}${code}`} value={place}>
              {quote}
            </option>
          ))}
        </select>
      </label>
      <ReadingForm
        name="Recommended exam of chosen words"
        go="Track it"
        reading={nothingSaid}
        onKeep={(reading) => props.onKeep(sentence.code, sentence.quote, reading)}
        onCancel={props.onCancel}
      />
    </div>
  );
}
