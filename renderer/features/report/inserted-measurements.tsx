import {
  type Draft,
  type Measurement,
  measurementLink,
  withUpdatedMeasurement,
} from '../../../shared/domain/report/index.ts';

/** Numbers from the images, each one press from its image, and told apart from what is drawn there now. */
export function InsertedMeasurements(props: {
  readonly draft: Draft;
  readonly readOnly: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly onShow: (measurement: Measurement) => void;
}) {
  const { draft, readOnly, edit } = props;
  if (draft.measurements.length === 0) return null;
  return (
    <ul className="report-measures" aria-label="Numbers from the images">
      {draft.measurements.map((one) => (
        <li key={one.id}>
          <button type="button" className="report-measure" onClick={() => props.onShow(one)}>
            {one.text}
          </button>
          <StaleMark one={one} draft={draft} readOnly={readOnly} edit={edit} />
          {readOnly ? null : (
            <button
              type="button"
              className="button quiet"
              aria-label={`Take ${one.text} out of the measurements`}
              title="Takes it out of the list that is signed; words in the text stay as they are."
              onClick={() =>
                edit((before) => ({
                  ...before,
                  measurements: before.measurements.filter((other) => other.id !== one.id),
                }))
              }
            >
              Take out
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Said where the drawing is no longer what the report says: the reader decides which of the two is right. */
function StaleMark(props: {
  readonly one: Measurement;
  readonly draft: Draft;
  readonly readOnly: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}) {
  const { one, draft, readOnly, edit } = props;
  const link = measurementLink(one, draft.marks);
  if (link.kind === 'same' || link.kind === 'unknown') return null;
  if (link.kind === 'gone') return <span className="report-stale">no drawing of it in this draft</span>;
  const possible = withUpdatedMeasurement(draft, link.now) !== null;
  return (
    <>
      <span className="report-stale">drawn as {link.now.text} now</span>
      {readOnly || !possible ? null : (
        <button
          type="button"
          className="button quiet"
          aria-label={`Write ${link.now.text} instead of ${one.text}`}
          onClick={() => edit((before) => withUpdatedMeasurement(before, link.now) ?? before)}
        >
          Write it
        </button>
      )}
      {readOnly || possible ? null : <span className="report-stale">: change the words by hand</span>}
    </>
  );
}
