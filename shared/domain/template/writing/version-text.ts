import { fieldHint, reportSections } from '../../report/index.ts';
import type { ReportMacro } from '../macro.ts';
import type { Condition, ReportTemplate, Statement } from '../template.ts';
import { isField } from '../template.ts';

const sexes = { M: 'male', F: 'female', O: 'other or not known' } as const;

function conditionWords(when: Condition | null | undefined): string {
  if (when == null) return '';
  const words = [
    ...(when.sex === undefined ? [] : [when.sex.map((one) => sexes[one]).join(' or ')]),
    ...(when.minimumAge === undefined ? [] : [`from ${when.minimumAge} years`]),
    ...(when.maximumAge === undefined ? [] : [`up to ${when.maximumAge} years`]),
    ...(when.modality === undefined ? [] : [when.modality.join(' or ')]),
  ];
  return words.length === 0 ? '' : ` (only: ${words.join(', ')})`;
}

function statementWords(one: Statement): string {
  const about = one.element === undefined ? '' : `[${[one.element, ...(one.also ?? [])].join(', ')}] `;
  const text = one.parts.map((part) => {
    if (!isField(part)) return part;
    const words = [
      ...(part.words === undefined ? [] : [part.words]),
      ...(part.normal === undefined ? [] : [`normal: ${part.normal}`]),
      ...(part.fill === undefined ? [] : [part.fill]),
    ];
    return `{${part.field}${words.length === 0 ? '' : `: ${words.join('; ')}`}}`;
  });
  return `${one.joined === true ? '+ ' : ''}${about}${text.join('')}${conditionWords(one.when)}`;
}

function fieldLines(fields: ReportTemplate['fields']): readonly string[] {
  return fields.map(
    (field) =>
      `${field.name}: ${fieldHint(field)}${field.required ? ', required' : ''}${
        field.choices === undefined ? '' : `: ${field.choices.join(' | ')}`
      }`,
  );
}

/** Everything that a version says, as lines to be compared with those of another. */
export function versionText(item: ReportTemplate | ReportMacro): string {
  if ('title' in item) {
    const { appliesTo } = item;
    const matching = Object.entries(appliesTo).flatMap(([name, value]) =>
      value === null || (Array.isArray(value) && value.length === 0)
        ? []
        : [`${matchingWords(name)}: ${String(value)}`],
    );
    const { complete, limited } = item.requiredElements;
    return [
      item.title,
      ...(item.description === '' ? [] : [item.description]),
      ...matching,
      ...item.sections.flatMap(({ code, statements }) => [
        '',
        `${reportSections.find((one) => one.code === code)?.title ?? code}`,
        ...statements.map(statementWords),
      ]),
      ...(item.fields.length === 0 ? [] : ['', 'Fields', ...fieldLines(item.fields)]),
      ...(complete.length === 0 ? [] : ['', `Complete exam: ${complete.join(', ')}`]),
      ...(limited.length === 0 ? [] : [`Limited exam: ${limited.join(', ')}`]),
    ].join('\n');
  }
  return [
    `${item.name}${conditionWords(item.when)}`,
    ...(item.also.length === 0 ? [] : [`Also: ${item.also.join(', ')}`]),
    ...(item.section === null ? [] : [`Goes to ${reportSections.find((one) => one.code === item.section)?.title}`]),
    ...item.statements.map(statementWords),
    ...(item.fields.length === 0 ? [] : ['', 'Fields', ...fieldLines(item.fields)]),
  ].join('\n');
}

function matchingWords(name: string): string {
  const words: Readonly<Record<string, string>> = {
    procedureCodes: 'Procedure codes',
    procedureWords: 'Words of the exam’s name',
    reasonWords: 'Words of the reason',
    notProcedureWords: 'Not exams named',
    modalities: 'Modalities',
    bodyParts: 'Body parts',
    views: 'Views',
    sex: 'Sex',
    minimumAge: 'From age',
    maximumAge: 'Up to age',
  };
  return words[name] ?? name;
}
