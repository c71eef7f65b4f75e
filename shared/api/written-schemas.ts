import { fieldKinds, reportSections, type SectionCode } from '../domain/report/index.ts';
import { factNames, type Written } from '../domain/template/index.ts';
import { z } from './jitless-zod.ts';
import { originSchema } from './template-schemas.ts';
import { list } from './trade-schemas.ts';

/** What is typed is kept as it is, right or wrong; only its size has an end. */
const typed = z.string().max(6_000);
const longList = z.string().max(40_000);
const conditionSchema = z.object({
  sex: list(z.enum(['M', 'F', 'O']), 3),
  minimumAge: typed,
  maximumAge: typed,
  modality: typed,
});
const fieldSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  name: typed,
  kind: z.enum(fieldKinds),
  required: z.boolean(),
  choices: longList,
  many: z.boolean(),
  unit: typed,
  minimum: typed,
  maximum: typed,
  words: typed,
  normal: typed,
  fill: z.enum([...factNames, '']),
});
const lineSchema = z.object({
  key: z.string().max(40),
  text: z.string().max(20_000),
  element: typed,
  also: longList,
  joined: z.boolean(),
  when: conditionSchema,
});
const lines = list(lineSchema, 500);
const sectionCodes = reportSections.map(({ code }) => code);

/** A template or macro as it is while it is written. */
export const writtenSchema = z.object({
  kind: z.enum(['template', 'macro']),
  id: z.string().max(80),
  replaces: z.number().int().nonnegative().nullable(),
  title: typed,
  description: typed,
  language: z.string().max(40),
  matching: z.object({
    procedureCodes: longList,
    procedureWords: longList,
    reasonWords: longList,
    notProcedureWords: longList,
    modalities: typed,
    bodyParts: typed,
    views: typed,
    sex: z.enum(['', 'M', 'F']),
    minimumAge: typed,
    maximumAge: typed,
  }),
  fields: list(fieldSchema, 500),
  sections: z.object(
    Object.fromEntries(sectionCodes.map((code) => [code, lines])) as Record<SectionCode, typeof lines>,
  ),
  complete: list(typed, 200),
  limited: list(typed, 200),
  origin: originSchema.nullable(),
  also: longList,
  section: z.enum([...sectionCodes, '']),
  when: conditionSchema,
  nextLine: z.number().int().positive(),
}) satisfies z.ZodType<Written>;
