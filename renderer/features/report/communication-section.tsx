/** Whom somebody told, as the signature will cover it. It is recorded under Critical results and changed nowhere else. */
export function CommunicationSection({ text }: { readonly text: string }) {
  if (text.trim() === '') return null;
  return (
    <fieldset className="report-section communication-section">
      <legend className="report-section-head">
        <b>Communication</b> <span className="source">writes itself from Critical results</span>
      </legend>
      <p className="report-text">{text}</p>
    </fieldset>
  );
}
