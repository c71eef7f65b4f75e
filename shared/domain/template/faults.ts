import type { ReportField } from '../report/index.ts';
import type { ReportMacro } from './macro.ts';
import { isField, type ReportTemplate, type Statement } from './template.ts';

/** What no shape can say of a template: that ids are unique and name each other, and that each required element is spoken of. */
export function templateFaults(template: ReportTemplate): readonly string[] {
  const of = `“${template.title}”`;
  const statements = template.sections.flatMap((section) => section.statements);
  const faults = [...fieldFaults(of, template.fields), ...partFaults(of, template.fields, statements)];
  if (statements.length === 0) faults.push(`${of} has no words.`);
  const codes = template.sections.map(({ code }) => code);
  if (new Set(codes).size !== codes.length) faults.push(`${of} has one section twice.`);
  const elements = new Set(statements.flatMap(({ element }) => element ?? []));
  const { complete, limited } = template.requiredElements;
  for (const name of new Set([...complete, ...limited])) {
    if (!elements.has(name)) faults.push(`${of} must speak of “${name}”, and nothing in it does.`);
  }
  for (const name of limited) {
    if (!complete.includes(name)) faults.push(`${of}: “${name}” is asked of a limited exam and not of a complete one.`);
  }
  return faults;
}

export function macroFaults(macro: ReportMacro): readonly string[] {
  const of = `The macro “${macro.name}”`;
  const faults = [...fieldFaults(of, macro.fields), ...partFaults(of, macro.fields, macro.statements)];
  return macro.statements.length === 0 ? [...faults, `${of} has no words.`] : faults;
}

function fieldFaults(of: string, fields: readonly ReportField[]): string[] {
  const faults: string[] = [];
  const ids = fields.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) faults.push(`${of} has two fields “${twice}”.`);
  for (const { id, kind, choices, minimum, maximum } of fields) {
    if (kind === 'choice' && (choices ?? []).length === 0)
      faults.push(`${of}: the field “${id}” has nothing to choose.`);
    if (minimum !== undefined && maximum !== undefined && minimum > maximum)
      faults.push(`${of}: the least of the field “${id}” is more than its most.`);
  }
  return faults;
}

function partFaults(of: string, fields: readonly ReportField[], statements: readonly Statement[]): string[] {
  const faults: string[] = [];
  const known = new Map(fields.map((one) => [one.id, one]));
  const used = statements.flatMap(({ parts }) => parts.filter(isField));
  for (const { field } of used) {
    if (!known.has(field)) faults.push(`${of} names a field “${field}” that it does not have.`);
  }
  for (const { id } of fields) {
    const times = used.filter(({ field }) => field === id).length;
    if (times === 0) faults.push(`${of} has a field “${id}” that stands nowhere.`);
    if (times > 1) faults.push(`${of} has the field “${id}” in ${times} places.`);
  }
  return faults;
}
