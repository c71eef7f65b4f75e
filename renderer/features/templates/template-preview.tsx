import { Fragment } from 'react';
import { type ReportField, reportSections } from '../../../shared/domain/report/index.ts';
import {
  type FilledText,
  type FillWords,
  fillTemplate,
  type ReportTemplate,
  type TemplateFacts,
} from '../../../shared/domain/template/index.ts';

/** "choice of 4", "number in mm": what a blank waits for. */
export function fieldWords(field: ReportField): string {
  switch (field.kind) {
    case 'choice':
      return `choice of ${field.choices?.length ?? 0}`;
    case 'number':
    case 'measurement':
      return field.unit === undefined ? 'number' : `number in ${field.unit}`;
    case 'laterality':
      return 'side';
    case 'date':
      return 'date';
    case 'text':
      return 'words';
    default:
      return field.kind satisfies never;
  }
}

/** A text with its blanks as boxes; those with words in them are underlined. Words are text and never HTML. */
export function FilledWords({ filled }: { readonly filled: FilledText }) {
  let at = 0;
  return (
    <span className="tpl-words">
      {filled.fields.map(({ from, to, field, state }) => {
        const before = filled.text.slice(at, from);
        at = to;
        return (
          <Fragment key={field.id}>
            {before}
            {state === 'empty' ? (
              <span className={field.required ? 'tpl-blank required' : 'tpl-blank'} title={fieldWords(field)}>
                {field.name}
                {field.required ? ' *' : ''}
              </span>
            ) : (
              <span className="tpl-default" title={`${field.name}: ${fieldWords(field)}`}>
                {filled.text.slice(from, to)}
              </span>
            )}
          </Fragment>
        );
      })}
      {filled.text.slice(at)}
    </span>
  );
}

/** What would stand in the report: sections, words and blanks, for this patient and exam. */
export function TemplatePreview(props: {
  readonly template: ReportTemplate;
  readonly facts: TemplateFacts;
  readonly said: FillWords;
}) {
  const { template, facts, said } = props;
  const sections = fillTemplate(template, facts, said);
  const { complete, limited } = template.requiredElements;
  return (
    <>
      {sections.map((section) => (
        <section key={section.code} className="tpl-section">
          <h4>{reportSections.find((one) => one.code === section.code)?.title}</h4>
          <FilledWords filled={section} />
        </section>
      ))}
      {complete.length === 0 ? null : (
        <p className="tpl-elements mute small">
          Complete exam: {complete.join(', ')}.{limited.length === 0 ? '' : ` Limited: ${limited.join(', ')}.`}
        </p>
      )}
      {template.origin === null ? null : (
        <p className="tpl-elements mute small">
          From {template.origin.publisher || template.origin.creator || 'a file'}
          {template.origin.license === '' ? '' : `; licence: ${template.origin.license}`}
        </p>
      )}
    </>
  );
}
