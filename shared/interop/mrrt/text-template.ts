import { type ReportField, reportSections, type SectionCode } from '../../domain/report/index.ts';
import type { ReportTemplate, Statement, TemplatePart } from '../../domain/template/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { cleanWords } from './markup.ts';
import { type ReadTemplate, type TemplateRefusal, templateId } from './read-mrrt.ts';
import { sectionNamed } from './section-names.ts';

const findings = '59776-5' satisfies SectionCode;

function createTextReader() {
  const fields: ReportField[] = [];
  const sections = new Map<SectionCode, Statement[]>();

  /** "[right|left]" is a choice, "[10]" a blank with words in it, "[]" a blank. */
  function partsOf(line: string): readonly TemplatePart[] {
    const parts: TemplatePart[] = [];
    for (const [at, piece] of line.split(/\[([^[\]]*)\]/).entries()) {
      if (at % 2 === 0) {
        if (piece !== '') parts.push(piece);
        continue;
      }
      const before = (typeof parts.at(-1) === 'string' ? (parts.at(-1) as string) : '')
        .split(/[.;\n]/)
        .at(-1)
        ?.replace(/[:\s(]+$/, '')
        .trim()
        .split(' ')
        .slice(-4)
        .join(' ');
      const id = `field-${fields.length + 1}`;
      const name = (before ?? '') === '' ? `Field ${fields.length + 1}` : (before ?? '').slice(0, 200);
      const choices = [
        ...new Set(
          piece
            .split('|')
            .map((one) => one.trim())
            .filter((one) => one !== ''),
        ),
      ];
      if (piece.includes('|') && choices.length > 0) {
        fields.push({ id, name, kind: 'choice', required: true, choices });
        parts.push({ field: id });
      } else {
        fields.push({ id, name, kind: 'text', required: choices.length === 0 });
        parts.push({ field: id, ...(choices[0] === undefined ? {} : { words: choices[0] }) });
      }
    }
    return parts;
  }

  return {
    fields,
    add(code: SectionCode, text: string, element?: string): void {
      for (const line of text.split('\n')) {
        const words = cleanWords(line).trim();
        if (words === '' || fields.length > 400) continue;
        const named = element === undefined ? [] : [`${element.charAt(0).toUpperCase()}${element.slice(1)}: `];
        const statements = sections.get(code) ?? [];
        statements.push({ ...(element === undefined ? {} : { element }), parts: [...named, ...partsOf(words)] });
        sections.set(code, statements);
      }
    },
    sections: () =>
      reportSections.flatMap(({ code }) => {
        const statements = sections.get(code) ?? [];
        return statements.length === 0 ? [] : [{ code, statements: statements.slice(0, 500) }];
      }),
  };
}

function templateOf(
  name: string,
  title: string,
  codes: readonly string[],
  reader: ReturnType<typeof createTextReader>,
): Result<ReadTemplate, TemplateRefusal> {
  const sections = reader.sections();
  if (sections.length === 0) return err({ code: 'not-a-template', reason: 'The file has no words for a report.' });
  const template: ReportTemplate = {
    id: templateId('text', name),
    version: 1,
    title: cleanWords(title).trim().slice(0, 200) || 'Template',
    description: '',
    language: 'en',
    appliesTo: {
      procedureCodes: codes.slice(0, 100),
      procedureWords: [],
      reasonWords: [],
      notProcedureWords: [],
      modalities: [],
      bodyParts: [],
      views: null,
      sex: null,
      minimumAge: null,
      maximumAge: null,
    },
    fields: reader.fields,
    sections,
    requiredElements: { complete: [], limited: [] },
    origin: null,
  };
  return ok({ template, remarks: [] });
}

/** Longer lines or files are nobody's report template. */
function tooLong(text: string): TemplateRefusal | null {
  const long = text.length > 100_000 || text.split('\n').some((line) => line.length > 5_000);
  return long ? { code: 'too-long', reason: 'The file, or a line of it, is longer than a template may be.' } : null;
}

/** A template as plain text: lines of Findings, until a line that names another section ("Conclusion:"). */
export function readTextTemplate(text: string, name: string): Result<ReadTemplate, TemplateRefusal> {
  const long = tooLong(text);
  if (long !== null) return err(long);
  if (/<\s*(html|script|body)\b/i.test(text))
    return err({ code: 'not-a-template', reason: 'This is HTML and no plain text.' });
  const reader = createTextReader();
  let code: SectionCode = findings;
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const heading = /^\s*([\p{L} ]{3,40}):\s*(.*)$/u.exec(line);
    const named = heading === null ? null : sectionNamed(heading[1] ?? '');
    if (named === null) reader.add(code, line);
    else {
      code = named;
      reader.add(code, heading?.[2] ?? '');
    }
  }
  return templateOf(name, name.replace(/\.[a-z]+$/i, '').replace(/[_-]+/g, ' '), [], reader);
}

