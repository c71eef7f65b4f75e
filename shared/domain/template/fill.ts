import type { DraftField, ReportField, SectionCode } from '../report/index.ts';
import { isField, meetsCondition, type ReportTemplate, type Statement, type TemplateFacts } from './template.ts';

/** A field as it stands in a filled text; UTF-16 offsets. */
export type FilledField = Pick<DraftField, 'from' | 'to' | 'field' | 'state'>;
export type FilledText = { readonly text: string; readonly fields: readonly FilledField[] };
export type FilledSection = FilledText & { readonly code: SectionCode };

/** What the reader said beside choosing the template. */
export type FillWords = {
  /** Everything not named is normal: blanks that have words for that take them. */
  readonly normal: boolean;
  /** By element: her words in place of the template's. Empty words leave the place open. */
  readonly exceptions: ReadonlyMap<string, string>;
};

export const nothingSaid: FillWords = { normal: false, exceptions: new Map() };

/** Of a statement's fields the one that holds what the element is like. */
export function mainField(statement: Statement): string | null {
  const fields = statement.parts.filter(isField);
  return (fields.find((one) => one.words !== undefined) ?? fields[0])?.field ?? null;
}

function wordsOf(
  part: Exclude<Statement['parts'][number], string>,
  facts: TemplateFacts,
  said: FillWords,
): { readonly words: string; readonly state: DraftField['state'] } {
  if (part.fill !== undefined) {
    const { facility } = facts;
    const known = (part.fill === 'facility-name' ? facility?.name : facility?.address) ?? '';
    if (known !== '') return { words: known, state: 'filled' };
  }
  if (said.normal && part.normal !== undefined) return { words: part.normal, state: 'filled' };
  if (part.words === undefined) return { words: '', state: 'empty' };
  return { words: part.words, state: 'default' };
}

/** Statements as text with their blanks: what is meant for another patient or exam is left out. */
export function fillStatements(
  statements: readonly Statement[],
  fields: readonly ReportField[],
  facts: TemplateFacts,
  said: FillWords = nothingSaid,
): FilledText {
  let text = '';
  let first = true;
  const filled: FilledField[] = [];
  for (const statement of statements) {
    if (!meetsCondition(statement.when, facts)) continue;
    if (!first) text += statement.joined === true ? ' ' : '\n';
    first = false;
    const exception = statement.element === undefined ? undefined : said.exceptions.get(statement.element);
    const main = exception === undefined ? null : mainField(statement);
    if (exception !== undefined && main === null) {
      // Plain words of the template: the reader's stand in their place.
      text += exception;
      continue;
    }
    for (const [at, part] of statement.parts.entries()) {
      if (!isField(part)) {
        text += part;
        continue;
      }
      const field = fields.find((one) => one.id === part.field);
      if (field === undefined) continue;
      const own = part.field === main && exception !== undefined;
      const next = statement.parts[at + 1];
      // The full stop is the template's where it has one.
      const said_ = typeof next === 'string' && next.startsWith('.') ? exception?.replace(/\.$/, '') : exception;
      const put = own
        ? ({ words: said_ ?? '', state: exception === '' ? 'empty' : 'filled' } as const)
        : wordsOf(part, facts, said);
      // The normal sentence is gone and nothing is in its place yet: that must not be signed.
      const asked = own && exception === '' ? { ...field, required: true } : field;
      filled.push({ from: text.length, to: text.length + put.words.length, field: asked, state: put.state });
      text += put.words;
    }
  }
  return { text, fields: filled };
}

/** The sections of a template for one patient and exam; those without words or blanks are left out. */
export function fillTemplate(
  template: ReportTemplate,
  facts: TemplateFacts,
  said: FillWords = nothingSaid,
): readonly FilledSection[] {
  return template.sections.flatMap(({ code, statements }) => {
    const filled = fillStatements(statements, template.fields, facts, said);
    return filled.text === '' && filled.fields.length === 0 ? [] : [{ code, ...filled }];
  });
}
