import { z } from './jitless-zod.ts';
import {
  longestTemplateFile,
  mostMacros,
  mostTemplates,
  reportMacroSchema,
  reportTemplateSchema,
} from './template-schemas.ts';
import { id, list, text } from './trade-schemas.ts';

/** Words of one owner that the spelling check takes as right. */
export const mostOwnWords = 5_000;

/** Whose shelf is meant: one's own, that of a site, that of the group. */
const ownerInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('site'), id }),
  z.object({ kind: z.literal('group') }),
]);

export const templateShelfSchema = z.object({
  templates: list(reportTemplateSchema, mostTemplates),
  macros: list(reportMacroSchema, mostMacros),
  disabled: list(z.string().max(80), 1_000),
  words: list(
    z.string().regex(/^\p{L}[\p{L}\p{M}'-]{1,59}$/u, { error: 'letters alone, 60 at most' }),
    mostOwnWords,
  ).optional(),
});

const setSchema = z.object({
  owner: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('user'), id: text }),
    z.object({ kind: z.literal('site'), id }),
    z.object({ kind: z.literal('group') }),
  ]),
  /** "Your own", "Cedar Hollow Imaging", "The group". */
  name: text,
  shelf: templateShelfSchema,
  /** What a change must name, so that nobody's change is lost; null before the first. */
  version: z.string().max(200).nullable(),
  changed: z.object({ by: text, at: z.number() }).nullable(),
  mayChange: z.boolean(),
});
export type TemplateSetView = z.output<typeof setSchema>;
const setsSchema = z.object({ sets: list(setSchema, 1_000) });

const importedSchema = z.object({
  form: z.enum(['mrrt', 'overread', 'text', 'yaml']),
  templates: list(reportTemplateSchema, mostTemplates),
  /** What of the file the templates do not hold. */
  remarks: list(text, 50),
});
export type ImportedTemplatesView = z.output<typeof importedSchema>;

/** Report templates and macros. A reader keeps her own; a lead those of sites and of the group as well. */
export const templateCalls = {
  reportTemplates: {
    method: 'GET',
    path: '/api/report-templates',
    output: setsSchema,
    allow: 'see-templates',
    room: 'group',
  },
  /** The whole shelf of one owner in place of the one that `version` names; answers all as they are now, with their versions counted. */
  keepReportTemplates: {
    method: 'PUT',
    path: '/api/report-templates',
    input: z.object({ owner: ownerInput, version: z.string().max(200).nullable(), shelf: templateShelfSchema }),
    output: setsSchema,
    allow: 'keep-own-templates',
    room: 'group',
  },
  /** Reads a file (MRRT, RadReport, our own, text) and keeps nothing; a file that is refused answers with the reason. */
  importReportTemplate: {
    method: 'POST',
    path: '/api/report-templates/import',
    input: z.object({ name: z.string().max(300), text: z.string().max(2 * longestTemplateFile) }),
    output: importedSchema,
    allow: 'keep-own-templates',
    room: 'group',
  },
} as const;
