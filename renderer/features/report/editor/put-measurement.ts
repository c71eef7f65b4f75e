import {
  type CaretField,
  type Draft,
  type DraftPlace,
  insertMeasurement,
  type Measurement,
  noField,
  type SourcedWords,
  shiftFields,
  shiftSourced,
  withWords,
  wordsAt,
} from '../../../../shared/domain/report/index.ts';

/**
 * A measurement at the caret of a text, or at its end where nobody has been there; a field that the caret is in is filled by it. Its
 * words are marked as taken from the images until they are touched.
 */
export function putMeasurement(
  draft: Draft,
  place: DraftPlace,
  measurement: Measurement,
  caret: number | null,
  field: CaretField = noField,
): { readonly draft: Draft; readonly caret: number } {
  const { text, fields, sourced } = wordsAt(draft, place);
  const put = insertMeasurement(text, measurement.text, caret ?? undefined);
  const from = put.caret - (put.text.length - text.length);
  const edit = { from, to: from, text: put.text.slice(from, put.caret) };
  const start = from + edit.text.indexOf(measurement.text);
  const known = draft.measurements.some((one) => one.id === measurement.id);
  const mark: readonly SourcedWords[] =
    place.kind !== 'section'
      ? []
      : [
          {
            key: freeKey(draft, `measurement-${measurement.id}`),
            section: place.code,
            ...(place.exam === null ? {} : { exam: place.exam }),
            from: start,
            to: start + measurement.text.length,
            source: 'measurement',
            words: 'from the images',
            value: measurement.text,
          },
        ];
  const next = withWords(draft, place, {
    text: put.text,
    fields: shiftFields(fields, edit, field),
    sourced: [...shiftSourced(sourced, edit, text), ...mark],
  });
  const measurements = known ? draft.measurements : [...draft.measurements, measurement];
  return { draft: { ...next, measurements }, caret: put.caret };
}

function freeKey(draft: Draft, stem: string): string {
  const taken = new Set((draft.sourced ?? []).map((one) => one.key));
  let number = 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
