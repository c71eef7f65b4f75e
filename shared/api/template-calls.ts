import { z } from './jitless-zod.ts';
import {
  longestTemplateFile,
  mostMacros,
  mostTemplates,
  reportMacroSchema,
  reportTemplateSchema,
} from './template-schemas.ts';
import { id, list, text } from './trade-schemas.ts';
import { writtenSchema } from './written-schemas.ts';

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
  /** Who turned off what is `disabled`, and when; what was turned off before anybody wrote it down is not among them. */
  off: list(z.object({ id: z.string().max(80), by: text, at: z.number() }), 1_000),
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

const itemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('template'), template: reportTemplateSchema }),
  z.object({ kind: z.literal('macro'), macro: reportMacroSchema }),
]);
/** Versions of one item that are shown at most, the newest first. */
export const mostVersions = 100;

const versionSchema = z.object({
  version: z.number().int().nonnegative(),
  /** Who saved it and when; null for one from before anybody wrote it down. */
  saved: z.object({ by: text, at: z.number() }).nullable(),
  /** Null where the record did not keep its words: it is older than the keeping of versions. */
  item: itemSchema.nullable(),
});
export type TemplateVersionView = z.output<typeof versionSchema>;

/** Names what a reader writes at: "own template ct-mine", "new 1f0c…". */
const workKey = z.string().regex(/^[A-Za-z0-9 .:-]{1,200}$/);
const workSchema = z.object({
  key: workKey,
  revision: z.number().int().nonnegative(),
  /** Milliseconds since 1970. */
  at: z.number(),
  written: writtenSchema,
});
export type TemplateWorkView = z.output<typeof workSchema>;
/** Unfinished templates and macros of one reader. */
export const mostTemplateWorks = 50;

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
  /**
   * One template or macro as the next version. `replaces` is the version that was opened, null for a new one: another that stands there
   * now is never overwritten (`not-a-legal-move`). The same words once more are no new version.
   */
  saveReportTemplate: {
    method: 'POST',
    path: '/api/report-templates/one',
    input: z.object({ owner: ownerInput, replaces: z.number().int().nonnegative().nullable(), item: itemSchema }),
    output: setsSchema.extend({ version: z.number().int().nonnegative() }),
    allow: 'keep-own-templates',
    room: 'group',
  },
  /** All versions of one template or macro, the newest first; those of others than oneself, sites and group are nobody else's to see. */
  reportTemplateVersions: {
    method: 'GET',
    path: '/api/report-templates/versions',
    input: z.object({
      owner: z.enum(['own', 'site', 'group']),
      site: id.optional(),
      kind: z.enum(['template', 'macro']),
      id: z.string().max(80),
    }),
    output: z.object({ versions: list(versionSchema, mostVersions) }),
    allow: 'see-templates',
    room: 'group',
  },
  /** What a reader has begun to write and not saved, hers alone; kept where her drafts of reports are, whichever host of a group answers. */
  templateWorks: {
    method: 'GET',
    path: '/api/report-templates/works',
    output: z.object({ works: list(workSchema, mostTemplateWorks) }),
    allow: 'keep-own-templates',
    room: 'desk',
  },
  /** Kept on disk before it answers, as drafts are. A revision that is not above the last one is `stale-draft`; null ends the work. */
  keepTemplateWork: {
    method: 'PUT',
    path: '/api/report-templates/works',
    input: z.object({ key: workKey, revision: z.number().int().positive(), written: writtenSchema.nullable() }),
    output: z.object({ revision: z.number().int(), at: z.number() }),
    allow: 'keep-own-templates',
    room: 'desk',
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
