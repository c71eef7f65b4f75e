import { bodyRegions } from '../domain/order/index.ts';
import {
  factNames,
  macroFaults,
  type ReportMacro,
  type ReportTemplate,
  type TemplatePart,
  templateFaults,
} from '../domain/template/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { z } from './jitless-zod.ts';
import { reportFieldSchema, sectionCodeSchema } from './report-schemas.ts';
import { list } from './trade-schemas.ts';

/** Stand first in every file, so that a file of something else is told apart at once. */
export const templateFileSchema = 'overread-report-templates-1';
export const macroFileSchema = 'overread-report-macros-1';
/** Characters of a file at most; the largest template that a society published has some 60,000. */
export const longestTemplateFile = 400_000;
export const mostTemplates = 300;
export const mostMacros = 500;

/**
 * Text that shows what it holds: control characters other than line feed and tab, and marks that reorder what is read on screen, are
 * refused; a template's words end in a report.
 */
const shownText = (most: number) =>
  z
    .string()
    .max(most)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is the purpose
    .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*$/, {
      error: 'holds characters that cannot be seen',
    });
const words = shownText(200);
const itemId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, { error: 'small letters, digits, hyphens and dots, 80 at most' });

const partSchema = z.union([
  shownText(5_000).min(1),
  z.object({
    field: z.string().max(64),
    words: shownText(5_000).optional(),
    normal: shownText(5_000).optional(),
    fill: z.enum(factNames).optional(),
  }),
]) satisfies z.ZodType<TemplatePart>;

const age = z.number().int().min(0).max(150);
const conditionSchema = z.object({
  sex: list(z.enum(['M', 'F', 'O']), 3).optional(),
  minimumAge: age.optional(),
  maximumAge: age.optional(),
  modality: list(z.string().max(16), 20).optional(),
});

const statementSchema = z.object({
  element: words.min(1).optional(),
  also: list(words.min(1), 30).optional(),
  when: conditionSchema.optional(),
  joined: z.boolean().optional(),
  parts: list(partSchema, 200).refine((parts) => parts.length > 0, { error: 'has no words and no field' }),
});

const nobody = {
  procedureCodes: [],
  procedureWords: [],
  reasonWords: [],
  notProcedureWords: [],
  modalities: [],
  bodyParts: [],
  views: null,
  sex: null,
  minimumAge: null,
  maximumAge: null,
};
const wordList = list(words.min(1), 100).default([]);
const appliesToSchema = z.object({
  procedureCodes: list(z.string().min(1).max(64), 100).default([]),
  procedureWords: wordList,
  reasonWords: wordList,
  notProcedureWords: wordList,
  modalities: list(z.string().min(1).max(16), 20).default([]),
  bodyParts: list(z.enum(bodyRegions), 30).default([]),
  views: z.number().int().min(1).max(10).nullable().default(null),
  sex: z.enum(['M', 'F']).nullable().default(null),
  minimumAge: age.nullable().default(null),
  maximumAge: age.nullable().default(null),
});

const originWords = shownText(2_000).default('');
export const originSchema = z.object({
  identifier: originWords,
  publisher: originWords,
  creator: originWords,
  date: originWords,
  rights: originWords,
  license: originWords,
  terms: list(z.object({ type: words, scheme: words, code: words, meaning: words }), 100).default([]),
});

const version = z.number().int().min(0).max(1_000_000);
const fields = list(reportFieldSchema, 500).default([]);

/** A template as a file and the record have it. What it does not know of is left out, so that a later version's file still opens. */
export const reportTemplateSchema = z.object({
  id: itemId,
  version: version.default(1),
  title: words.min(1),
  description: shownText(2_000).default(''),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: 'must be a language tag such as "en"' })
    .default('en'),
  appliesTo: appliesToSchema.default(nobody),
  fields,
  sections: list(z.object({ code: sectionCodeSchema, statements: list(statementSchema, 500) }), 5),
  requiredElements: z.object({ complete: wordList, limited: wordList }).default({ complete: [], limited: [] }),
  origin: originSchema.nullable().default(null),
}) satisfies z.ZodType<ReportTemplate>;

export const reportMacroSchema = z.object({
  id: itemId,
  version: version.default(1),
  name: words.min(1),
  also: wordList,
  section: sectionCodeSchema.nullable().default(null),
  when: conditionSchema.nullable().default(null),
  fields,
  statements: list(statementSchema, 100),
}) satisfies z.ZodType<ReportMacro>;

export type BadTemplateFile = { readonly code: 'bad-template-file'; readonly faults: readonly string[] };

/** Reads a file of templates; every fault is named with its place, so that one round of mending is enough. */
export function readTemplateFile(text: string): Result<readonly ReportTemplate[], BadTemplateFile> {
  const read = readFile(text, templateFileSchema, 'templates', list(reportTemplateSchema, mostTemplates));
  return read.ok ? withoutFaults(read.value, templateFaults, 'templates') : read;
}

export function readMacroFile(text: string): Result<readonly ReportMacro[], BadTemplateFile> {
  const read = readFile(text, macroFileSchema, 'macros', list(reportMacroSchema, mostMacros));
  return read.ok ? withoutFaults(read.value, macroFaults, 'macros') : read;
}

export function writeTemplateFile(templates: readonly ReportTemplate[]): string {
  return `${JSON.stringify({ schema: templateFileSchema, templates }, null, 2)}\n`;
}

function bad(...faults: readonly string[]): { readonly ok: false; readonly error: BadTemplateFile } {
  return err({ code: 'bad-template-file', faults });
}

function withoutFaults<One extends { readonly id: string }>(
  all: readonly One[],
  faultsOf: (one: One) => readonly string[],
  name: string,
): Result<readonly One[], BadTemplateFile> {
  const faults = all.flatMap(faultsOf);
  const ids = all.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) faults.push(`Two ${name} have the id “${twice}”.`);
  return faults.length === 0 ? ok(all) : bad(...faults.slice(0, 20));
}

function readFile<One>(
  text: string,
  schema: string,
  member: string,
  items: z.ZodType<readonly One[]>,
): Result<readonly One[], BadTemplateFile> {
  if (text.length > longestTemplateFile)
    return bad(`The file is longer than the ${longestTemplateFile / 1000} kB that ${member} may take.`);
  let value: unknown;
  try {
    value = JSON.parse(text, (key, found) => (key === '__proto__' || key === 'constructor' ? undefined : found));
  } catch {
    return bad('The file is not JSON: a comma, bracket or quotation mark may be missing.');
  }
  if (typeof value !== 'object' || value === null || !('schema' in value) || value.schema !== schema)
    return bad(`This is no file of ${member}: it does not begin with "schema": "${schema}".`);
  const parsed = items.safeParse((value as { readonly [key: string]: unknown })[member]);
  if (parsed.success) return ok(parsed.data);
  return bad(
    ...parsed.error.issues.slice(0, 20).map((issue) => `${member}, ${placeWords(issue.path)}: ${issue.message}.`),
  );
}

function placeWords(path: readonly PropertyKey[]): string {
  return path.map((key) => (typeof key === 'number' ? `number ${key + 1}` : String(key))).join(', ');
}