type YamlEntry = { readonly indent: number; readonly key: string; readonly item: boolean; value: string };

/**
 * The small part of YAML in which report templates are shared: keys of one line or folded below them (`>-`), lists of words and lists of
 * `section` and `content`. Anything else in the file refuses it.
 */
function readYaml(text: string): Result<readonly YamlEntry[], string> {
  const entries: YamlEntry[] = [];
  let folding: YamlEntry | null = null;
  let blank = false;
  for (const [at, raw] of text.split(/\r\n|[\r\n]/).entries()) {
    const line = raw.trimEnd();
    const indent = line.length - line.trimStart().length;
    if (folding !== null && (line === '' || indent > folding.indent)) {
      // An empty line ends a line of the report; other ends of lines are spaces.
      if (line === '') blank = true;
      else {
        folding.value += folding.value === '' ? line.trim() : `${blank ? '\n' : ' '}${line.trim()}`;
        blank = false;
      }
      continue;
    }
    folding = null;
    blank = false;
    if (line === '' || /^(?:#|%|---|\.\.\.)/.test(line)) continue;
    const found = /^\s*(- )?(?:([a-z_]+):(?:\s+|$))?(.*)$/.exec(line);
    const [, dash, key, rest] = found ?? [];
    if (key === undefined && dash === undefined) return err(`Line ${at + 1} is not of the form that templates have.`);
    const entry: YamlEntry = {
      indent: dash === undefined ? indent : indent + 1,
      key: key ?? '',
      item: dash !== undefined,
      value: '',
    };
    entries.push(entry);
    const value = (rest ?? '').trim();
    if (/^[>|][-+]?$/.test(value)) folding = entry;
    else entry.value = unquoted(value);
  }
  return ok(entries);
}

function unquoted(value: string): string {
  const quoted = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(value) ?? /^"([^"\\]*)"\s*(?:#.*)?$/.exec(value);
  return quoted === null ? value.replace(/\s+#.*$/, '') : (quoted[1] ?? '').replaceAll("''", "'");
}

/** A template in the YAML form with `exam_code`, `technique`, `report` (words, or a list of section and content) and `summary`. */
export function readYamlTemplate(text: string, name: string): Result<ReadTemplate, TemplateRefusal> {
  const long = tooLong(text);
  if (long !== null) return err(long);
  const read = readYaml(text);
  if (!read.ok) return err({ code: 'not-a-template', reason: read.error });
  const reader = createTextReader();
  const codes: string[] = [];
  let title = name.replace(/\.[a-z]+$/i, '').replace(/[_-]+/g, ' ');
  let top = '';
  let part = '';
  for (const { indent, key, item, value } of read.value) {
    if (indent === 0 && !item) {
      top = key;
      part = '';
    }
    if (top === 'exam_code' && value !== '') codes.push(value);
    if (top === 'vr_shortcut_suffix' && value !== '') title = value;
    if (top === 'technique') reader.add('55111-9', value);
    if (top === 'summary') reader.add('19005-8', value);
    if (top !== 'report') continue;
    if (key === 'section') part = value;
    else if (part !== '') reader.add(findings, value.replaceAll('\n', ' '), part);
    else reader.add(findings, value);
  }
  return templateOf(name, title.charAt(0).toUpperCase() + title.slice(1), codes, reader);
}
