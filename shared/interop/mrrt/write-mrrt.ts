import { type ReportField, reportSections } from '../../domain/report/index.ts';
import { type FieldPart, isField, type ReportTemplate, type Statement } from '../../domain/template/index.ts';
import { ownMeta } from './mrrt-head.ts';
import { ownMark } from './own-body.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\t': '&#9;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"'\n\t]/g, (one) => escapes[one] ?? one);
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escaped(value)}"`;
}

const meta = (name: string, content: string): string =>
  `<meta${attribute('name', name)}${attribute('content', content)}>`;

/** MRRT's data-field-type of each kind. */
const fieldTypes: Readonly<Record<ReportField['kind'], string>> = {
  text: 'TEXT',
  choice: 'SELECTION_LIST',
  number: 'NUMBER',
  measurement: 'NUMBER',
  laterality: 'SELECTION_LIST',
  date: 'DATE',
};

function control(field: ReportField, part: FieldPart): string {
  const common = [
    attribute(ownMark, 'field'),
    attribute('id', field.id),
    attribute('name', field.id),
    attribute('title', field.name),
    attribute('data-field-type', fieldTypes[field.kind]),
    attribute('data-kind', field.kind),
    field.required ? ' required="required"' : '',
    attribute('data-many', field.many === undefined ? undefined : String(field.many)),
    attribute('data-field-units', field.unit),
    attribute('data-minimum', field.minimum === undefined ? undefined : String(field.minimum)),
    attribute('data-maximum', field.maximum === undefined ? undefined : String(field.maximum)),
    attribute('data-words', part.words),
    attribute('data-normal', part.normal),
    attribute('data-fill', part.fill),
  ].join('');
  if (field.choices !== undefined) {
    const options = field.choices.map(
      (one) =>
        `<option${attribute('value', one)}${one === part.words ? ' selected="selected"' : ''}>${escaped(one)}</option>`,
    );
    const many = field.many === true ? ' multiple="multiple"' : '';
    return `<select${common} data-choices="yes"${many}><option value="">-</option>${options.join('')}</select>`;
  }
  const type =
    field.kind === 'number' || field.kind === 'measurement' ? 'number' : field.kind === 'date' ? 'date' : 'text';
  return `<input type="${type}"${common}${type === 'text' ? attribute('value', part.words) : ''}>`;
}

function statementHtml(template: ReportTemplate, statement: Statement): string {
  const { element, also, when, joined } = statement;
  const attributes = [
    attribute(ownMark, 'statement'),
    attribute('data-element', element),
    attribute('data-also', also === undefined ? undefined : JSON.stringify(also)),
    attribute('data-when', when === undefined ? undefined : JSON.stringify(when)),
    attribute('data-joined', joined === undefined ? undefined : String(joined)),
  ].join('');
  const parts = statement.parts.map((part) => {
    if (!isField(part)) return `<span ${ownMark}="words">${escaped(part)}</span>`;
    const field = template.fields.find((one) => one.id === part.field);
    return field === undefined ? '' : control(field, part);
  });
  return `<p${attributes}>${parts.join('')}</p>`;
}

/**
 * A template as an IHE MRRT file: HTML5 with Dublin Core terms, template attributes, and a form that other report systems can show.
 * What MRRT has no place for stands in attributes of our own, from which readMrrt makes the same template again; fields come back in the
 * order in which they stand in the text.
 */
export function writeMrrt(template: ReportTemplate): string {
  const { origin } = template;
  const own = {
    id: template.id,
    version: template.version,
    title: template.title,
    description: template.description,
    appliesTo: template.appliesTo,
    requiredElements: template.requiredElements,
    origin: origin === null ? null : { ...origin, terms: [] },
  };
  const terms = (origin?.terms ?? []).map(
    (one) =>
      `<term${attribute('type', one.type)}><code${attribute('meaning', one.meaning)}${attribute('value', one.code)}${attribute('scheme', one.scheme)}></code></term>`,
  );
  const schemes = [...new Set((origin?.terms ?? []).map((one) => one.scheme))].map(
    (one) => `<coding_scheme${attribute('name', one)}></coding_scheme>`,
  );
  const sections = template.sections.map(({ code, statements }) => {
    const title = reportSections.find((one) => one.code === code)?.title ?? code;
    const lines = statements.map((one) => statementHtml(template, one));
    return [
      `<section${attribute(ownMark, 'section')}${attribute('data-section-name', title)}${attribute('data-loinc', code)}>`,
      `<header class="level1">${escaped(title)}</header>`,
      ...lines,
      '</section>',
    ].join('\n');
  });
  return [
    '<!DOCTYPE html>',
    `<html${attribute('lang', template.language)}>`,
    '<head>',
    '<meta charset="UTF-8">',
    `<title>${escaped(template.title)}</title>`,
    meta('dcterms.title', template.title),
    meta('dcterms.description', template.description),
    meta('dcterms.identifier', origin?.identifier ?? template.id),
    meta('dcterms.type', 'IMAGE_REPORT_TEMPLATE'),
    meta('dcterms.language', template.language),
    meta('dcterms.publisher', origin?.publisher ?? ''),
    meta('dcterms.creator', origin?.creator ?? ''),
    meta('dcterms.date', origin?.date ?? ''),
    meta('dcterms.rights', origin?.rights ?? ''),
    meta('dcterms.license', origin?.license ?? ''),
    meta(ownMeta, JSON.stringify(own)),
    '<script type="text/xml">',
    '<template_attributes>',
    '<top-level-flag>true</top-level-flag>',
    '<status>ACTIVE</status>',
    `<coding_schemes>${schemes.join('')}</coding_schemes>`,
    ...terms,
    '<coded_content></coded_content>',
    '</template_attributes>',
    '</script>',
    '</head>',
    '<body>',
    ...sections,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
